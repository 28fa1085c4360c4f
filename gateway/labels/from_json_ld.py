"""Labels in JSON-LD: contentRating, typicalAgeRange, isFamilyFriendly and their kin, however deep they stand.

Sources: schema.org; JSON-LD 1.1, section 9 (how it stands in HTML); RFC 6901 (JSON pointers).
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.labels.json_tree import named, shown
from gateway.labels.label import Label, Scope
from gateway.labels.linked_data import Entity, Stated, TooMuch, entities_of, parse_script, types_of
from gateway.labels.page import Page
from gateway.labels.page_links import PageLinks
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import EVERYTHING, Blocked, Found, Note, Room
from gateway.labels.repeats import MOST_DIFFERENT, Repeats, TooManyDifferent
from gateway.labels.schema_org import AUDIENCE, PROPERTIES, Said, read_audience, read_property, texts_of

_NAMES: Final = (*PROPERTIES, *AUDIENCE, "\\u00")
MOST_STATED: Final = 1_100  # about age, of one page
_LOOKS_AN_ENTITY: Final = 8
_LOOKS_A_STATEMENT: Final = 10
_CHARACTERS_A_LOOK: Final = 24  # of a script
BYTES_EACH: Final = 100  # a page that has more of them has so many bytes for each, as listings have


class JsonLdReader:
    name = "json-ld"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.traces.hidden:
            return EVERYTHING
        # A script that is a property of microdata is read whatever its type.
        last = page.traces.schema_org if page.traces.json_ld or page.traces.itemprop else -1
        if last < 0:
            return None
        end = page.traces.folded.find(b"</script", last)
        return end + len(b"</script>") if end >= 0 else EVERYTHING

    def find(self, page: Page) -> Iterator[Found]:
        entities: list[Entity] = []
        stated, most = 0, max(MOST_STATED, len(page.source) // BYTES_EACH)
        scripts = [node for node in page.elements if node.tag == "script"]
        for number, script in enumerate(scripts, 1):
            text = script.text()
            if not _may_tell(text.lower()):
                continue
            page.work.charge(len(text) // _CHARACTERS_A_LOOK)
            try:
                for entity in entities_of(parse_script(text), f"script {number}: ", len(text)):
                    page.work.charge(_LOOKS_AN_ENTITY + _LOOKS_A_STATEMENT * len(entity.stated))
                    entities.append(entity)
                    stated += len(entity.stated)
                    if stated > most:
                        raise TooMuch(f"is past the {most} places that may speak of an age")
            except TooMuch as fault:
                yield Blocked(UnreadableReason.MALFORMED, f"JSON-LD script {number} {fault}")
                if stated > most:
                    return
            except ValueError as fault:
                yield Note(f"JSON-LD script {number} is not JSON: {fault}")
        try:
            yield from limited(_Statements(page).found(entities))
        except TooManyDifferent as refused:
            yield Blocked(UnreadableReason.MALFORMED, f"in JSON-LD, {refused}")
        except TooMuch as fault:
            yield Blocked(UnreadableReason.MALFORMED, f"the JSON-LD {fault}")


class _Statements:
    """What the entities of one page say. Ratings and links repeat: each is looked up once."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._links = PageLinks(page)
        self._room = Room()
        self._ages: dict[tuple[str, str], Said | None] = {}
        self._told: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}
        self._read: Repeats[Said | None] = Repeats(
            lambda name, text, system: read_property(name, text, page.data.scales, system=system, country=page.country),
            page.work,
        )

    def found(self, entities: list[Entity]) -> Iterator[Found | Part]:
        own = (entity for entity in entities if entity.listed is None and not entity.elsewhere)
        same_type = Counter(map(_type_of, own))
        for entity in entities:
            yield from self._labels(entity, several=same_type[_type_of(entity)] > 1)

    def _labels(self, entity: Entity, *, several: bool) -> Iterator[Found | Part]:
        types = tuple(types_of(entity.value))
        said = [(stated, *self._said(types, stated)) for stated in entity.stated]
        part = None
        if entity.elsewhere or any(what is not None for _, what, _ in said):
            part = self._part_of(entity, several=several)
        if entity.elsewhere and part is None:
            if self._room.take():
                yield Note(f"{entity.pointer} speaks of something else than this page")
            return
        for stated, what, remark in said:
            if what is not None:
                # An item that cannot be found on the page cannot be masked: Art. 15(3), the oldest category counts.
                yield Part(what.mark, what.trust, partial(_label, entity, stated, what, part), of_page=part is None)
                if what.remark and self._room.take():
                    yield Note(f"{stated.name} {what.raw[:80]!r}: {what.remark}")
            elif self._room.take():
                yield Note(f"{stated.name} {remark.format(named(stated.value))}")

    def _part_of(self, entity: Entity, *, several: bool) -> str | None:
        """The selector of the item that an entity speaks of; None when it speaks of the page, or is not found."""
        if entity.listed is None and not entity.elsewhere and (not several or _is_main(entity, self._page)):
            return None
        address = _address_of(entity.value) or _address_of(entity.listed or {})
        return self._links.part_linking(address) if address else None

    def _said(self, types: tuple[str, ...], stated: Stated) -> tuple[Said | None, str]:
        """What is said, and what to remark of its value if that is nothing."""
        if stated.name in PROPERTIES.values():
            said = self._strictest(stated.name.casefold(), stated.value)
        elif self._is_told_by_content(types, stated.audience):
            said = self._age_of_audience(stated.name.casefold(), stated.value)
        else:
            # Of a product it says who wears it, of an event who may come in.
            return None, "{} is not said of a work: it may be a buyer's age"
        return said, "says {}, which is no label"

    def _age_of_audience(self, name: str, value: object) -> Said | None:
        key = (name, str(value)) if type(value) in (str, int) else None
        if key is None or key not in self._ages:
            said = read_audience(name, value, self._page.data.scales)
            if key is None or len(self._ages) >= MOST_DIFFERENT:
                return said
            self._ages[key] = said
        return self._ages[key]

    def _is_told_by_content(self, things: tuple[str, ...], audience: tuple[str, ...]) -> bool:
        known = self._told.get((things, audience))
        if known is None:
            known = self._told[things, audience] = self._page.data.schema_org.is_told_by_content(things, audience)
        return known

    def _strictest(self, name: str, value: object) -> Said | None:
        read = (self._read.answer(name, text, system)[0] for text, system in texts_of(value))
        return max((said for said in read if said), key=lambda said: said.mark.min_age, default=None)


def _may_tell(lower: str) -> bool:
    """Whether one of the names is in a script, or may be, spelt in escapes."""
    return any(map(lower.__contains__, _NAMES))


def _label(entity: Entity, stated: Stated, said: Said, part: str | None) -> Label:
    return Label(
        scale=said.mark.scale,
        mark=said.mark.mark,
        min_age=said.mark.min_age,
        scope=Scope.PAGE if part is None else Scope.PART,
        trust=said.trust,
        carrier=JsonLdReader.name,
        raw=f'"{stated.key}": {shown(stated.value)}',
        place=part or f"{entity.pointer}{stated.pointer}",
        part=part,
    )


def _type_of(entity: Entity) -> str:
    return str(entity.value.get("@type", ""))


def _address_of(value: dict[str, object]) -> str:
    inner = value.get("item")
    places = [value, inner] if isinstance(inner, dict) else [value]
    keys = ("url", "@id", "item")
    return next((text for place in places for key in keys if isinstance(text := place.get(key), str)), "")


def _is_main(entity: Entity, page: Page) -> bool:
    if "mainEntityOfPage" in entity.value:
        return True
    return page.url is not None and _address_of(entity.value).partition("#")[0] == page.url.href
