"""The first bytes of a page make the same elements whatever follows them."""

import pytest

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.labels.data import build_label_data
from gateway.labels.label import Scope
from gateway.labels.page import Page, TooCostly
from gateway.shipped import texts

DATA = build_label_data({**texts("scales"), **texts("signs")})


def page_of(body: str | bytes, url: str = "https://site.test/a", kind: str = "text/html; charset=utf-8") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(read_document(url=url, status=200, headers=Headers([("content-type", kind)]), body=raw), DATA)


def test_a_reach_inside_a_comment_brings_the_whole_tree() -> None:
    page = page_of("<!-- " + "x" * 50 + "--><meta name=rating content=adult>" + "<p>text" * 100)
    page.reach(20)
    assert page.tree.css_first("meta") is not None


@pytest.mark.parametrize("start", ["<script>var a='", "<textarea>", "<title>", "<p title='", "<style>", "<template>"])
def test_a_reach_inside_anything_that_swallows_markup_brings_the_whole_tree(start: str) -> None:
    page = page_of(start + "x" * 30 + "'></p></script></textarea></title></style></template><i>" + "<p>text" * 100)
    page.reach(len(start) + 5)
    assert len(page.tree.css("p")) >= 100


def test_a_page_that_writes_our_mark_does_not_deceive_us() -> None:
    page = page_of("<QORGAN-END><!-- " + "x" * 30 + "--><meta name=rating content=adult>" + "<p>text" * 100)
    page.reach(30)
    assert page.tree.css_first("meta") is not None


def test_the_whole_tree_is_there_for_who_asks() -> None:
    page = page_of("<meta name=rating content=adult>" + "<p>text" * 100)
    page.reach(32)
    assert len(page.tree.css("p")) == 0
    assert len(page.whole_tree.css("p")) == 100


def test_the_source_is_the_text_whatever_it_came_in() -> None:
    assert page_of("привет".encode("windows-1251"), kind="text/html; charset=windows-1251").source == "привет".encode()
    assert page_of(b"\xef\xbb\xbfabc").source == b"abc"
    assert page_of(b"a\xffb").source == "a\ufffdb".encode()


def test_a_document_whose_body_is_not_its_text_is_read_by_its_text() -> None:
    read = page_of("x").document
    assert isinstance(read, Document)
    other = Document(
        url=read.url, status=200, headers=read.headers, media_type="text/html", body=b"", text="<p>18+", charset="utf-8"
    )
    assert Page(other, DATA).source == b"<p>18+"


def test_noscript_is_text_as_in_a_browser_that_runs_scripts() -> None:
    assert page_of("<body><noscript><p>x</noscript>").whole_tree.css_first("p") is None


@pytest.mark.parametrize(("url", "scope"), [("https://site.test/", Scope.SITE), ("https://site.test/a", Scope.PAGE)])
def test_the_front_page_stands_for_the_site(url: str, scope: Scope) -> None:
    assert page_of("x", url).whole is scope


@pytest.mark.parametrize(
    ("url", "country"), [("https://a.kz/", "KZ"), ("https://a.co.uk/", "GB"), ("https://a.test/", None)]
)
def test_the_country_is_that_of_the_domain_ending(url: str, country: str | None) -> None:
    assert page_of("x", url).country == country


@pytest.mark.parametrize(
    ("html", "language"), [("<html lang=ru-KZ>", "ru"), ("<html lang=KK>", "kk"), ("<html>", None)]
)
def test_the_language_is_that_of_the_html_element(html: str, language: str | None) -> None:
    assert page_of(html).language == language


def test_a_page_too_costly_to_parse_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("<div>" * 40_000)
    page.reach(len(page.source))
    with pytest.raises(TooCostly):
        _ = page.tree
    monkeypatch.setattr("gateway.labels.page.cost_of_parsing", lambda *_, **__: pytest.fail("looked at again"))
    with pytest.raises(TooCostly):
        _ = page.whole_tree
