"""The look at the raw bytes: whatever could hide a label from it makes the whole page be read."""

import pytest

from gateway.labels.traces import Traces, fold


@pytest.mark.parametrize("word", ["children", "достигших", "балалар", "запрещен", "тыйым", "үшін", "жасқа", "Ёлка"])
def test_case_makes_no_difference(word: str) -> None:
    for spelling in (word, word.upper(), word.title(), word.lower()):
        if "і" not in word:
            assert Traces(f"<p>{spelling}</p>".encode()).has_word(word.lower())
    assert fold("RaTiNg") == b"rating"


def test_a_word_that_is_not_there_is_not_found() -> None:
    assert not Traces("<p>Погода сегодня</p>".encode()).has_word("достигших")


HIDING = ["&#43;", "&#x2b;", "&#114;ating", "&#1047;", "&plus;", "&minus;", "&zcy;", "a\0b", "&#000000000049;8+"]


@pytest.mark.parametrize("text", [*HIDING, "&#x" + "0" * 5_000 + "2B;", "&#" + "0" * 5_000 + "49;"])
def test_what_hides_a_letter_or_a_sign_is_noticed(text: str) -> None:
    assert Traces(text.encode()).hidden


@pytest.mark.parametrize("text", ["&shy;", "&#173;", "&#xAD;", "&zwnj;", "&zwj;", "&#8203;"])
def test_what_may_part_a_word_is_noticed(text: str) -> None:
    assert Traces(text.encode()).parts_words
    assert not Traces(text.encode()).hidden


@pytest.mark.parametrize(
    "text",
    ["", "a &amp; b", "&#39;", "&#8217;", "&nbsp;", "&#160;", "&mdash;", "&ndash;", "&#8211;", "&currency", "AT&T"],
)
def test_what_hides_nothing_is_passed_over(text: str) -> None:
    assert not Traces(text.encode()).hidden
    assert not Traces(text.encode()).parts_words


def test_meta_elements_are_told_apart() -> None:
    found = Traces(b"<meta a=\"x>y\" b='z'><p><META c=d/><metadata><meta>").metas
    assert found is not None
    assert [text for _, text in found] == [b"<meta a=\"x>y\" b='z'>", b"<meta c=d/>", b"<meta>"]


@pytest.mark.parametrize("html", [b"<meta it's a=b>", b'<meta a=b"c d="x>y">', b'<meta a="<meta b=c">', b"<meta a"])
def test_meta_elements_with_odd_quotes_are_left_to_the_tree(html: bytes) -> None:
    assert Traces(html).metas is None


def test_a_name_in_json_escapes_is_noticed() -> None:
    assert Traces(b'{"content\\u0052ating": "18+"}').schema_org > 0
    assert Traces(b'{"name": "\\u0026 \\u00e9"}').schema_org == -1
