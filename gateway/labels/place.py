"""Where on a page an element stands: in its outer frame, in a heading, in a place that speaks for nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.shape import PlacesFile, PlaceWords

MOST_ANCESTORS: Final = 512  # the parser nests no deeper

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NAME_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_HIDDEN: Final = re.compile(r"(?:^|[;\s])(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.IGNORECASE)
_ROTATED: Final = re.compile(r"rotate\(\s{0,4}-?45deg", re.IGNORECASE)

type Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Place:
    """What an element and its ancestors say of where it stands."""

    deaf: bool = False  # hidden, a form control, a comment, an advertisement, a quotation, code
    header: LexborNode | None = None  # the header or footer of the page itself, not of an article
    footer: LexborNode | None = None
    heading: LexborNode | None = None
    link: LexborNode | None = None
    rhombus: bool = False


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The element itself and those it stands in, up to the html element."""
    here: LexborNode | None = node
    for _ in range(MOST_ANCESTORS):
        if here is None or not here.is_element_node:
            return
        yield here
        here = here.parent


def place_of(node: LexborNode, places: PlacesFile) -> Place:
    """The place of an element."""
    line = list(ancestors(node))
    attributes: list[Attributes] = [here.attributes for here in line]
    tags = [here.tag or "" for here in line]
    return Place(
        deaf=any(_is_deaf(tag, each, places) for tag, each in zip(tags, attributes, strict=True)),
        header=_frame(line, tags, attributes, places, places.header),
        footer=_frame(line, tags, attributes, places, places.footer),
        heading=next((here for here, tag in zip(line, tags, strict=True) if tag in HEADINGS), None),
        link=next(
            (here for here, each in zip(line, attributes, strict=True) if here.tag == "a" and each.get("href")), None
        ),
        rhombus=any(_is_rhombus(each, places) for each in attributes[:2]),
    )


def _is_deaf(tag: str, attributes: Attributes, places: PlacesFile) -> bool:
    if tag in places.deaf.tags or "hidden" in attributes or attributes.get("role") in places.deaf.roles:
        return True
    if tag in ("html", "body", "main"):
        return False  # their class names tell of the site, not of what stands in them
    if _HIDDEN.search(attributes.get("style") or ""):
        return True
    return any(word in places.deaf.words for name in _names(attributes) for word in name)


def _frame(
    line: list[LexborNode], tags: list[str], attributes: list[Attributes], places: PlacesFile, wanted: PlaceWords
) -> LexborNode | None:
    for step, (here, tag, each) in enumerate(zip(line, tags, attributes, strict=True)):
        if (
            tag in wanted.tags
            or each.get("role") in wanted.roles
            or (tag not in ("html", "body") and any(_leads(name, places, wanted) for name in _names(each)))
        ):
            # What an article or a section calls its header is its own.
            own = "article" in tags[:step] or any(outer in places.own.tags for outer in tags[step + 1 :])
            return None if own else here
    return None


def _leads(name: list[str], places: PlacesFile, wanted: PlaceWords) -> bool:
    """Whether a name begins with a wanted word: "footer", "site-footer__age", but not "card-footer"."""
    first = next((word for word in name if word not in places.outer_words), "")
    return first in wanted.words or (bool(name) and name[0] in wanted.words)


def _names(attributes: Attributes) -> Iterator[list[str]]:
    """The words of each class name and of the id, in lower case."""
    for name in f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500].split():
        yield [word.casefold() for word in _NAME_WORD.findall(name)]


def _is_rhombus(attributes: Attributes, places: PlacesFile) -> bool:
    if _ROTATED.search(attributes.get("style") or ""):
        return True
    return any(word in places.rhombus_words for name in _names(attributes) for word in name)
