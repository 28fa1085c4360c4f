"""Characters that nobody sees: gone inside of a word or a mark, kept where they part two."""

import pytest

from gateway.labels.invisible import has_invisible, parts_words, without_invisible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("дос\xadтигших", "достигших"),
        ("1\u200b8\u2060+", "18+"),
        ("18\ufeff＋", "18＋"),
        ("18+\u200bВсе права", "18+\u200bВсе права"),
        ("♦\ufe0f16+♦\ufe0f", "♦\ufe0f16+♦\ufe0f"),
        ("plain", "plain"),
        ("жай сөз", "жай сөз"),
    ],
)
def test_a_text_is_read_as_a_person_reads_it(text: str, seen: str) -> None:
    assert without_invisible(text) == seen
    assert parts_words(text) == (text != seen)


def test_plain_text_has_none() -> None:
    assert not has_invisible("18+ жас")
    assert has_invisible("18\xad+")
