"""Signs as they are sighted on a page: each with its line, its element and its place; mere mentions are left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.attribute_texts import attribute_texts
from gateway.labels.label import Trust
from gateway.labels.listing import PartFinder
from gateway.labels.most_sightings import MOST_SIGHTINGS, TooMany
from gateway.labels.named_sign import NamedSign, named_signs
from gateway.labels.place import Place, PlaceFinder, ancestors, linked
from gateway.labels.sign_names import SignNames
from gateway.labels.sign_places import sign_places
from gateway.labels.signs import Fit, Sign, Signs, plain
from gateway.labels.style_text import StyleText, style_texts
from gateway.labels.surroundings import LONGEST_NAME, Surroundings
from gateway.labels.visible_text import Line, VisibleText, visible_text
from gateway.labels.work import Work

LEVELS_TO_LOGO: Final = 4  # between a picture and the area of the logo
LEAST_LIST: Final = 3  # different marks side by side; two may be a page that contradicts itself: the strictest counts
LOOKS_A_SIGN: Final = 6  # beside the walks around it
LOOKS_A_LINE: Final = 10  # that is read for signs
CHARACTERS_A_LOOK: Final = 4
# Stressed words in a sentence, not badges.
_STRESS: Final = frozenset({"a", "b", "code", "em", "i", "mark", "q", "s", "strong", "u"})


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sign on a page. `part`: the item of a listing that it stands in."""

    sign: Sign
    line: str
    element: LexborNode
    block: LexborNode
    place: Place
    part: LexborNode | None
    carrier: str = "visible-sign"
    trust: Trust | None = None  # of a name, which says less than a text

    @property
    def frame(self) -> LexborNode | None:
        """The page's header or footer that it stands in; a sign beside the page's title is the page's own."""
        return None if self.place.heading is not None else self.place.footer or self.place.header


def sightings(
    tree: LexborHTMLParser,
    signs: Signs,
    words: Sequence[str],
    *,
    names: SignNames | None = None,
    most: int = MOST_SIGHTINGS,
    visible: VisibleText | None = None,
    parts: PartFinder | None = None,
    work: Work | None = None,
    only_in_text: bool = False,
    has_styles: bool = True,
) -> list[Sighting]:
    """Every sign of a page that stands where a sign may stand; `words` are those of warnings that may be there.

    With `names`, the names of pictures and classes are looked at too, after what the page says. Raises TooMany when
    more than `most` places look like signs, and TooMuchWork when `work` is used up. `visible` and `parts`: those of the
    tree, if they are made already. `only_in_text`: no attribute and no title of a drawing has a mark or one of the
    `words`. `has_styles`: whether there may be a style sheet.
    """
    work = work or Work()
    visible, parts = visible or visible_text(tree, work), parts or PartFinder(tree, work)
    lookout = _Lookout(
        tree, signs, words, names, visible, parts, work, only_in_text=only_in_text, has_styles=has_styles
    )
    return lookout.sightings(most)


class _Lookout:
    """Looks through one page. Places, parts and lines that were read are kept: badges repeat."""

    def __init__(
        self,
        tree: LexborHTMLParser,
        signs: Signs,
        words: Sequence[str],
        names: SignNames | None,
        visible: VisibleText,
        parts: PartFinder,
        work: Work,
        *,
        only_in_text: bool,
        has_styles: bool,
    ) -> None:
        self._only_in_text, self._has_styles = only_in_text, has_styles
        self._tree, self._signs, self._words, self._names = tree, signs, words, names
        self._visible, self._parts, self._work = visible, parts, work
        self._places = PlaceFinder(signs.places, work)
        self._around = Surroundings(signs, work)
        self._read: dict[str, tuple[Sign, ...]] = {}
        self._imprints: dict[str, bool] = {}
        self._areas: dict[int, bool] = {}  # by the number of an element

    def sightings(self, most: int) -> list[Sighting]:
        found: list[Sighting] = []
        for looked, seen in enumerate(chain(*self._everywhere(most))):
            if looked >= most:
                raise TooMany(most)
            if seen is not None:
                found.append(seen)
        return self._without_lists(found)

    def _everywhere(self, most: int) -> Iterator[Iterator[Sighting | None]]:
        yield self._in_text(most)
        yield self._in_attributes()
        if self._has_styles:
            yield (self._drawn(each) for each in style_texts(self._tree, self._work))
        if self._names is not None:
            yield (self._named(each, self._names) for each in named_signs(self._tree, self._names, self._work))

    def _in_text(self, most: int) -> Iterator[Sighting | None]:
        """A sighting, or None where a closer look showed none, for each place that looked like one.

        Raises TooMany before the first closer look when there are more than `most`.
        """
        visible = self._visible
        places = sign_places(visible.text, self._words, self._signs.places.adults_only)
        seen = filter(visible.is_seen, places) if len(places) > most else iter(())
        if next(islice(seen, most, None), None) is not None:
            raise TooMany(most)
        for at in places:
            line = visible.line_at(at)
            if line is None:
                continue
            sign = next((sign for sign in self._signs_in(line.text) if sign.start <= line.at < sign.end), None)
            if sign is None:
                yield self._beside_title(line)
            else:
                yield self._standing(sign, line.text, line.element_of(sign.start, sign.end), line.block)

    def _beside_title(self, line: Line) -> Sighting | None:
        """An age in years beside its title: <th>Возрастное ограничение</th><td>от 16 лет</td>."""
        if len(line.text) > LONGEST_NAME or self._signs.language_of_title(line.text) is None:
            return None
        titled = self._around.titled_by(line.element_of(line.at, line.at + 1)) or self._around.titled_by(line.block)
        if titled is None:
            return None
        element, words = titled
        whole = f"{line.text.strip(' :')}: {words}"
        sign = next((each for each in self._signs_in(whole) if each.in_years and each.fit >= Fit.NOTICE), None)
        return self._standing(sign, whole, element, element) if sign is not None else None

    def _signs_in(self, line: str) -> tuple[Sign, ...]:
        found = self._read.get(line)
        if found is None:
            self._work.charge(LOOKS_A_LINE + len(line) // CHARACTERS_A_LOOK)
            found = self._read[line] = self._signs.read(line)
            self._work.charge(3 * len(found))
        return found

    def _in_attributes(self) -> Iterator[Sighting | None]:
        if self._only_in_text:
            return
        for node, text in attribute_texts(self._tree, self._words, self._signs.places.adults_only, self._work):
            signs = [sign for sign in self._signs_in(text) if sign.fit >= Fit.NOTICE]
            yield from (self._standing(sign, text, node, node) for sign in signs)
            if not signs:
                yield None

    def _drawn(self, drawn: StyleText) -> Sighting | None:
        """A sign of which at least a part is drawn by a style sheet: "18" with a drawn plus, or all of it."""
        own = (self._around.name_of(drawn.element) or "").strip()
        line = drawn.text + own if drawn.is_before else own + drawn.text
        start, end = (0, len(drawn.text)) if drawn.is_before else (len(own), len(line))
        sign = next((each for each in self._signs_in(line) if each.start < end and each.end > start), None)
        seen = self._standing(sign, line, drawn.element, drawn.element) if sign is not None else None
        return replace(seen, carrier="style-content") if seen is not None else None

    def _named(self, named: NamedSign, names: SignNames) -> Sighting | None:
        """A sign that only a name shows. Alone it is soft where the page speaks of itself, else no more than a hint."""
        line = f"{named.age}+"
        sign = Sign(line, named.age, 0, len(named.raw if named.is_number else line), Fit.WHOLE)
        if named.is_number:
            seen = self._standing(sign, named.raw, named.element, named.element)
            return replace(seen, carrier=named.carrier, trust=Trust.C) if seen is not None else None
        seen = self._standing(sign, line, named.element, named.element)
        if seen is None or seen.part is not None:
            return None
        place, outer = seen.place, named.element.parent
        if place.footer is None and (
            not named.is_clear or (outer is not None and self._places.place_of(outer).article)
        ):
            return None
        around = islice(ancestors(named.element), 1, 1 + LEVELS_TO_LOGO)
        is_own = (
            place.footer is not None
            or place.header is not None
            or (place.heading is not None and self._is_title(seen))
            or any(self._is_area(here, names) for here in around)
        )
        trust = Trust.C if named.is_clear and is_own else Trust.D
        return replace(seen, line=named.raw, carrier=named.carrier, trust=trust)

    def _is_area(self, element: LexborNode, names: SignNames) -> bool:
        if element.mem_id not in self._areas:
            self._areas[element.mem_id] = names.is_area(element.attributes.get("class") or "")
        return self._areas[element.mem_id]

    def _standing(self, sign: Sign, line: str, element: LexborNode, block: LexborNode) -> Sighting | None:
        """The sighting, when the sign stands where a sign may stand."""
        self._work.charge(LOOKS_A_SIGN)
        place = self._places.place_of(element)
        text = plain(line[sign.start : sign.end]).strip()
        if place.deaf or self._is_mere_link(place, text):
            return None
        language = sign.language or self._around.title_before(element)
        if language is None and block.mem_id != element.mem_id:
            language = self._around.title_before(block)
        if language is not None and sign.fit >= Fit.CLAUSE:
            sign = replace(sign, language=language, fit=max(sign.fit, Fit.NOTICE))
        if sign.language is None and (
            self._around.follows_guard(element)
            or (block.mem_id != element.mem_id and self._around.follows_guard(block))
            or self._around.is_statistic(block, text)
        ):
            return None
        part = None if place.footer is not None else self._parts.part_of(element) or linked(place)
        found = Sighting(sign, line, element, block, place, part)
        return found if self._counts(found, text) else None

    def _counts(self, seen: Sighting, text: str) -> bool:
        sign, place = seen.sign, seen.place
        if sign.led and place.footer is None and sign.language is None:
            return False
        if sign.fit >= Fit.NOTICE:
            return True
        framed = place.header is not None or place.footer is not None
        if sign.fit >= Fit.ENDING and (framed or self._is_imprint(seen.line)):
            return True
        ends_line = not seen.line[sign.end :].strip(' \x1f)]»"')
        if sign.fit >= Fit.ENDING and ends_line and place.heading is not None and self._is_title(seen):
            return True
        return not sign.warning and (place.heading is None or self._is_title(seen)) and self._is_badge(seen, text)

    def _is_imprint(self, line: str) -> bool:
        known = self._imprints.get(line)
        if known is None:
            self._work.charge(2 + len(line) // CHARACTERS_A_LOOK // 2)
            known = self._imprints[line] = self._signs.is_imprint(line)
        return known

    def _is_title(self, seen: Sighting) -> bool:
        """The page's title, or that of an item; other headings speak about something."""
        heading = seen.place.heading
        return heading is not None and (heading.tag == "h1" or seen.part is not None or not self._parts.has_title)

    def _is_badge(self, seen: Sighting, text: str) -> bool:
        """Whether the sign has a small element of its own: <span class="age">16+</span>, <sup>16+</sup>."""
        element = seen.element
        if element.mem_id == seen.block.mem_id or element.tag in _STRESS:
            return False
        own = self._around.name_of(element)
        return (
            own is not None
            and plain(own).strip() == text
            and (element.tag in ("sup", "sub", "small") or "class" in element.attributes)
        )

    def _is_mere_link(self, place: Place, text: str) -> bool:
        """A link that says nothing else leads to things of that age; in a footer it explains the page's own sign."""
        if place.link is None or place.footer is not None:
            return False
        words = self._around.name_of(place.link)
        return words is not None and plain(words).strip(" \t\n()[]") in ("", text)

    def _without_lists(self, found: list[Sighting]) -> list[Sighting]:
        """Leaves out different marks side by side without names: a filter, a legend, an explanation of all marks."""
        own = (seen for seen in found if seen.part is None and not _is_announced(seen))
        bare = [(seen, self._around.list_of(seen.block)) for seen in own]
        ages: dict[tuple[int, str | None], set[int]] = {}
        for seen, listing in bare:
            ages.setdefault(listing, set()).add(seen.sign.min_age)
        listed = {id(seen) for seen, listing in bare if len(ages[listing]) >= LEAST_LIST}
        return [seen for seen in found if id(seen) not in listed]


def _is_announced(seen: Sighting) -> bool:
    """Whether a sign stands where it says what it is, so that others near it change nothing."""
    if seen.trust is not None:
        return False
    titled = seen.sign.language is not None and not seen.sign.warning
    return titled or seen.frame is not None or seen.place.heading is not None
