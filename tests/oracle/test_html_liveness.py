"""Which meta elements of a page are alive: the product's tree against html5lib's, on pages made to mislead a parser.

html5lib 1.1 is another reading of the same standard (WHATWG HTML, 13.2 Parsing HTML documents), written in Python and
by other people. It is older than parts of the standard; PIECES has nothing of those parts, and DIFFERENCES names each
one with its reason and a page on which the two disagree in exactly that way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.labels.data import build_label_data
from gateway.labels.page import Page
from gateway.shipped import texts

type Metas = list[tuple[str | None, str]]  # what each is named (name or property), and its content

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_DATA = build_label_data({**texts("scales"), **texts("signs")})


def ours(html: str) -> Metas:
    headers = Headers([("content-type", "text/html; charset=utf-8")])
    read = read_document(url="https://site.test/page", status=200, headers=headers, body=html.encode())
    assert isinstance(read, Document)
    nodes = Page(read, _DATA).whole_tree.css("meta")
    found = [node.attributes for node in nodes]
    return [(_named(attributes), attributes.get("content") or "") for attributes in found]


def theirs(html: str) -> Metas:
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=True)
    root = parser.parse(html, scripting=True)  # with scripting, as ours: what stands in noscript is text
    return [(_named(element.attrib), element.attrib.get("content") or "") for element in _alive(root)]


def _alive(element: Element) -> Iterator[Element]:
    """The meta elements, but for those in a template: html5lib has no inert fragment and keeps them as children."""
    for child in element:
        if child.tag == f"{_NAMESPACE}meta":
            yield child
        if child.tag != f"{_NAMESPACE}template":
            yield from _alive(child)


def _named(attributes: dict[str, str | None]) -> str | None:
    return attributes.get("name", attributes.get("property"))


# One per line: what hides elements, moves them, or looks as if it did.
_LINES = """
<!-- -->
<!-- --!>
<!-->
<!--->
<!--
<!-- <!-- -->
-->
--!>
<![CDATA[
]]>
<!doctype html>
<!x>
<?php
?>
</>
</ >
<script>
</script>
<script><!--
<script><!--<script>
</script
--></script>
<style>
</style>
<title>
</title>
<textarea>
</textarea>
<noscript>
</noscript>
<noframes>
</noframes>
<iframe>
</iframe>
<noembed>
</noembed>
<xmp>
</xmp>
<plaintext>
<svg>
</svg>
<svg/>
<math/>
<svg><title>
<svg><desc>
<svg><foreignObject>
<svg><script>
<math>
</math>
<math><mi>
<math><annotation-xml>
<math><annotation-xml encoding="text/html">
<table>
</table>
<tbody>
<tr>
<td>
</td>
<caption>
<colgroup>
<form>
</form>
<b>
</b>
<a href=x>
</a>
<a <b>
<div title='
<div title="
<div title=`>
<div =x>
'>
">
<head>
</head>
<body>
</body>
<html>
</html>
<frameset>
<pre>
<ul><li>
<br/>
<button>
<h1>
</h2>
<nobr>
<object>
</object>
<marquee>
<ruby><rt>
<input type=hidden>
<base>
<image>
<font color=x>
<img alt="<meta name=dead>">
<template><meta name=dead><p>dead</p></template>
text
&lt;
"""
PIECES = _LINES.strip().splitlines()
METAS = [
    "<meta name={} content=x>",
    "<META NAME=\"{}\" CONTENT='x>y'>",
    "<meta name={} name=other content=1 content=2>",
    "<meta/name={}/content=x/>",
    '<meta name = "{}" content>',
    "<meta property='{}' content=&quot;&amp;>",
    '<meta\nname={}\tcontent="&lt">',
    "<meta it's name={} content=x>",
    '<meta name="{}"content="z">',
    "<meta name={} content='",
]


def _page(parts: list[str]) -> str:
    return "".join(part.format(f"m{place}") if part in METAS else f"{part} " for place, part in enumerate(parts))


PAGES = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(METAS)), min_size=2, max_size=16).map(_page)


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(PAGES)
@example("<script><!--<script></script><meta name=dead></script><meta name=m>")
@example("<!-- --!><meta name=m><!-- -- ><meta name=dead>")
@example("<table><tr><meta name=m><td><form><form><meta name=n></table>")
@example("<svg><![CDATA[<meta name=dead>]]><meta name=m></svg>")
@example("<svg><style><meta name=m></style></svg><style><meta name=dead></style>")
@example("<noscript><meta name=dead></noscript><meta name=m>")
def test_the_same_meta_elements_are_alive(html: str) -> None:
    assert ours(html) == theirs(html)


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_alone_leaves_the_same_elements_alive(piece: str) -> None:
    for meta in METAS:
        html = _page([meta, piece, meta, piece, meta])
        assert ours(html) == theirs(html), html


@dataclass(frozen=True, slots=True)
class Difference:
    reason: str
    html: str
    ours: Metas
    theirs: Metas


M: Metas = [("m", "x")]
DIFFERENCES = [
    Difference(
        "a select holds any element since the standard dropped its own insertion mode (customizable select, 2025)",
        "<select><meta name=m content=x></select>",
        ours=M,
        theirs=[],
    ),
    Difference(
        "</p> and </br> end foreign content since 2020, so what follows is HTML, and xmp there is text",
        "<svg></p><xmp><meta name=m content=x></xmp>",
        ours=[],
        theirs=M,
    ),
    Difference(
        "</br> is a br element, and after one a frameset no longer replaces the body",
        "</br><meta name=m content=x><frameset>",
        ours=M,
        theirs=[],
    ),
    Difference(
        "</template> closes whatever is open in the template; html5lib knows no template and stays in its table",
        "<template><table></template><meta name=m content=x>",
        ours=M,
        theirs=[],
    ),
    Difference(
        "an end tag of what was opened before a template does nothing inside it; html5lib closes both",
        "<b><template></b><meta name=m content=x>",
        ours=[],
        theirs=M,
    ),
]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.html)
def test_where_the_two_disagree_it_is_for_a_known_reason(difference: Difference) -> None:
    assert ours(difference.html) == difference.ours, difference.reason
    assert theirs(difference.html) == difference.theirs
