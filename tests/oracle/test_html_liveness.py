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
from gateway.labels.data import LabelData
from gateway.labels.page import Page
from gateway.labels.scales import Scales
from gateway.labels.signs import Signs

type Metas = list[tuple[str | None, str | None]]  # what each is named (name or property), and its content

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_NO_DATA = LabelData(Scales(()), Signs(()))


def ours(html: str) -> Metas:
    headers = Headers([("content-type", "text/html; charset=utf-8")])
    read = read_document(url="https://site.test/page", status=200, headers=headers, body=html.encode())
    assert isinstance(read, Document)
    nodes = Page(read, _NO_DATA).whole_tree.css("meta")
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
