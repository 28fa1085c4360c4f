"""A response as readers see it: headers, raw bytes, and the tree of elements, parsed once and only if somebody asks."""

import re
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from gateway.document.document import Document, Headers, Unreadable
from gateway.document.parse_cost import cost_of_parsing
from gateway.document.parse_limits import LONG_TAG, Used
from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.invisible import INVISIBLE, parts_words
from gateway.labels.label import Scope
from gateway.labels.listing import PartFinder
from gateway.labels.selector import Selectors
from gateway.labels.traces import Traces
from gateway.labels.visible_text import VisibleText, visible_text
from gateway.labels.work import Work, work_of

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_END_MARK: Final = b"qorgan-end"
_LONGEST_NAME: Final = LONG_TAG  # characters of an element's name, above which it matters how many elements there are
_MOST_OF_NAMES: Final = 2_000_000  # characters, if each element asks for the name of the one that it stands in
_LONG_NAME: Final = re.compile(rb"<[a-zA-Z][^\t\n\f\r />]{%d}" % (_LONGEST_NAME // 2))
_SHALLOW: Final = 64  # elements in each other
_FEW_LOOKS: Final = 4_000  # that are charged whatever they are for
_DEEP: Final = " > ".join("*" * _SHALLOW)


class TooCostly(Exception):  # noqa: N818 - names what was found
    """A page that no parser reads in bounded time and memory; the message is a sentence."""


class Page:
    """What readers read. Without a document (an unreadable response) only `url` and `headers` are there."""

    def __init__(self, response: Document | Unreadable, data: LabelData, host: HostRecord | None = None) -> None:
        self.url: Url | None = response.url
        self.headers: Headers = response.headers
        self.document: Document | None = response if isinstance(response, Document) else None
        self.data = data
        self.host = host
        self._reach = 0
        self._is_whole = False
        self._tree: LexborHTMLParser | None = None
        self._too_costly = ""

    @cached_property
    def is_html(self) -> bool:
        return self.document is not None and self.document.text is not None and self.document.media_type in _HTML

    @cached_property
    def source(self) -> bytes:
        """The page's text in UTF-8, whatever it came in; empty when it is not HTML."""
        document = self.document
        if document is None or document.text is None or not self.is_html:
            return b""
        if document.charset == "utf-8" and len(document.body) >= len(document.text) and "\ufffd" not in document.text:
            return document.body.removeprefix(b"\xef\xbb\xbf")  # nothing was replaced: these are the bytes of the text
        return document.text.encode("utf-8", "replace")

    @property
    def text(self) -> str:
        """The document's text; empty when it has none."""
        return (self.document.text if self.document is not None else None) or ""

    @cached_property
    def has_invisible(self) -> bool:
        """Whether characters that nobody sees may stand in the text, as they are or by a reference."""
        return self.traces.parts_words or self.traces.shows(INVISIBLE)

    @cached_property
    def is_spelt(self) -> bool:
        """Whether marks and words may be spelt, or parted by characters that nobody sees: the bytes hide them."""
        traces, adults_only = self.traces, self.data.signs.places.adults_only
        if traces.hidden or traces.parts_words or traces.spells(adults_only):
            return True
        return self.has_invisible and parts_words(self.text)

    @cached_property
    def work(self) -> Work:
        """What the page may cost, the parser and all readers together."""
        return work_of(self.source)

    @cached_property
    def selectors(self) -> Selectors:
        return Selectors(self.work)

    @cached_property
    def traces(self) -> Traces:
        return Traces(self.source, self.data.trace_words)

    @property
    def whole(self) -> Scope:
        """What a label of the whole response speaks for: on the front page it is the site's."""
        return Scope.SITE if self.url is not None and self.url.path == "/" else Scope.PAGE

    @property
    def country(self) -> str | None:
        """The two-letter country of the host's domain ending, as far as a scale knows it."""
        return self.data.scales.country_of(self.url.host) if self.url else None

    def reach(self, end: int) -> None:
        """Say that the tree must show every element that begins before byte `end` of `source`."""
        self._reach = max(self._reach, end)

    @property
    def tree(self) -> LexborHTMLParser:
        """The tree, as far as `reach` was asked for; elements before that point are as in the tree of the whole page.

        A browser builds the tree as bytes come in, so the first bytes make the same elements whatever follows them.
        """
        self.work.charge(0)  # what is used up stays so for the readers that come after
        if self._tree is None:
            start = self._parse_start()
            self._is_whole = start is None
            self._tree = start or self._parse(self.source)
        return self._tree

    @cached_property
    def whole_tree(self) -> LexborHTMLParser:
        """The tree of the whole page, for readers that must look for something beyond their reach."""
        tree = self.tree
        return tree if self._is_whole else self._parse(self.source)

    def _parse_start(self) -> LexborHTMLParser | None:
        """The tree of the first `reach` bytes; None when they end inside a tag, a comment or a script."""
        if self._reach >= len(self.source) * 3 // 4:
            return None
        mark = _END_MARK
        while self.traces.has(mark):
            mark += b"-"
        tree = self._parse(self.source[: self._reach] + b"<" + mark + b">")
        return tree if tree.css_first(mark.decode()) is not None else None

    @cached_property
    def language(self) -> str | None:
        """The two-letter language of the html element, lower case; None when it names none."""
        root = self.whole_tree.root
        value = (root.attributes.get("lang") or root.attributes.get("xml:lang")) if root is not None else None
        return value.strip().casefold().replace("_", "-").partition("-")[0] or None if value else None

    @cached_property
    def elements(self) -> list[LexborNode]:
        """The meta elements, JSON-LD scripts and microdata properties, in the page's order."""
        # The three parts exclude each other: an element that fits two parts of a list is found twice.
        return self.tree.css('meta, script[type*="ld+json" i], [itemprop]:not(meta)')

    @cached_property
    def depth(self) -> int:
        """How many elements of `tree` stand in each other at most."""
        self.work.charge(self.work.tags)
        depths: dict[int, int] = {}
        for node in self.tree.css("*"):  # in the page's order: what an element stands in comes before it
            above = node.parent
            depths[node.mem_id] = 1 + (depths.get(above.mem_id, 0) if above is not None else 0)
        return max(depths.values(), default=0)

    @cached_property
    def visible_text(self) -> VisibleText:
        """The text of `tree` that a person sees."""
        return visible_text(self.tree, self.work, has_invisible=self.has_invisible)

    @cached_property
    def parts(self) -> PartFinder:
        """Finds the items of the listings in `tree`."""
        return PartFinder(self.tree, self.work)

    def _parse(self, source: bytes) -> LexborHTMLParser:
        """The tree of the page or of its first bytes. Raises TooCostly, and then at every later call too."""
        if self._too_costly:
            raise TooCostly(self._too_costly)
        try:
            tree, cost = _parse(source)
        except TooCostly as refused:
            self._too_costly = str(refused)
            raise
        self.work.tags = max(self.work.tags, cost.tags)
        self.work.charge_at_most(cost.looks, lambda: _looks_of(cost, source, tree))
        return tree


def _parse(source: bytes) -> tuple[LexborHTMLParser, Used]:
    """The tree, and what it took at most. Raises TooCostly."""
    cost = cost_of_parsing(source, scripting=True)
    if cost is None:
        raise TooCostly("the page leaves too much open to be read")
    # With scripting, as in a browser: what stands in noscript is text, and no element in it is alive. Without events:
    # they copy what is chosen in a select, once for each of its options.
    tree = LexborHTMLParser(source, scripting=True, options=LexborDocumentOptions.WO_EVENTS)
    # To ask each element for its name would take longer than all else.
    if cost.has_gap and _LONG_NAME.search(source) is not None:
        elements = tree.css("*")
        limit = max(_LONGEST_NAME, _MOST_OF_NAMES // max(1, len(elements)))
        if any(len(node.tag or "") > limit for node in elements):
            raise TooCostly(f"the page has an element with a name of more than {limit} characters")
    return tree, cost


def _looks_of(cost: Used, source: bytes, tree: LexborHTMLParser) -> int:
    """How many looks the parsing took. What was told by counts alone is much less where no element stands deep."""
    if cost.looks <= _FEW_LOOKS:
        return cost.looks
    shallow = _SHALLOW * cost.tags
    # What stands in a template is no part of the tree.
    if cost.steps > shallow and b"<template" not in source.lower() and tree.css_first(_DEEP) is None:
        cost.steps = shallow
    return cost.looks
