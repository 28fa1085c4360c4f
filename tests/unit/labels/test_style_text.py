"""Strings that a style sheet draws: which rules are read, and how many."""

from selectolax.lexbor import LexborHTMLParser

from gateway.labels.style_text import MOST_ELEMENTS, MOST_SELECTORS, style_texts
from gateway.labels.work import Work


def drawn(css: str, body: str = "<p class=a id=i>") -> list[tuple[str | None, str, bool]]:
    tree = LexborHTMLParser(f"<style>{css}</style>{body}")
    return [(each.element.tag, each.text, each.is_before) for each in style_texts(tree, Work())]


def test_a_rule_tells_where_it_draws() -> None:
    assert drawn(".a::after{content:'18+'}") == [("p", "18+", False)]
    assert drawn('p#i.a:before{color:red;content:"16+"}') == [("p", "16+", True)]
    assert drawn("x{}\n.a::after{x:y}.a::after{content:'1+'}") == [("p", "1+", False)]


def test_steps_of_a_selector_are_followed() -> None:
    body = "<div class=x><section><p class=a></p></section></div><p class=a></p>"
    assert len(drawn(".x .a::after{content:'18+'}", body)) == 1
    assert len(drawn(".x section > .a::after{content:'18+'}", body)) == 1
    assert len(drawn(".x > .a::after{content:'18+'}", body)) == 0
    assert len(drawn("div.x>section>p.a::after{content:'18+'}", body)) == 1


def test_what_is_not_plain_is_left() -> None:
    for css in (
        "::after{content:'18+'}",
        "*::after{content:'18+'}",
        ".a:not(.b)::after{content:'18+'}",
        ".a+.a::after{content:'18+'}",
        "[class]::after{content:'18+'}",
        ".a::after{content:attr(data-age)'+'}",
        ".a::after{content:'18\\2b'}",
        ".a::after content:'18+'",
        "content:'18+'",
        ".a::marker{content:'18+'}",
    ):
        assert drawn(css) == [], css


def test_no_more_rules_and_elements_are_read_than_a_page_needs() -> None:
    assert len(drawn(".a::after,.b::after{content:'18+'}" * MOST_SELECTORS)) == MOST_SELECTORS // 2
    assert len(drawn(".a::after{content:'18+'}", "<p class=a>" * (MOST_ELEMENTS + 5))) == MOST_ELEMENTS
    assert drawn("/*" * 50_000 + ".a::after{content:'18+'}") == []
    assert drawn(" " * 5_000 + ".a::after{" + "x:y;" * 1_000 + "content:'18+'}") == []
