"""Items with properties written into elements: what microdata and RDFa share.

An element that opens an item holds the elements of its properties; a property may open an item of its own. Which
attributes do that is a `Dialect`; what the properties say is `gateway.labels.schema_org`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.document import UnreadableReason
from gateway.labels.label import Label, Scope
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.place import ancestors
from gateway.labels.reader import Blocked, Found, Note, Room
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import LONGEST_TEXT
from gateway.labels.schema_org import AUDIENCE, PROPERTIES, QUANTITY, Said, read_audience, read_property
from gateway.labels.text_nodes import html_of

_ITEM_LIST: Final = "itemlistelement"
_AUDIENCE_OF: Final = "audience"
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
_NAMES: Final = frozenset({*PROPERTIES, *AUDIENCE})
_TELLING: Final = re.compile("|".join(sorted(_NAMES)))
_MOST_INNER: Final = 40  # elements and pieces of text inside one property
_DEEPEST: Final = 2  # items within the item of a property
MOST_ITEMS: Final = 16  # around one property
_LOOKS_A_PROPERTY: Final = 16  # beside the walks around it
MOST_PROPERTIES: Final = 1_000  # about age, of one page
BYTES_EACH: Final = 100  # a page that has more of them has so many bytes for each, as listings have


@dataclass(frozen=True, slots=True)
class Dialect:
    """How items are written. `names` gives an element's schema.org property names, in lower case."""

    carrier: str
    item: str  # the attribute of an element that is an item
    types: str  # the attribute that names its types
    property: str  # the attribute that names properties
    names: Callable[[LexborNode], set[str]]


class ItemWalk:
    """Reads the properties of one page; what was found out about its items is kept for the next property."""

    def __init__(self, page: Page, dialect: Dialect) -> None:
        self._page = page
        self._dialect = dialect
        scales, country = page.data.scales, page.country
        self._read: Repeats[Said | None] = Repeats(
            lambda name, text, system: read_property(name, text, scales, system=system, country=country),
            page.work,
        )
        self._room = Room()
        # By the number of an element.
        self._names: dict[int, set[str]] = {}
        self._inside: dict[int, dict[str, LexborNode]] = {}
        self._around: dict[int, list[LexborNode]] = {}
        self._listed: dict[int, LexborNode | None] = {}
        self._kinds: dict[str, tuple[int, bool]] = {}
        self._told: dict[tuple[tuple[int, ...], int], bool] = {}

    def labels(self, nodes: Iterable[LexborNode]) -> Iterator[Found]:
        """What the properties that `nodes` hold say of an age."""
        try:
            yield from limited(self._found(nodes))
        except TooManyDifferent as refused:
            yield Blocked(UnreadableReason.MALFORMED, f"in {self._dialect.carrier}, {refused}")

    def _found(self, nodes: Iterable[LexborNode]) -> Iterator[Found | Part]:
        most, attribute = max(MOST_PROPERTIES, len(self._page.source) // BYTES_EACH), self._dialect.property
        telling = [node for node in nodes if _TELLING.search((node.attrs.get(attribute) or "").casefold())]
        if len(telling) > most:
            sentence = f"more than {most} properties in {self._dialect.carrier} speak of an age"
            yield Blocked(UnreadableReason.MALFORMED, sentence)
            return
        for node in telling:
            self._page.work.charge(_LOOKS_A_PROPERTY)
            for name in sorted(self._names_of(node) & _NAMES):
                items = self._items_around(node.parent)
                yield from self._audience(node, name, items) if name in AUDIENCE else self._property(node, name, items)

    def _property(self, node: LexborNode, name: str, items: list[LexborNode]) -> Iterator[Found | Part]:
        values = list(self._values(node))
        read = (self._read.answer(name, text, system)[0] for text, system in values)
        said = max((each for each in read if each), key=lambda each: each.mark.min_age, default=None)
        if said is None:
            if self._room.take():
                yield Note(f"{PROPERTIES[name]} says {str([text for text, _ in values])[:80]}, which is no label")
            return
        yield from self._label(node, PROPERTIES[name], said, items)

    def _audience(self, node: LexborNode, name: str, items: list[LexborNode]) -> Iterator[Found | Part]:
        """An age of the audience. Only a work's audience is told by what it holds."""
        audience = items[:1] if items and _AUDIENCE_OF in self._names_of(items[0]) else []
        owners = items[len(audience) :]
        value: object = self._quantity(node) if self._is_item(node) else self._text(node)
        if not self._is_told_by_content(owners[:1], audience):
            if self._room.take():
                yield Note(f"{AUDIENCE[name]} {str(value)[:80]!r} is not said of a work: it may be a buyer's age")
            return
        said = read_audience(name, value, self._page.data.scales)
        if said is None:
            if self._room.take():
                yield Note(f"{AUDIENCE[name]} says {str(value)[:80]!r}, which is no label")
            return
        raw = html_of(node, LONGEST_TEXT) if self._is_item(node) else said.raw
        yield from self._label(node, AUDIENCE[name], replace(said, raw=raw), owners)

    def _label(self, node: LexborNode, name: str, said: Said, items: list[LexborNode]) -> Iterator[Found | Part]:
        self._page.work.charge(len(items))
        part = self._listed_item(items)
        elsewhere = next((here for here in items if self._names_of(here) & _ELSEWHERE), None)
        if elsewhere is not None and part is None:
            if self._room.take():
                yield Note(f"{name} {said.raw!r} speaks of something else than this page")
            return
        yield Part(said.mark, said.trust, partial(self._build, node, said, part), of_page=part is None)
        if said.remark and self._room.take():
            yield Note(f"{name} {said.raw!r}: {said.remark}")

    def _build(self, node: LexborNode, said: Said, part: LexborNode | None) -> Label:
        selector = self._page.selectors.of(part) if part is not None else None
        return Label(
            scale=said.mark.scale,
            mark=said.mark.mark,
            min_age=said.mark.min_age,
            scope=Scope.PAGE if selector is None else Scope.PART,
            trust=said.trust,
            carrier=self._dialect.carrier,
            raw=said.raw,
            place=selector or self._page.selectors.of(node),
            part=selector,
        )

    def _items_around(self, node: LexborNode | None) -> list[LexborNode]:
        """The innermost items that hold `node`, itself included, from the inside."""
        unknown: list[LexborNode] = []
        items: list[LexborNode] = []
        for here in ancestors(node) if node is not None else ():
            known = self._around.get(here.mem_id)
            if known is not None:
                items = known
                break
            unknown.append(here)
        self._page.work.charge(2 * len(unknown))
        for here in reversed(unknown):
            items = [here, *items[: MOST_ITEMS - 1]] if self._is_item(here) else items
            self._around[here.mem_id] = items
        return items

    def _is_item(self, node: LexborNode) -> bool:
        return self._dialect.item in node.attrs

    def _is_told_by_content(self, things: list[LexborNode], audience: list[LexborNode]) -> bool:
        """Whether an age is said of a work by what it holds; kept, because many properties stand in one thing."""
        key = tuple(here.mem_id for here in (*things, *audience)), len(things)
        told = self._told.get(key)
        if told is None:
            types = self._types(things), self._types(audience)
            told = self._told[key] = self._page.data.schema_org.is_told_by_content(*types)
        return told

    def _types(self, items: list[LexborNode]) -> list[str]:
        return [kind for item in items for kind in (item.attrs.get(self._dialect.types) or "").split()]

    def _names_of(self, node: LexborNode) -> set[str]:
        known = self._names.get(node.mem_id)
        if known is None:
            known = self._names[node.mem_id] = self._dialect.names(node)
        return known

    def _inner(self, node: LexborNode) -> dict[str, LexborNode]:
        """The properties of the item that `node` opens."""
        inner = self._inside.get(node.mem_id)
        if inner is None:
            inner = self._inside[node.mem_id] = {}
            for each in islice(node.traverse(), 1, _MOST_INNER):
                if each.is_element_node and self._dialect.property in each.attrs:  # a comment has no attributes
                    for name in self._names_of(each):
                        inner.setdefault(name, each)
        return inner

    def _quantity(self, node: LexborNode) -> dict[str, object]:
        """The texts of an inner QuantitativeValue, by the name of their property; of no others, which may be many."""
        return {name: self._text(each) for name, each in self._inner(node).items() if name in QUANTITY}

    def _text(self, node: LexborNode, depth: int = 0) -> str:
        return next((text for text, _ in self._values(node, depth)), "")

    def _values(self, node: LexborNode, depth: int = 0) -> Iterator[tuple[str, str]]:
        """The texts of a property with the system that an inner Rating item names ("" without one)."""
        attributes = node.attributes
        if self._is_item(node) and depth < _DEEPEST:
            inner = self._inner(node)
            author = inner.get("author")
            system = self._text(author, depth + 1) if author is not None else ""
            for name in ("ratingvalue", "name", "alternatename"):
                if name in inner and not _is_inside(inner[name], author, node):
                    yield from ((text, system) for text, _ in self._values(inner[name], depth + 1))
        # Pages put `content` on every element, so it is read on every element, as search engines do.
        text = attributes.get("content") or attributes.get(_VALUE_IN.get(node.tag or "", "")) or self._resource(node)
        if text:
            yield text, ""
        elif not self._is_item(node):
            yield _text_inside(node), ""

    def _resource(self, node: LexborNode) -> str | None:
        # RDFa 1.1 Lite, section 2.3: `resource` names the value of a property that is no text.
        return None if self._dialect.item == "itemscope" or self._is_item(node) else node.attributes.get("resource")

    def _listed_item(self, items: list[LexborNode]) -> LexborNode | None:
        """The item of a listing that a property belongs to: a list element, or one of several items of a type.

        `items` are all that stand around it; the first decides which the others are.
        """
        if not items:
            return None
        key = items[0].mem_id
        if key not in self._listed:
            self._listed[key] = self._find_listed(items)
        return self._listed[key]

    def _find_listed(self, items: list[LexborNode]) -> LexborNode | None:
        for here in items:
            if _ITEM_LIST in self._names_of(here):
                return here
        item = items[0]
        kind = item.attrs.get(self._dialect.types)
        if not kind:
            return None
        count, are_siblings = self._of_kind(item, kind)
        if count < 2 or any(here.mem_id != item.mem_id and here.tag == "body" for here in items):
            return None
        return item if self._page.parts.part_of(item) is not None or are_siblings else None

    def _of_kind(self, item: LexborNode, kind: str) -> tuple[int, bool]:
        """How many items of a kind there are, and whether all of them stand in one element."""
        if not self._kinds:
            found: dict[str, list[int]] = {}
            for other in item.parser.css(f"[{self._dialect.item}][{self._dialect.types}]"):
                above = other.parent
                kind_of_other = other.attrs.get(self._dialect.types) or ""
                found.setdefault(kind_of_other, []).append(above.mem_id if above is not None else 0)
            self._kinds = {name: (len(parents), len(set(parents)) == 1) for name, parents in found.items()}
        return self._kinds[kind]


def _text_inside(node: LexborNode) -> str:
    """The text of an element; empty when it holds more elements than any mark, and cut when longer than any."""
    nodes = list(islice(node.traverse(include_text=True), _MOST_INNER + 1))
    if len(nodes) > _MOST_INNER:
        return ""
    pieces = ((each.text_content or "")[: 2 * LONGEST_TEXT] for each in nodes if each.is_text_node)
    return " ".join(" ".join(pieces).split())


def _is_inside(node: LexborNode, outer: LexborNode | None, item: LexborNode) -> bool:
    """Whether a property of `item` stands in another: looked for no farther up than the item, which may stand deep."""
    for here in ancestors(node):
        if outer is None or here.mem_id == item.mem_id:
            return False
        if here.mem_id == outer.mem_id:
            return True
    return False
