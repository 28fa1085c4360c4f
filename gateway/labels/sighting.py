"""Signs as they are sighted on a page: each with its line, its element and its place; mere mentions are left out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.invisible import PLUSES, without_invisible
from gateway.labels.listing import MOST_LEVELS, PartFinder, siblings
from gateway.labels.place import Place, PlaceFinder
from gateway.labels.signs import DASHES, LONGEST_LINE, SIGN_AGES, Fit, Sign, Signs, plain
from gateway.labels.visible_text import VisibleText

MOST_SIGHTINGS: Final = 1_000
LEAST_LIST: Final = 3  # different marks side by side; two may be a page that contradicts itself: the strictest counts
_AGES: Final = "|".join(map(str, SIGN_AGES))
# One character of each mark; patterns that begin with a character of their own are found fastest.
_MARKS: Final = (
    re.compile(rf"\+(?:(?<=[0-9０-９].)|(?<=[0-9].{{2}})|(?={_AGES}))"),
    re.compile(rf"6[{DASHES}–-]"),
)
LONGEST_NAME: Final = 40  # characters of what names a number: "Android", "Возраст"
LONGEST_BOX: Final = 80  # characters of a number with its caption
MOST_OF_BOX: Final = 16  # elements and pieces of text in such a box
_PAIRS: Final = {("dt", "dd"), ("th", "td")}
# Stressed words in a sentence, not badges.
_STRESS: Final = frozenset({"a", "b", "code", "em", "i", "mark", "q", "s", "strong", "u"})


class TooMany(Exception):  # noqa: N818 - names what was found
    """More signs than are looked at."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sign on a page. `part`: the item of a listing that it stands in."""

    sign: Sign
    line: str
    element: LexborNode
    block: LexborNode
    place: Place
    part: LexborNode | None

    @property
    def frame(self) -> LexborNode | None:
        """The page's header or footer that it stands in; a sign beside the page's title is the page's own."""
        return None if self.place.heading is not None else self.place.footer or self.place.header


def sightings(tree: LexborHTMLParser, signs: Signs, words: Sequence[str]) -> list[Sighting]:
    """Every sign of a page that stands where a sign may stand; `words` are those of warnings that may be there.

    Raises TooMany past MOST_SIGHTINGS.
    """
    return _without_lists(_Lookout(tree, signs, words).sightings())


class _Lookout:
    """Looks through one page. Places, parts and lines that were read are kept: badges repeat."""

    def __init__(self, tree: LexborHTMLParser, signs: Signs, words: Sequence[str]) -> None:
        self._tree, self._signs, self._words = tree, signs, words
        self._places = PlaceFinder(signs.places)
        self._parts = PartFinder(tree)
        self._read: dict[str, tuple[Sign, ...]] = {}
        self._boxes: dict[int, str] = {}

    def sightings(self) -> list[Sighting]:
        found: list[Sighting] = []
        for looked, seen in enumerate(chain(self._in_text(), self._in_attributes())):
            if looked >= MOST_SIGHTINGS:
                raise TooMany
            if seen is not None:
                found.append(seen)
        return found

    def _in_text(self) -> Iterator[Sighting | None]:
        """A sighting, or None where a closer look showed none, for each place that looked like one."""
        visible = VisibleText(self._tree)
        for at in self._candidates(visible.text):
            line = visible.line_at(at)
            if line is None:
                continue
            if line.text not in self._read:
                self._read[line.text] = self._signs.read(line.text)
            sign = next((sign for sign in self._read[line.text] if sign.start <= line.at < sign.end), None)
            if sign is None:
                yield None
            else:
                yield self._standing(sign, line.text, line.element_of(sign.start, sign.end), line.block)

    def _in_attributes(self) -> Iterator[Sighting | None]:
        for node in self._tree.css("body [alt], body [aria-label]:not([alt])"):
            attributes = node.attributes
            text = without_invisible((attributes.get("alt") or attributes.get("aria-label") or "")[:LONGEST_LINE])
            if self._candidates(text):
                signs = [sign for sign in self._signs.read(text) if sign.fit >= Fit.NOTICE]
                yield from (self._standing(sign, text, node, node) for sign in signs)

    def _candidates(self, text: str) -> list[int]:
        """Where in a text a sign may be: one character of each."""
        found = {match.start() for pattern in _MARKS for match in pattern.finditer(text)}
        for character in (*PLUSES, self._signs.places.adults_only):
            found.update(_all_places(character, text))
        if self._words:
            # "İ" is the one letter that grows in lower case: places in the text must stay what they are.
            lower = text.replace("İ", "i").lower()
            found.update(place for word in self._words for place in _all_places(word, lower))
        return sorted(found)

    def _standing(self, sign: Sign, line: str, element: LexborNode, block: LexborNode) -> Sighting | None:
        """The sighting, when the sign stands where a sign may stand."""
        place = self._places.place_of(element)
        text = plain(line[sign.start : sign.end]).strip()
        if place.deaf or _is_mere_link(place, text):
            return None
        if sign.language is None and (_follows_guard(element, block, self._signs) or self._is_statistic(block, text)):
            return None
        part = None if place.footer is not None else self._parts.part_of(element) or _linked(place)
        found = Sighting(sign, line, element, block, place, part)
        return found if _counts(found, text, self._signs) else None

    def _is_statistic(self, block: LexborNode, text: str) -> bool:
        """Whether a number opens a small box with its caption, among boxes of other numbers: "18+ years", "90%"."""
        box = _row(block).parent
        words = self._number_opening(box) if box is not None else ""
        if box is None or not words.startswith(text) or not any(character.isalpha() for character in words):
            return False
        return any(other.tag == box.tag and self._number_opening(other) for other in siblings(box))

    def _number_opening(self, box: LexborNode) -> str:
        """The words of a small box that opens with a number; empty for every other box."""
        known = self._boxes.get(box.mem_id)
        if known is None:
            words = plain(box.text(separator=" ")).strip() if _is_small(box) else ""
            known = self._boxes[box.mem_id] = words if words[:1].isdigit() else ""
        return known


def _all_places(word: str, text: str) -> Iterator[int]:
    place = text.rfind(word)
    while place >= 0:
        yield place
        place = text.rfind(word, 0, place)


def _linked(place: Place) -> LexborNode | None:
    """The link around a sign, which then tells of what it leads to; a title and the page's frame tell of the page."""
    if place.header is not None or (place.heading is not None and place.heading.tag == "h1"):
        return None
    return place.link


def _counts(seen: Sighting, text: str, signs: Signs) -> bool:
    sign, place = seen.sign, seen.place
    if sign.led and place.footer is None:
        return False
    if sign.fit >= Fit.NOTICE:
        return True
    framed = place.header is not None or place.footer is not None
    if sign.fit >= Fit.ENDING and (framed or signs.is_imprint(seen.line)):
        return True
    ends_line = not seen.line[sign.end :].strip(' \x1f)]»"')
    if sign.fit >= Fit.ENDING and ends_line and place.heading is not None and _is_title(seen):
        return True
    return not sign.warning and (place.heading is None or _is_title(seen)) and _is_badge(seen, text)


def _is_title(seen: Sighting) -> bool:
    """The page's title, or that of an item; other headings speak about something."""
    heading = seen.place.heading
    return heading is not None and (
        heading.tag == "h1" or seen.part is not None or heading.parser.css_first("h1") is None
    )


def _is_badge(seen: Sighting, text: str) -> bool:
    """Whether the sign has a small element of its own: <span class="age">16+</span>, <sup>16+</sup>."""
    element = seen.element
    if element.mem_id == seen.block.mem_id or element.tag in _STRESS:
        return False
    own = element.text()
    return (
        len(own) <= LONGEST_NAME
        and plain(own).strip() == text
        and ("class" in element.attributes or element.tag in ("sup", "sub", "small"))
    )


def _is_mere_link(place: Place, text: str) -> bool:
    """A link that says nothing else leads to things of that age; in a footer it explains the page's own sign."""
    if place.link is None or place.footer is not None:
        return False
    words = place.link.text()
    return len(words) <= LONGEST_NAME and plain(words).strip(" \t\n()[]") in ("", text)


def _follows_guard(element: LexborNode, block: LexborNode, signs: Signs) -> bool:
    """Whether the element before names something that has numbers with a plus: <td>Android</td><td>6+</td>."""
    for here in (element, block):
        before = here.prev
        while before is not None and not before.is_element_node:
            before = before.prev
        if before is None or (before.tag != here.tag and (before.tag, here.tag) not in _PAIRS):
            continue
        words = before.text()[:60].strip()
        if len(words) <= LONGEST_NAME and signs.is_guarded(words) and not signs.read(words):
            return True
    return False


def _is_small(box: LexborNode) -> bool:
    """Whether a box says little; a look at its first pieces, because it may be the whole page."""
    length = 0
    for node in islice(box.traverse(include_text=True, skip_empty=True), MOST_OF_BOX):
        length += len(node.text_content or "") if node.is_text_node else 0
    return length <= LONGEST_BOX and next(islice(box.traverse(), MOST_OF_BOX, None), None) is None


def _without_lists(found: list[Sighting]) -> list[Sighting]:
    """Leaves out different marks side by side without names: a filter, a legend, an explanation of all marks."""
    bare = [(seen, _list_of(seen)) for seen in found if seen.part is None and not _is_announced(seen)]
    ages: dict[tuple[int, str | None], set[int]] = {}
    for seen, listing in bare:
        ages.setdefault(listing, set()).add(seen.sign.min_age)
    listed = {id(seen) for seen, listing in bare if len(ages[listing]) >= LEAST_LIST}
    return [seen for seen in found if id(seen) not in listed]


def _is_announced(seen: Sighting) -> bool:
    """Whether a sign stands where it says what it is, so that others near it change nothing."""
    titled = seen.sign.language is not None and not seen.sign.warning
    return titled or seen.frame is not None or seen.place.heading is not None


def _list_of(seen: Sighting) -> tuple[int, str | None]:
    row = _row(seen.block)
    return (row.parent.mem_id if row.parent is not None else row.mem_id), row.tag


def _row(block: LexborNode) -> LexborNode:
    """The outermost element that holds nothing beside this block, and of a cell its row."""
    here = block
    for _ in range(MOST_LEVELS):
        if here.parent is None or here.parent.tag in ("body", "html"):
            break
        if here.tag not in ("td", "th") and next(siblings(here), None) is not None:
            break
        here = here.parent
    return here
