"""A response as readers see it: headers, raw bytes, and the tree of elements, parsed once and only if somebody asks."""

from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from gateway.document.document import Document, Headers, Unreadable
from gateway.document.parse_cost import is_affordable
from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.label import Scope
from gateway.labels.listing import PartFinder
from gateway.labels.selector import Selectors
from gateway.labels.traces import Traces
from gateway.labels.visible_text import VisibleText

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_END_MARK: Final = b"qorgan-end"


class TooCostly(Exception):  # noqa: N818 - names what was found
    """A page that no parser reads in bounded time and memory."""


class Page:
    """What readers read. Without a document (an unreadable response) only `url` and `headers` are there."""

    def __init__(self, response: Document | Unreadable, data: LabelData, host: HostRecord | None = None) -> None:
        self.url: Url | None = response.url
        self.headers: Headers = response.headers
        self.document: Document | None = response if isinstance(response, Document) else None
        self.data = data
        self.host = host
        self.selectors = Selectors()
        self._reach = 0
        self._is_whole = False
        self._tree: LexborHTMLParser | None = None
        self._is_too_costly = False

    @property
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

    @cached_property
    def traces(self) -> Traces:
        return Traces(self.source)

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
        while mark in self.traces.folded:
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
        depths: dict[int, int] = {}
        for node in self.tree.css("*"):  # in the page's order: what an element stands in comes before it
            above = node.parent
            depths[node.mem_id] = 1 + (depths.get(above.mem_id, 0) if above is not None else 0)
        return max(depths.values(), default=0)

    @cached_property
    def visible_text(self) -> VisibleText:
        """The text of `tree` that a person sees."""
        return VisibleText(self.tree)

    @cached_property
    def parts(self) -> PartFinder:
        """Finds the items of the listings in `tree`."""
        return PartFinder(self.tree)

    def _parse(self, source: bytes) -> LexborHTMLParser:
        """The tree of the page or of its first bytes. Raises TooCostly, and then at every later call too."""
        if self._is_too_costly:
            raise TooCostly
        try:
            return _parse(source)
        except TooCostly:
            self._is_too_costly = True
            raise


def _parse(source: bytes) -> LexborHTMLParser:
    if not is_affordable(source, scripting=True):
        raise TooCostly
    # With scripting, as in a browser: what stands in noscript is text, and no element in it is alive. Without events:
    # they copy what is chosen in a select, once for each of its options.
    return LexborHTMLParser(source, scripting=True, options=LexborDocumentOptions.WO_EVENTS)
