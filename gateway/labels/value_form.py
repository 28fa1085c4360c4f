"""How a value states an age: by a list of the values that mean something, as a mark of a scale, or as a mark of any.

Values are what JSON holds (text, numbers, true and false, objects, lists) and what elements and headers hold (text).
The forms are data: policies/vocabularies/json-keys.yaml and policies/sites.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pydantic import Field, StrictBool

from gateway.labels.json_tree import Repeated
from gateway.labels.scales import LONGEST_TEXT, Mark, Scales
from gateway.labels.shape import Shape, Text
from gateway.policy.faults import Fault, known_words

MOST_ITEMS: Final = 64
_CHOICE: Final = 3  # so many different ages in one list are a form to choose from

_WORD: Final = re.compile(r"[^\W\d_]+|[0-9]+|\+")


class FormEntry(Shape):
    """The keys of a YAML entry that say how a value is read."""

    values: dict[str, Text | None] = Field(default_factory=dict)
    others: StrictBool = False
    scale: Text | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The words in which programs write ages and rating objects; all folded."""

    numbers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  # "twelve" → 12
    leading: frozenset[str] = frozenset()  # "r" of "R12_PLUS"
    plus: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()  # names of a rating object's entries that may hold the mark
    systems: frozenset[str] = frozenset()  # names of its entries that may hold the system


@dataclass(frozen=True, slots=True)
class ValueForm:
    """A compiled form. `values`: folded text → its mark, or None where it says nothing."""

    values: Mapping[str, Mark | None] = field(default_factory=lambda: MappingProxyType({}))
    others: bool = True  # what `values` does not list is read as a mark
    scale: str | None = None

    def read(self, value: object, scales: Scales, words: Words, country: str | None = None) -> Mark | None:
        """The strictest mark that `value` names; None when it names none, or leaves it open."""
        marks = [mark for text, by in _texts(value, words) if (mark := self._one(text, by, scales, words, country))]
        if isinstance(value, list) and not isinstance(value, Repeated) and _is_open(value, marks):
            return None
        return max(marks, key=lambda mark: mark.min_age, default=None)

    def is_silent(self, value: object, scales: Scales) -> bool:
        """Whether `value` says openly that it says nothing: empty, false, "everyone", listed without a mark."""
        if not isinstance(value, str | int | float):
            return True  # nothing, or something with an inside, which is looked into on its own
        text = text_of(value)
        return value is False or not text or self.values.get(text, _UNLISTED) is None or scales.means_everyone(text)

    def _one(self, text: str, system: str, scales: Scales, words: Words, country: str | None) -> Mark | None:
        if text in self.values:
            return self.values[text]
        if not self.others or len(text) > LONGEST_TEXT or scales.means_everyone(text):
            return None
        known = self.scale or (scales.system(system) if system else None)
        return find_mark(text, scales, known, country) or _find_constant(text, scales, words, known)


def _is_open(values: list[object], marks: list[Mark]) -> bool:
    """Whether a list leaves the age open: a range of two numbers, or as many ages as a form to choose from has."""
    is_range = len(values) == 2 and all(type(value) in (int, float) for value in values)
    return is_range or len({mark.min_age for mark in marks}) >= _CHOICE


_UNLISTED: Final = Mark("", "", 0)


class FormFault(Fault):
    """A form that names what does not exist; `at` leads from the entry to where it does."""

    def __init__(self, message: str, hint: str | None, at: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.at = at


def compile_form(entry: FormEntry, scales: Scales) -> ValueForm:
    """The form of a YAML entry. Raises FormFault when it names a scale or a mark that does not exist."""
    if entry.scale is not None and entry.scale not in scales.ids:
        raise FormFault(f"there is no scale {entry.scale!r}", known_words(entry.scale, scales.ids), ("scale",))
    values = {
        text_of(text): None if mark is None else compile_mark(mark, scales, entry.scale, ("values", text))
        for text, mark in entry.values.items()
    }
    return ValueForm(MappingProxyType(values), entry.others or not values, entry.scale)


def compile_mark(text: str, scales: Scales, scale: str | None, at: tuple[str, ...]) -> Mark:
    """The mark that the entry at `at` names: of the scale if one is given. Raises FormFault when there is none."""
    mark = scales.find(text, scale=scale) if scale is not None else find_mark(text, scales)
    if mark is None:
        where = f"the scale {scale}" if scale is not None else "any scale"
        raise FormFault(f"{text!r} is no mark of {where}", "policies/scales has the marks and their spellings", at)
    return mark


def find_mark(text: str, scales: Scales, scale: str | None = None, country: str | None = None) -> Mark | None:
    """The mark that `text` spells: of the scale if one is given, else of any, else a word such as "adult"."""
    if scale is not None and (mark := scales.find(text, scale=scale)):
        return mark
    return scales.find(text, country=country) or scales.find(text, scale="web")


def text_of(value: str | int | float) -> str:
    """A scalar as forms list it: folded, without space around it, `true`, `18`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()


def fold_name(name: str) -> str:
    """A name without case, underscores and hyphens: ageRating, age_rating and AGE-RATING are one."""
    return name.casefold().replace("_", "").replace("-", "")


def _texts(value: object, words: Words, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each text in a value, folded, with the system that its object names ("" without one)."""
    if isinstance(value, str | int | float):
        yield text_of(value), ""
    elif isinstance(value, list) and depth < 3:
        for item in value[:MOST_ITEMS]:
            yield from _texts(item, words, depth + 1)
    elif isinstance(value, dict) and depth < 3 and len(value) <= MOST_ITEMS:
        named = {fold_name(name): inner for name, inner in value.items()}
        said = (named[name] for name in words.systems & named.keys())
        system = next((name[:LONGEST_TEXT] for name in said if isinstance(name, str)), "")
        for name in sorted(words.inner & named.keys()):
            for text, inner in _texts(named[name], words, depth + 1):
                yield text, inner or system


def _find_constant(text: str, scales: Scales, words: Words, scale: str | None) -> Mark | None:
    """The age in a program's constant: "TWELVE_PLUS", "R12_PLUS", "AGE_SIXTEEN"."""
    parts = _WORD.findall(text)
    while len(parts) > 1 and parts[0] in words.leading:
        parts = parts[1:]
    if not parts or len(parts) > 2 or (len(parts) == 2 and parts[1] not in words.plus):
        return None
    number = words.numbers.get(parts[0])
    if number is None and len(parts) == 2 and parts[0].isdigit() and len(parts[0]) <= 2:
        number = int(parts[0])
    return find_mark(f"{number}+", scales, scale) if number is not None else None
