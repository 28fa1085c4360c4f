"""How a value states an age: by a list of the values that mean something, as a mark of a scale, or as a mark of any.

Values are what JSON holds (text, numbers, true and false, objects, lists) and what elements and headers hold (text).
The forms are data: policies/vocabularies/json-keys.yaml and policies/sites.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import Field, StrictBool

from gateway.labels.scales import Mark, Scales
from gateway.labels.shape import Shape, Text
from gateway.policy.faults import Fault, known_words


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
