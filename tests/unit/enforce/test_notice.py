"""Foreign text made fit to be shown."""

import pytest
from markupsafe import escape

from gateway.enforce.notice import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18+", "18+"),
        ("  18+\r\n\t x ", "18+ x"),
        ("а\u202eб", "а\ufffdб"),
        ("a\ud800b", "a\ufffdb"),
        ("a\u00a0b", "a b"),
        ("", ""),
        (" \n ", ""),
        ("ә" * 64, "ә" * 64),
        ("a" * 65, "a" * 63 + "…"),
    ],
)
def test_text_in_one_line(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("letter", ["&", '"', "<", "\U0001f600", "ә"])
def test_text_that_grows_in_html_is_cut_earlier(letter: str) -> None:
    cut = shown(letter * 1000, 200)
    assert cut.endswith("…")
    assert len(str(escape(cut)).encode()) <= 2 * 200 + len("…".encode())


def test_a_cut_text_is_never_longer_than_allowed() -> None:
    assert len(shown("x" * 1000, 200)) == 200
