"""Where on a page an element stands: in its outer frame, in a heading, in a place that speaks for nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.shape import PlacesFile, PlaceWords
from gateway.labels.work import Work

MOST_ANCESTORS: Final = 512  # browsers nest no deeper
MOST_NAMES: Final = 500  # characters of an element's class names and id
MOST_KEPT: Final = 10_000  # different class names with ids, of which it is kept what they say

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
type Name = tuple[str, ...]
"""The words of one class name or id, in lower case."""


class Place(NamedTuple):
    """What an element and those it stands in say of where it stands; a tuple, because pages have thousands."""

    deaf: bool = False  # hidden, a form control, a comment, an advertisement, a quotation, code
    own: bool = False  # inside an article, a section or the like, whose header is its own
    article: bool = False  # inside an article
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


def linked(place: Place) -> LexborNode | None:
    """The link around a sign, which then tells of what it leads to; a title and the page's frame tell of the page."""
    if place.header is not None or (place.heading is not None and place.heading.tag == "h1"):
        return None
    return place.link


def in_body(tree: LexborHTMLParser, css: str, work: Work) -> list[LexborNode]:
    """The elements in the body of a page that fit. Raises TooMuchWork.

    A selector "body ..." would look at all the ancestors of each.
    """
    body = tree.body
    found = body.css(css) if body is not None and body.tag == "body" else []
    work.charge_search(len(found))
    return [node for node in found if node.mem_id != body.mem_id] if body is not None else []


@dataclass(frozen=True, slots=True)
class _Named:
    """What the class names and the id of an element say of it."""

    deaf: bool = False
    rhombus: bool = False
    header: bool = False
    footer: bool = False


_NAMELESS: Final = _Named()


class PlaceFinder:
    """Finds the place of an element; what was found out about those it stands in is kept for the next."""

    def __init__(self, places: PlacesFile, work: Work) -> None:
        self._places = places
        self._work = work
        self._known: dict[int, Place] = {}
        self._named: dict[tuple[str, str], _Named] = {}
        self._silent = ""  # the last id that said nothing
        said = (places.deaf.words, places.rhombus_words, places.header.words, places.footer.words)
        self._may_say = _any_word(said)
        self._deaf_tags = UNSEEN.union(places.deaf.tags)
        self._deaf_attributes = frozenset((*places.deaf.attributes, "hidden"))
        self._speaking = self._deaf_attributes.union(("role", "itemtype", "style", "href"))
        self._telling = self._deaf_tags.union(
            places.header.tags, places.footer.tags, places.own.tags, HEADINGS, ("article",)
        )

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
        self._work.charge(1 + 3 * len(unknown) // 2)
        for here in reversed(unknown):
            place = self._known[here.mem_id] = self._inside(place, here)
        return place

    def _inside(self, outer: Place, node: LexborNode) -> Place:
        places, tag, attributes = self._places, node.tag or "", node.attributes
        named = _NAMELESS if tag in ("html", "body") else self._named_by(attributes)
        if named is _NAMELESS and tag not in self._telling and self._speaking.isdisjoint(attributes):
            return outer._replace(rhombus=False) if outer.rhombus else outer
        style = attributes.get("style") or ""
        # What an article calls its header is its own, and an article in a header is no part of the frame.
        framed = tag != "article"
        header, footer = outer.header if framed else None, outer.footer if framed else None
        if framed and not outer.own:
            role = attributes.get("role")
            if header is None and (named.header or tag in places.header.tags or role in places.header.roles):
                header = node
            if footer is None and (named.footer or tag in places.footer.tags or role in places.footer.roles):
                footer = node
        return Place(
            deaf=outer.deaf or self._is_deaf(tag, attributes, style, named),
            own=outer.own or tag in places.own.tags,
            article=outer.article or not framed,
            header=header,
            footer=footer,
            heading=outer.heading or (node if tag in HEADINGS else None),
            link=outer.link or (node if tag == "a" and attributes.get("href") else None),
            rhombus=named.rhombus or (style != "" and _ROTATED.search(style) is not None),
        )

    def _is_deaf(self, tag: str, attributes: Attributes, style: str, named: _Named) -> bool:
        deaf = self._places.deaf
        if tag in self._deaf_tags:
            return True
        if not attributes:
            return False
        if not self._deaf_attributes.isdisjoint(attributes) or attributes.get("role") in deaf.roles:
            return True
        if "itemtype" in attributes and (attributes["itemtype"] or "").rpartition("/")[2] in deaf.types:
            return True
        if style and _HIDDEN.search(style):
            return True
        # The class names of main tell of the site, not of what stands in it.
        return tag != "main" and named.deaf

    def _named_by(self, attributes: Attributes) -> _Named:
        if not attributes:
            return _NAMELESS
        # Cut here as well as in `_name_words`: a quote that nothing closes makes the rest of a page an id.
        classes, identifier = (attributes.get("class") or "")[:MOST_NAMES], (attributes.get("id") or "")[:MOST_NAMES]
        if identifier == self._silent or self._may_say.search(identifier) is None:
            self._silent, identifier = identifier, ""  # most say nothing, and each is another one
        if not classes and not identifier:
            return _NAMELESS
        known = self._named.get((classes, identifier))
        if known is None:
            known = self._say(_name_words(classes, identifier))
            if len(self._named) < MOST_KEPT:
                self._named[classes, identifier] = known
        return known

    def _say(self, names: tuple[Name, ...]) -> _Named:
        words = {word for name in names for word in name}
        named = _Named(
            deaf=not words.isdisjoint(self._places.deaf.words),
            rhombus=not words.isdisjoint(self._places.rhombus_words),
            header=any(self._leads(name, self._places.header) for name in names),
            footer=any(self._leads(name, self._places.footer) for name in names),
        )
        return _NAMELESS if named == _NAMELESS else named

    def _leads(self, name: Name, wanted: PlaceWords) -> bool:
        """Whether a name begins with a wanted word: "footer", "site-footer__age", but not "card-footer"."""
        first = next((word for word in name if word not in self._places.outer_words), "")
        return first in wanted.words or (bool(name) and name[0] in wanted.words)


@lru_cache(maxsize=8)
def _any_word(lists: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """Finds any of the words, whatever their case."""
    words = sorted({word for words in lists for word in words})
    return re.compile("|".join(map(re.escape, words)) or "(?!)", re.IGNORECASE)


def _name_words(classes: str, identifier: str) -> tuple[Name, ...]:
    """The words of each class name and of the id, in lower case."""
    names = f"{classes} {identifier}"[:MOST_NAMES].split()
    return tuple(tuple(word.casefold() for word in _NAME_WORD.findall(name)) for name in names)
