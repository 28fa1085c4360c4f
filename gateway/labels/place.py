"""Where on a page an element stands: in its outer frame, in a heading, in a place that speaks for nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.shape import PlacesFile, PlaceWords

MOST_ANCESTORS: Final = 512  # browsers nest no deeper
MOST_NAMES: Final = 500  # characters of an element's class names and id

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose text nobody sees, or that is not the page's own (WHATWG HTML, section 15.3.1, and raw text elements).
UNSEEN: Final = frozenset(
    {
        *("script", "style", "noscript", "template", "title", "textarea", "xmp", "plaintext", "iframe", "noembed"),
        *("noframes", "object", "audio", "video", "canvas", "select", "datalist", "pre", "code"),
    }
)
_NAME_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_HIDDEN: Final = re.compile(r"(?:^|[;\s])(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.IGNORECASE)
_ROTATED: Final = re.compile(r"rotate\(\s{0,4}-?45deg", re.IGNORECASE)

type Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Place:
    """What an element and those it stands in say of where it stands."""

    deaf: bool = False  # hidden, a form control, a comment, an advertisement, a quotation, code
    own: bool = False  # inside an article, a section or the like, whose header is its own
    header: LexborNode | None = None  # the header or footer of the page itself
    footer: LexborNode | None = None
    heading: LexborNode | None = None
    link: LexborNode | None = None
    rhombus: bool = False  # the element itself is drawn as one


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The element itself and those it stands in, up to the html element."""
    here: LexborNode | None = node
    for _ in range(MOST_ANCESTORS):
        if here is None or not here.is_element_node:
            return
        yield here
        here = here.parent


class PlaceFinder:
    """Finds the place of an element; what was found out about those it stands in is kept for the next."""

    def __init__(self, places: PlacesFile) -> None:
        self._places = places
        self._known: dict[int, Place] = {}
        self._telling = {
            *places.header.tags,
            *places.footer.tags,
            *places.own.tags,
            *places.deaf.tags,
            *HEADINGS,
            *UNSEEN,
        }

    def place_of(self, node: LexborNode) -> Place:
        """The place of an element."""
        unknown: list[LexborNode] = []
        place = Place()
        for here in ancestors(node):
            known = self._known.get(here.mem_id)
            if known is not None:
                place = known
                break
            unknown.append(here)
        for here in reversed(unknown):
            place = self._known[here.mem_id] = self._inside(place, here)
        return place

    def _inside(self, outer: Place, node: LexborNode) -> Place:
        places, tag, attributes = self._places, node.tag or "", node.attributes
        if not attributes and tag not in self._telling:
            return replace(outer, rhombus=False) if outer.rhombus else outer
        words = (
            () if tag in ("html", "body") else _name_words(attributes.get("class") or "", attributes.get("id") or "")
        )
        # What an article calls its header is its own, and an article in a header is no part of the frame.
        framed = tag != "article"
        return Place(
            deaf=outer.deaf or _is_deaf(tag, attributes, words, places),
            own=outer.own or tag in places.own.tags,
            header=self._frame(outer, outer.header, node, attributes, words, places.header) if framed else None,
            footer=self._frame(outer, outer.footer, node, attributes, words, places.footer) if framed else None,
            heading=outer.heading or (node if tag in HEADINGS else None),
            link=outer.link or (node if tag == "a" and attributes.get("href") else None),
            rhombus=_ROTATED.search(attributes.get("style") or "") is not None
            or any(word in places.rhombus_words for name in words for word in name),
        )

    def _frame(
        self,
        outer: Place,
        known: LexborNode | None,
        node: LexborNode,
        attributes: Attributes,
        words: tuple[tuple[str, ...], ...],
        wanted: PlaceWords,
    ) -> LexborNode | None:
        if known is not None or outer.own:
            return known
        is_frame = (
            node.tag in wanted.tags
            or attributes.get("role") in wanted.roles
            or any(self._leads(name, wanted) for name in words)
        )
        return node if is_frame else None

    def _leads(self, name: tuple[str, ...], wanted: PlaceWords) -> bool:
        """Whether a name begins with a wanted word: "footer", "site-footer__age", but not "card-footer"."""
        first = next((word for word in name if word not in self._places.outer_words), "")
        return first in wanted.words or (bool(name) and name[0] in wanted.words)


def _is_deaf(tag: str, attributes: Attributes, words: tuple[tuple[str, ...], ...], places: PlacesFile) -> bool:
    if (
        tag in UNSEEN
        or tag in places.deaf.tags
        or "hidden" in attributes
        or attributes.get("role") in places.deaf.roles
    ):
        return True
    if (attributes.get("itemtype") or "").rpartition("/")[2] in places.deaf.types:
        return True
    if _HIDDEN.search(attributes.get("style") or ""):
        return True
    # The class names of main tell of the site, not of what stands in it.
    return tag != "main" and any(word in places.deaf.words for name in words for word in name)


@lru_cache(maxsize=1_024)
def _name_words(classes: str, identifier: str) -> tuple[tuple[str, ...], ...]:
    """The words of each class name and of the id, in lower case."""
    names = f"{classes} {identifier}"[:MOST_NAMES].split()
    return tuple(tuple(word.casefold() for word in _NAME_WORD.findall(name)) for name in names)
