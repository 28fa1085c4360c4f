"""Labels in JSON-LD: contentRating, typicalAgeRange, isFamilyFriendly and their kin, however deep they stand.

Sources: schema.org; JSON-LD 1.1, section 9 (how it stands in HTML); RFC 6901 (JSON pointers).
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.labels.label import Label, Scope
from gateway.labels.listing import part_linking
from gateway.labels.page import Page
from gateway.labels.reader import EVERYTHING, Blocked, Found, Note
from gateway.labels.schema_org import AUDIENCE, PROPERTIES, Said, read_audience, read_property, texts_of

MOST_JSON: Final = 1 << 20  # characters of one script
MOST_DEPTH: Final = 64
MOST_VALUES: Final = 100_000
LONGEST_POINTER: Final = 1_000  # characters

# What is near by, not what the page is: its ages are not the page's own.
_ELSEWHERE: Final = frozenset({"isrelatedto", "issimilarto", "mentions", "citation", "isbasedon", "review", "comment"})
_TELLING: Final = {**PROPERTIES, **AUDIENCE, "audience": "audience"}
# Wrappings from the days when scripts were hidden from browsers; only at the very start and end.
_OPENING: Final = re.compile(r"(?://|/\*)?\s{0,8}(?:<!\[CDATA\[|<!--)\s{0,8}(?:\*/)?")
_CLOSING: Final = re.compile(r"(?://|/\*)?\s{0,8}(?:\]\]>|-->)\s{0,8}(?:\*/)?$")
_TRAILING_COMMA: Final = re.compile(r",(?=\s{0,100}[}\]])")


@dataclass(frozen=True, slots=True)
class Stated:
    """A property about age: its name as schema.org writes it, its key, its value, and the pointer from its entity."""

    name: str
    key: str
    value: object
    pointer: str
    audience: tuple[str, ...] = ()  # its types, when an audience states it


@dataclass(frozen=True, slots=True)
class Entity:
    """An object that states an age, itself or of its audience. `listed`: the item of a list in which it stands."""

    value: dict[str, object]
    pointer: str
    listed: dict[str, object] | None
    elsewhere: bool
    stated: tuple[Stated, ...]


class JsonLdReader:
    name = "json-ld"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.traces.hidden:
            return EVERYTHING
        last = page.traces.schema_org
        if last < 0:
            return None
        end = page.traces.folded.find(b"</script", last)
        return end + len(b"</script>") if end >= 0 else EVERYTHING

    def find(self, page: Page) -> Iterator[Found]:
        entities: list[Entity] = []
        scripts = [node for node in page.elements if node.tag == "script"]
        for number, script in enumerate(scripts, 1):
            text = script.text()
            lower = text.lower()
            if not any(name in lower for name in (*PROPERTIES, *AUDIENCE)) and "\\u00" not in lower:
                continue
            try:
                entities += _entities(_parse(text), f"script {number}: ")
            except _TooMuch as fault:
                yield Blocked(UnreadableReason.MALFORMED, f"JSON-LD script {number} {fault}")
            except ValueError as fault:
                yield Note(f"JSON-LD script {number} is not JSON: {fault}")
        same_type = Counter(_type_of(entity) for entity in entities if entity.listed is None and not entity.elsewhere)
        for entity in entities:
            yield from self._labels(page, entity, several=same_type[_type_of(entity)] > 1)

    def _labels(self, page: Page, entity: Entity, *, several: bool) -> Iterator[Found]:
        own = entity.listed is None and not entity.elsewhere and (not several or _is_main(entity, page))
        part = None if own else part_linking(page, _address_of(entity.value) or _address_of(entity.listed or {}))
        if entity.elsewhere and part is None:
            yield Note(f"{entity.pointer} speaks of something else than this page")
            return
        for stated in entity.stated:
            said = self._said(page, entity, stated)
            if isinstance(said, Note):
                yield said
                continue
            yield Label(
                scale=said.mark.scale,
                mark=said.mark.mark,
                min_age=said.mark.min_age,
                # An item that cannot be found on the page cannot be masked: Art. 15(3), the oldest category counts.
                scope=Scope.PAGE if part is None else Scope.PART,
                trust=said.trust,
                carrier=self.name,
                raw=f'"{stated.key}": {json.dumps(stated.value, ensure_ascii=False, default=str)[:200]}',
                place=part or f"{entity.pointer}{stated.pointer}",
                part=part,
            )
            if said.remark:
                yield Note(f"{stated.name} {said.raw[:80]!r}: {said.remark}")

    def _said(self, page: Page, entity: Entity, stated: Stated) -> Said | Note:
        if stated.name in PROPERTIES.values():
            said = _strictest(page, stated.name.casefold(), stated.value)
        elif page.data.schema_org.is_told_by_content(_types_of(entity.value), stated.audience):
            said = read_audience(stated.name.casefold(), stated.value, page.data.scales)
        else:
            # Of a product it says who wears it, of an event who may come in.
            return Note(f"{stated.name} {str(stated.value)[:80]!r} is not said of a work: it may be a buyer's age")
        return said or Note(f"{stated.name} says {str(stated.value)[:80]!r}, which is no label")


@dataclass(frozen=True, slots=True)
class _Step:
    """One value on the walk through a script, with what it was found in and under which name or place there."""

    value: object
    above: "_Step | None" = None
    key: str | int = ""
    listed: dict[str, object] | None = None
    elsewhere: bool = False
    depth: int = 0
    is_list: bool = False

    def pointer(self) -> str:
        """Made only for what states an age: a pointer for every value of a long-named branch would fill the memory."""
        keys: list[str] = []
        here = self
        while here.above is not None:
            keys.append(_escaped(str(here.key)))
            here = here.above
        if sum(map(len, keys)) > LONGEST_POINTER:
            raise _TooMuch(f"has a label behind names of more than {LONGEST_POINTER} characters")
        return "".join("/" + key for key in reversed(keys))


class _TooMuch(Exception):  # noqa: N818 - names what was found, not an error of the program
    pass


def _parse(text: str) -> object:
    if len(text) > MOST_JSON:
        raise _TooMuch(f"is longer than {MOST_JSON} characters")
    text = text.strip()
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    text = text[:-64] + _CLOSING.sub("", text[-64:])
    text = text.rstrip("; \t\r\n")
    try:
        return _loads(text)
    except RecursionError:
        raise _TooMuch("is nested too deep") from None
    except ValueError:
        return _loads(_TRAILING_COMMA.sub("", text))


def _loads(text: str) -> object:
    return json.loads(text, strict=False, object_pairs_hook=_all_pairs)


def _all_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; the values of a name that is there twice become a list, so that the strictest of them counts."""
    whole = dict(pairs)
    if len(whole) == len(pairs):
        return whole
    every: dict[str, list[object]] = {}
    for key, value in pairs:
        every.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in every.items()}


def _entities(root: object, prefix: str) -> Iterator[Entity]:
    """Every object that states an age, walking without recursion."""
    seen = 0
    stack = [_Step(root)]
    while stack:
        step = stack.pop()
        seen += 1
        if seen > MOST_VALUES or step.depth > MOST_DEPTH:
            raise _TooMuch("is nested too deep" if step.depth > MOST_DEPTH else f"has more than {MOST_VALUES} values")
        value = step.value
        if isinstance(value, dict) and (stated := tuple(_stated(value))):
            yield Entity(value, prefix + step.pointer(), step.listed, step.elsewhere, stated)
        stack += reversed(list(_inside(step)))


def _stated(value: dict[str, object]) -> Iterator[Stated]:
    """What an object states of an age, itself and of its audience."""
    for key, inner in value.items():
        name = _name_of(key)
        if name not in _TELLING:
            continue
        if name == "audience":
            yield from _of_audience(inner, f"/{_escaped(key)}")
        elif name in PROPERTIES or not _is_audience(value):
            yield Stated(_TELLING[name], key, inner, f"/{_escaped(key)}")


def _of_audience(value: object, pointer: str) -> Iterator[Stated]:
    audiences = enumerate(value) if isinstance(value, list) else [(None, value)]
    for place, audience in audiences:
        if not isinstance(audience, dict):
            continue
        steps = pointer if place is None else f"{pointer}/{place}"
        for key, inner in audience.items():
            if known := AUDIENCE.get(_name_of(key)):
                yield Stated(known, key, inner, f"{steps}/{_escaped(key)}", tuple(_types_of(audience)))


def _is_audience(value: dict[str, object]) -> bool:
    """Whether an object is an audience: it speaks for what names it as its audience, not for itself."""
    return any(name.casefold().endswith("audience") for name in _types_of(value))


def _inside(step: "_Step") -> Iterator["_Step"]:
    if isinstance(step.value, list):
        for place, item in enumerate(step.value):
            listed = item if step.is_list and isinstance(item, dict) else step.listed
            yield _Step(item, step, place, listed, step.elsewhere, step.depth + 1)
    elif isinstance(step.value, dict):
        for key, inner in step.value.items():
            name = _name_of(key)
            is_list = name == "itemlistelement"
            listed = inner if is_list and isinstance(inner, dict) else step.listed
            elsewhere = step.elsewhere or name in _ELSEWHERE
            yield _Step(inner, step, key, listed, elsewhere, step.depth + 1, is_list)


def _name_of(key: str) -> str:
    return key.removeprefix("schema:").casefold()


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")  # RFC 6901, section 3


def _strictest(page: Page, name: str, value: object) -> Said | None:
    read = (
        read_property(name, text, page.data.scales, system=system, country=page.country)
        for text, system in texts_of(value)
    )
    return max((said for said in read if said), key=lambda said: said.mark.min_age, default=None)


def _types_of(value: dict[str, object]) -> list[str]:
    types = value.get("@type")
    return [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]


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
