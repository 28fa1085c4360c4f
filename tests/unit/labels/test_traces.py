"""The look at the raw bytes: whatever could hide a label from it makes the whole page be read."""

from html.entities import html5

import pytest

from gateway.labels.folding import fold
from gateway.labels.invisible import INVISIBLE
from gateway.labels.trace_words import TraceWords
from gateway.labels.traces import Traces

DASHES = ("6-", "6–", "6−", "6‑", "6‐", "6－", "6&ndash;", "6&NDASH;", "6&#8211;", "6&#x2013;", "6&#X2013;")


@pytest.mark.parametrize("word", ["children", "достигших", "балалар", "запрещен", "тыйым", "үшін", "жасқа", "Ёлка"])
def test_case_makes_no_difference(word: str) -> None:
    for spelling in (word, word.upper(), word.title(), word.lower()):
        if "і" not in word:
            assert Traces(f"<p>{spelling}</p>".encode()).has_word(word.lower())
    assert fold("RaTiNg") == b"rating"


def test_a_word_that_is_not_there_is_not_found() -> None:
    assert not Traces("<p>Погода сегодня</p>".encode()).has_word("достигших")


HIDING = ["&#43;", "&#x2b;", "&#114;ating", "&#1047;", "&plus;", "&minus;", "&zcy;", "a\0b", "&#000000000049;8+"]
HIDING += ["&Zcy;", "&KHcy;", "&IOcy;", "&SHCHcy;", "&softcy;", "&zcyx", "&#X2B;", "&plus"]


@pytest.mark.parametrize("text", [*HIDING, "&#x" + "0" * 5_000 + "2B;", "&#" + "0" * 5_000 + "49;"])
def test_what_hides_a_letter_or_a_sign_is_noticed(text: str) -> None:
    assert Traces(text.encode()).hidden


@pytest.mark.parametrize(
    "text",
    [
        "&shy;",
        "&NoBreak;",
        "&ZeroWidthSpace;",
        "&NegativeMediumSpace;",
        "&lrm;",
        "&rlm;",
        "&#173;",
        "&#xAD;",
        "&zwnj;",
        "&zwj;",
        "&#8203;",
    ],
)
def test_what_may_part_a_word_is_noticed(text: str) -> None:
    assert Traces(text.encode()).parts_words
    assert not Traces(text.encode()).hidden


def test_each_reference_to_a_character_that_nobody_sees_is_noticed() -> None:
    names = [name for name, text in html5.items() if any(each in text for each in INVISIBLE)]
    assert len(names) > 10
    for name in names:
        assert Traces(f"a&{name}b".encode()).parts_words, name


@pytest.mark.parametrize(
    "text",
    ["", "a &amp; b", "&#39;", "&#8217;", "&nbsp;", "&#160;", "&mdash;", "&ndash;", "&#8211;", "&currency", "AT&T"],
)
def test_what_hides_nothing_is_passed_over(text: str) -> None:
    assert not Traces(text.encode()).hidden
    assert not Traces(text.encode()).parts_words


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [
        *(
            (f"{start}{dash}{end}", True)
            for start in ("", "<b>", "1")
            for dash in DASHES
            for end in ("", " ", "<", "я")
        ),
        *((f"6{dash}{end}", False) for dash in ("-", "–", "x") for end in ("7", "a", "A", "_", "-")),
    ],
)
def test_a_bare_six_is_noticed(text: str, is_bare: bool) -> None:
    assert Traces(text.encode()).bare_six is is_bare


def test_words_that_are_looked_for_at_once_are_told_as_others_are() -> None:
    text, words = "<p>ДоСтИгШиХ 18+ ⁺".encode(), ("достигших", "запрещен", "старше")
    for traces in (Traces(text), Traces(text, TraceWords(texts=words)), Traces(text, TraceWords(texts=words[:1]))):
        assert traces.words_of(words) == ("достигших",)
        assert traces.words_of(words[1:]) == ()
        assert traces.shows("x⁺")
        assert not traces.shows("x＋")
        assert traces.has(b"no such", b"18+")
        assert not traces.has(b"no such", b"itemprop")


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
