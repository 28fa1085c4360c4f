"""The links of a page by the address they lead to: they show which item of a listing structured data speaks of."""

import re
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.url import Url, canonical
from gateway.labels.listing import PartFinder
from gateway.labels.page import Page

MOST_LINKS: Final = 5_000
_LOOKS_AN_ADDRESS: Final = 5
MOST_RESOLVED: Final = 4_000  # of them; each takes some microseconds
# An address that means itself: no host, no dots, no escapes.
_PLAIN_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_-]+)+/?")


class PageLinks:
    """Finds links of one page; each is resolved once, and only if its last step may be the one that is looked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._resolved: dict[str, LexborNode] = {}
        self._parts_of: dict[str, str | None] = {}
        self._left = MOST_RESOLVED

    def part_linking(self, address: str) -> str | None:
        """The selector of the item that links to `address` (as written on the page); None when no link is found."""
        if address not in self._parts_of:
            self._parts_of[address] = self._find(address)
        return self._parts_of[address]

    def _find(self, address: str) -> str | None:
        page = self._page
        written = self._links.get(address)
        if written is not None and _PLAIN_PATH.fullmatch(address) and page.url is not None and address != page.url.path:
            return self._selector(written)  # it leads elsewhere, and nothing has to be resolved for that
        target = self._resolve(address)
        if target is None or page.url is None or target.href == page.url.href:
            return None
        link = written or self._link_to(target)
        return self._selector(link) if link is not None else None

    def _selector(self, link: LexborNode) -> str:
        return self._page.selectors.of(self._parts.part_of(link) or link)

    def _link_to(self, target: Url) -> LexborNode | None:
        """The link that leads there in another spelling than its own."""
        for end in (target.path.rstrip("/").rpartition("/")[2], ""):
            for href in self._by_end.pop(end, ()):
                found = self._resolve(href)
                if found is not None:
                    self._resolved.setdefault(found.href, self._links[href])
        return self._resolved.get(target.href)

    @cached_property
    def _parts(self) -> PartFinder:
        return PartFinder(self._page.whole_tree, self._page.work)

    @cached_property
    def _links(self) -> dict[str, LexborNode]:
        """The first link of each address, as it is written."""
        links: dict[str, LexborNode] = {}
        found = self._page.whole_tree.css("a[href]")[:MOST_LINKS]
        self._page.work.charge_search(4 * len(found))
        for node in found:
            if href := node.attributes.get("href"):
                links.setdefault(href, node)
        return links

    @cached_property
    def _by_end(self) -> dict[str, list[str]]:
        """The addresses not resolved yet, by their last step; under "" those whose last step only resolving tells."""
        ends: dict[str, list[str]] = {}
        for href in self._links:
            ends.setdefault(_end_of(href), []).append(href)
        return ends

    def _resolve(self, address: str) -> Url | None:
        self._page.work.charge(_LOOKS_AN_ADDRESS)
        self._left -= 1
        if not address or self._left < 0:
            return None
        try:
            return canonical(address, self._page.url)
        except ValueError:
            return None


def _end_of(href: str) -> str:
    """The last step of a path as it is written; "" when an address is written in any but the plainest way."""
    path = href.partition("#")[0].partition("?")[0].rstrip("/")
    end = path.rpartition("/")[2]
    is_plain = end.isascii() and end.replace("-", "").replace("_", "").isalnum()
    return end if is_plain and "\\" not in href and "./" not in href else ""
