"""Reads values by their forms: what one response says in them, with a limit on how many different ones it may have."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.labels.json_tree import Repeated, TooMuch
from gateway.labels.scales import LONGEST_TEXT, Mark, Scales
from gateway.labels.value_form import ValueForm, Words, find_mark, fold_name, text_of

MOST_TEXTS: Final = 500  # different ones that are looked up; nobody has so many ratings
MOST_ITEMS: Final = 64  # of a list of ratings
_CHOICE: Final = 3  # so many different ages in one list are a form to choose from

_WORD: Final = re.compile(r"[^\W\d_]+|[0-9]+|\+")
_UNLISTED: Final = Mark("", "", 0)


class ValueReader:
    """What values of one response mean. A text that was looked up once is not looked up again."""

    def __init__(self, scales: Scales, words: Words, country: str | None) -> None:
        self._scales = scales
        self._words = words
        self._country = country
        self._known: dict[tuple[str, str | None], Mark | None] = {}

    def read(self, form: ValueForm, value: object) -> Mark | None:
        """The strictest mark that `value` names; None when it names none, or leaves it open. Raises TooMuch."""
        marks = [mark for text, system in self._texts(value) if (mark := self._one(form, text, system))]
        if isinstance(value, list) and not isinstance(value, Repeated) and _is_open(value, marks):
            return None
        return max(marks, key=lambda mark: mark.min_age, default=None)

    def is_silent(self, form: ValueForm, value: object) -> bool:
        """Whether `value` says openly that it says nothing: empty, false, "everyone", listed without a mark."""
        if not isinstance(value, str | int | float):
            return True  # nothing, or something with an inside, which is looked into on its own
        text = text_of(value)
        if value is False or not text or form.values.get(text, _UNLISTED) is None:
            return True
        return self._scales.means_everyone(text[:LONGEST_TEXT])

    def _one(self, form: ValueForm, text: str, system: str) -> Mark | None:
        if text in form.values:
            return form.values[text]
        if not form.others or len(text) > LONGEST_TEXT:
            return None
        scale = form.scale or (self._scales.system(system) if system else None)
        key = text, scale
        if key not in self._known:
            if len(self._known) >= MOST_TEXTS:
                raise TooMuch(f"has more than {MOST_TEXTS} different ratings")
            self._known[key] = self._look_up(text, scale)
        return self._known[key]

    def _look_up(self, text: str, scale: str | None) -> Mark | None:
        if self._scales.means_everyone(text):
            return None
        return find_mark(text, self._scales, scale, self._country) or self._find_constant(text, scale)

    def _find_constant(self, text: str, scale: str | None) -> Mark | None:
        """The age in a program's constant: "TWELVE_PLUS", "R12_PLUS", "AGE_SIXTEEN"."""
        words = self._words
        parts = _WORD.findall(text)
        while len(parts) > 1 and parts[0] in words.leading:
            parts = parts[1:]
        if not parts or len(parts) > 2 or (len(parts) == 2 and parts[1] not in words.plus):
            return None
        number = words.numbers.get(parts[0])
        if number is None and len(parts) == 2 and parts[0].isdigit() and len(parts[0]) <= 2:
            number = int(parts[0])
        return find_mark(f"{number}+", self._scales, scale) if number is not None else None

    def _texts(self, value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Each text in a value, folded, with the system that its object names ("" without one)."""
        if isinstance(value, str | int | float):
            yield text_of(value), ""
        elif isinstance(value, list) and depth < 3:
            for item in value[:MOST_ITEMS]:
                yield from self._texts(item, depth + 1)
        elif isinstance(value, dict) and depth < 3 and len(value) <= MOST_ITEMS:
            named = {fold_name(name): inner for name, inner in value.items()}
            said = (named[name] for name in self._words.systems & named.keys())
            system = next((name[:LONGEST_TEXT] for name in said if isinstance(name, str)), "")
            for name in sorted(self._words.inner & named.keys()):
                for text, inner in self._texts(named[name], depth + 1):
                    yield text, inner or system


def _is_open(values: list[object], marks: list[Mark]) -> bool:
    """Whether a list leaves the age open: a range of two numbers, or as many ages as a form to choose from has."""
    is_range = len(values) == 2 and all(type(value) in (int, float) for value in values)
    return is_range or len({mark.min_age for mark in marks}) >= _CHOICE
