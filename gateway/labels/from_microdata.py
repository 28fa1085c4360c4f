"""Labels in microdata: elements with itemprop contentRating, typicalAgeRange or isFamilyFriendly.

Sources: WHATWG HTML, section 5.2.4 (the value of a property); schema.org. Pages put `content` on every element, so it
is read on every element, as search engines do.
"""

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.label import Label, Scope
from gateway.labels.listing import part_of
from gateway.labels.page import Page
from gateway.labels.place import ancestors
from gateway.labels.reader import EVERYTHING, Found, Note
from gateway.labels.schema_org import PROPERTIES, read_property

_ITEM_LIST: Final = "itemlistelement"
# What is near by, not what the page is.
_ELSEWHERE: Final = frozenset({"comment", "review", "isrelatedto", "issimilarto", "mentions"})
# WHATWG HTML, section 5.2.4: where an element keeps the value when it has no `content`.
_VALUE_IN: Final = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
    **dict.fromkeys(("data", "meter"), "value"),
    "time": "datetime",
}


class MicrodataReader:
    name = "microdata"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.traces.hidden or (page.traces.schema_org >= 0 and page.traces.has(b"itemprop")):
            return EVERYTHING
        return None

    def find(self, page: Page) -> Iterator[Found]:
        for node in page.elements:
            names = _names(node)
            for name in names & PROPERTIES.keys():
                yield from self._labels(page, node, name)

    def _labels(self, page: Page, node: LexborNode, name: str) -> Iterator[Found]:
        items = [here for here in ancestors(node) if "itemscope" in here.attributes and here.mem_id != node.mem_id]
        item = items[0] if items else None
        values = list(_values(node))
        read = (read_property(name, text, page.data.scales, system=by, country=page.country) for text, by in values)
        said = max((each for each in read if each), key=lambda each: each.mark.min_age, default=None)
        if said is None:
            yield Note(f"{PROPERTIES[name]} says {str([text for text, _ in values])[:80]}, which is no label")
            return
        part = _listed_item(items, item)
        elsewhere = next((here for here in items if _names(here) & _ELSEWHERE), None)
        if elsewhere is not None and part is None:
            yield Note(f"{PROPERTIES[name]} {said.raw!r} speaks of something else than this page")
            return
        selector = page.selectors.of(part) if part is not None else None
        yield Label(
            scale=said.mark.scale,
            mark=said.mark.mark,
            min_age=said.mark.min_age,
            scope=Scope.PAGE if selector is None else Scope.PART,
            trust=said.trust,
            carrier=self.name,
            raw=said.raw,
            place=selector or page.selectors.of(node),
            part=selector,
        )


def _names(node: LexborNode) -> set[str]:
    """The property names of an element, without case and without their vocabulary."""
    value = node.attributes.get("itemprop") or ""
    return {name.rpartition("/")[2].casefold() for name in value.split()}


def _values(node: LexborNode) -> Iterator[tuple[str, str]]:
    """The texts of a property with the system that an inner Rating item names ("" without one)."""
    attributes = node.attributes
    if "itemscope" in attributes:
        inner = {name: each for each in node.css("[itemprop]")[:16] for name in _names(each)}
        author = inner.get("author")
        system = next((text for text, _ in _values(author)), "") if author is not None else ""
        for name in ("ratingvalue", "name", "alternatename"):
            if name in inner and inner[name].mem_id != node.mem_id and not _is_inside(inner[name], author):
                yield from ((text, system) for text, _ in _values(inner[name]))
    text = attributes.get("content") or attributes.get(_VALUE_IN.get(node.tag or "", ""))
    if text:
        yield text, ""
    elif "itemscope" not in attributes:
        yield " ".join(node.text(separator=" ").split()), ""


def _is_inside(node: LexborNode, outer: LexborNode | None) -> bool:
    return outer is not None and any(here.mem_id == outer.mem_id for here in ancestors(node))


def _listed_item(items: list[LexborNode], item: LexborNode | None) -> LexborNode | None:
    """The item of a listing that a property belongs to: a list element, or one of several items of a type."""
    for here in items:
        if _ITEM_LIST in _names(here):
            return here
    if item is None or not item.attributes.get("itemtype"):
        return None
    alike = [
        other
        for other in item.parser.css("[itemscope][itemtype]")
        if other.attributes.get("itemtype") == item.attributes.get("itemtype")
    ]
    if len(alike) < 2 or any(here.mem_id != item.mem_id and here.tag == "body" for here in items):
        return None
    return item if part_of(item, "") is not None or _are_siblings(alike) else None


def _are_siblings(nodes: list[LexborNode]) -> bool:
    parents = {node.parent.mem_id for node in nodes if node.parent is not None}
    return len(parents) == 1
