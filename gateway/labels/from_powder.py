"""POWDER and ICRA's RDF: links to a description that may state an age, in link elements and Link headers.

Sources: W3C, POWDER Description Resources, section 4.1; RFC 8288 (Link); icra.org label generator of 2005 (labels.rdf).
The description lies elsewhere and is not fetched, so the link is only a hint for a person and gives no label.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.labels.page import Page
from gateway.labels.reader import Found, Note

_POWDER: Final = "application/powder+xml"
_RDF: Final = "application/rdf+xml"
MOST_LINKS: Final = 20
MOST_HEADER: Final = 8_192  # characters
_HEAD: Final = 16_384  # bytes; links to descriptions stand in the head
# RFC 8288, section 3: the target in angle brackets, then parameters up to the next comma outside quotes.
_LINK: Final = re.compile(r"<(?P<target>[^<>]{0,2000})>(?P<rest>(?:[^\",<]|\"[^\"]*\")*)")


class PowderReader:
    name = "powder"

    def reach(self, page: Page) -> int | None:
        in_head = 0 if _POWDER in (page.headers.get("link") or "").casefold() else None
        return _HEAD if page.is_html and _has_link(page) else in_head

    def find(self, page: Page) -> Iterator[Found]:
        for line in page.headers.all("link"):
            for link in _LINK.finditer(line[:MOST_HEADER]):
                if _POWDER in link["rest"].casefold() and "describedby" in link["rest"].casefold():
                    yield _note(link["target"])
        if not page.is_html or not _has_link(page):
            return
        for node in page.tree.css('link[type*="powder+xml" i], link[type*="rdf+xml" i]')[:MOST_LINKS]:
            kind, title = (node.attributes.get(name) or "" for name in ("type", "title"))
            kind = kind.strip().casefold()
            if kind == _POWDER or (kind == _RDF and "icra labels" in title.casefold()):
                yield _note(node.attributes.get("href") or "")


def _has_link(page: Page) -> bool:
    """Whether the page's beginning, where its head is, has the words of such a link."""
    if not page.traces.has(b"powder+xml", b"rdf+xml"):
        return False
    # Backwards, as in Traces.has.
    start = page.traces.folded[:_HEAD]
    return start.rfind(b"powder+xml") >= 0 or (start.rfind(b"icra labels") >= 0 and start.rfind(b"rdf+xml") >= 0)


def _note(target: str) -> Note:
    return Note(f"{target[:200]!r} describes the page, perhaps with an age; such descriptions are not fetched")
