"""The works and things of JSON-LD: a script parsed with bounds, and every object in it that states an age.

Sources: schema.org; JSON-LD 1.1, section 9 (how it stands in HTML); RFC 6901 (JSON pointers).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.labels.schema_org import AUDIENCE, PROPERTIES

MOST_JSON: Final = 1 << 20  # characters of one script
MOST_DEPTH: Final = 64
MOST_VALUES: Final = 100_000
MOST_HOLDING: Final = 10_000  # objects and lists of one script
BYTES_EACH: Final = 20  # a script that has more of them has so many characters for each
LONGEST_POINTER: Final = 1_000  # characters

# What is near by, not what the page is: its ages are not the page's own.
_ELSEWHERE: Final = frozenset({"isrelatedto", "issimilarto", "mentions", "citation", "isbasedon", "review", "comment"})
_LIST: Final = "itemlistelement"
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
    """An object that states an age, itself or of its audience.

    `listed`: the nearest element of a list (itemListElement) that it is or stands in. `elsewhere`: whether it stands in
    something that is near by, and not what the page is. `prefix`: of its pointer, which script it stands in.
    """

    value: dict[str, object]
    prefix: str
    step: "_Step"
    listed: dict[str, object] | None
    elsewhere: bool
    stated: tuple[Stated, ...]

    @property
    def pointer(self) -> str:
        """The JSON pointer that leads to it, after the prefix. Raises TooMuch.

        Made only for what is shown: a pointer for every value of a long-named branch would fill the memory.
        """
        keys = [_escaped(str(key)) for _, above, key, _ in _up(self.step) if above is not None]
        if sum(map(len, keys)) > LONGEST_POINTER:
            raise TooMuch(f"has a label behind names of more than {LONGEST_POINTER} characters")
        return self.prefix + "".join("/" + key for key in reversed(keys))


type _Step = tuple[dict[str, object] | list[object], _Step | None, str | int, int]
"""An object or list on the walk through a script: itself, what it was found in, under which key there, and how deep."""


def _up(step: _Step) -> Iterator[_Step]:
    """The step and those above it."""
    here: _Step | None = step
    while here is not None:
        yield here
        here = here[1]


def _around(step: _Step, names: dict[str | int, str]) -> tuple[dict[str, object] | None, bool]:
    """The element of a list that a step is or stands in, and whether it stands elsewhere. `names`: of the keys."""
    listed: dict[str, object] | None = None
    elsewhere = False
    for value, above, key, _ in _up(step):
        elsewhere = elsewhere or names.get(key) in _ELSEWHERE
        if listed is None and above is not None and isinstance(value, dict):
            around = above[2] if isinstance(above[0], list) else key
            listed = value if names.get(around) == _LIST else None
    return listed, elsewhere


class TooMuch(Exception):  # noqa: N818 - names what was found, not an error of the program
    """A script past a cap; the message is a clause such as "is nested too deep"."""


def parse_script(text: str) -> object:
    """The JSON of a script element. Raises TooMuch, and ValueError when it is no JSON."""
    if len(text) > MOST_JSON:
        raise TooMuch(f"is longer than {MOST_JSON} characters")
    text = text.strip()
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    text = text[:-64] + _CLOSING.sub("", text[-64:])
    text = text.rstrip("; \t\r\n")
    try:
        return _loads(text)
    except RecursionError:
        raise TooMuch("is nested too deep") from None
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


def entities_of(root: object, prefix: str, size: int = 0) -> Iterator[Entity]:
    """Every object in `root` that states an age; `prefix` goes before its pointer. Raises TooMuch.

    `size`: characters of the script.
    """
    seen, holding = 0, max(MOST_HOLDING, size // BYTES_EACH)
    names: dict[str | int, str] = {}  # of keys, without case and vocabulary
    telling: dict[str, bool] = {}  # keys: whether they may tell an age
    stack: list[_Step] = [(root, None, "", 0)] if isinstance(root, dict | list) else []
    while stack:
        step = stack.pop()
        value, _, _, depth = step
        seen += 1 + len(value)
        holding -= 1
        if seen > MOST_VALUES or depth >= MOST_DEPTH:
            raise TooMuch("is nested too deep" if depth >= MOST_DEPTH else f"has more than {MOST_VALUES} values")
        items: Iterable[tuple[str | int, object]]
        if isinstance(value, list):
            items = enumerate(value)
        else:
            for key in value:
                if key not in telling:
                    names[key] = _name_of(key)
                    telling[key] = names[key] in _TELLING
            if any(map(telling.__getitem__, value)) and (stated := tuple(_stated(value))):
                yield Entity(value, prefix, step, *_around(step, names), stated)
            items = value.items()
        if holding < 0:
            raise TooMuch("has very many objects and lists for its size")
        inside = [(item, step, key, depth + 1) for key, item in items if item and isinstance(item, dict | list)]
        inside.reverse()
        stack += inside


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
        types: tuple[str, ...] | None = None
        for key, inner in audience.items():
            if known := AUDIENCE.get(_name_of(key)):
                types = tuple(types_of(audience)) if types is None else types
                yield Stated(known, key, inner, f"{steps}/{_escaped(key)}", types)


def _is_audience(value: dict[str, object]) -> bool:
    """Whether an object is an audience: it speaks for what names it as its audience, not for itself."""
    return any(name.casefold().endswith("audience") for name in types_of(value))


def _name_of(key: str) -> str:
    return key.removeprefix("schema:").casefold()


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")  # RFC 6901, section 3


def types_of(value: dict[str, object]) -> list[str]:
    """The types of an object, as they are written."""
    types = value.get("@type")
    return [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
