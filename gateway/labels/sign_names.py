"""Names that show an age: of a picture's file ("18plus.png"), of a class ("age-limit"): policies/signs/names.yaml."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.labels.shape import NamesFile
from gateway.labels.traces import Traces

NAME_AGES: Final = (0, 6, 12, 14, 16, 18, 21)
LONGEST_NAME: Final = 200  # characters of a file name or a class name that are looked at
_AGES: Final = "|".join(str(age) for age in sorted(NAME_AGES, reverse=True))
_HOLE: Final = "{age}"
_WORD: Final = re.compile(r"[a-zа-яё]+|[0-9]+")
# What build tools and retina screens add: "18plus.3f2a1b9c.svg", "18plus@2x.png", "18plus-64x64.png".
_ADDED: Final = re.compile(r"@[0-9]x|[-_][0-9]{1,4}x[0-9]{1,4}|[-_.](?=[a-z]*[0-9])[0-9a-f]{6,40}(?![0-9a-z])")
_PLUS_IN_NAME: Final = re.compile(rb"\+(?<=[0-9]\+)[.@_-]")
_EXTENSION: Final = re.compile(r"\.[a-z0-9]{2,5}$")


@dataclass(frozen=True, slots=True)
class SignNames:
    """The compiled file. Build with `sign_names_of`."""

    scales: frozenset[str] = frozenset()
    forms: tuple[re.Pattern[str], ...] = ()
    weak: tuple[re.Pattern[str], ...] = ()
    classes: re.Pattern[str] = re.compile(r"(?!)")
    beside: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    traces: tuple[tuple[bytes, re.Pattern[bytes]], ...] = ()  # a word of a name, and the name around it

    def age_in_file(self, address: str) -> tuple[int, bool] | None:
        """The age that the address of a picture shows in its last step, and whether clearly; None for no sign."""
        path, _, fragment = address.strip().partition("#")
        last = fragment or path.partition("?")[0].rstrip("/").rpartition("/")[2]
        name = _EXTENSION.sub("", _ADDED.sub("", last[-LONGEST_NAME:].casefold()))
        return self._age_in(name)

    def age_in_class(self, name: str) -> int | None:
        """The age that one class name shows clearly."""
        found = self._age_in(name.casefold()) if len(name) <= LONGEST_NAME else None
        return found[0] if found is not None and found[1] else None

    def is_limit(self, classes: str) -> bool:
        """Whether a class attribute says that its element holds an age."""
        return self.classes.search(classes[: 5 * LONGEST_NAME].casefold()) is not None

    def is_area(self, classes: str) -> bool:
        """Whether a class attribute says that its element is where a site shows who it is."""
        return any(name in self.areas for name in classes[: 5 * LONGEST_NAME].casefold().split())

    def may_be_in(self, traces: Traces) -> bool:
        """Whether the page's bytes have something like one of the names, but for those with a plus sign."""
        return any(traces.has(word) and around.search(traces.folded) for word, around in self.traces)

    def may_be_anyhow_in(self, traces: Traces) -> bool:
        """`may_be_in`, those with a plus sign too: for a page that is read whatever its names are."""
        return traces.hidden or self.may_be_in(traces) or _PLUS_IN_NAME.search(traces.folded) is not None

    def _age_in(self, name: str) -> tuple[int, bool] | None:
        for forms, is_clear in ((self.forms, True), (self.weak, False)):
            for form in forms:
                match = form.search(name)
                if match is not None and self._is_sign(name[: match.start()] + " " + name[match.end() :]):
                    return int(match["age"]), is_clear
        return None

    def _is_sign(self, rest: str) -> bool:
        return all(word in self.beside for word in _WORD.findall(rest))


def sign_names_of(file: NamesFile) -> SignNames:
    """The compiled file. Raises ValueError with a sentence for a form without one {age}."""
    every = (*file.forms, *file.weak)
    for form in every:
        if form.count(_HOLE) != 1:
            raise ValueError(f"the form {form!r} of a name must have one {_HOLE}")
    return SignNames(
        scales=frozenset(file.scales),
        forms=tuple(map(_form, file.forms)),
        weak=tuple(map(_form, file.weak)),
        classes=re.compile(rf"(?<![a-z])(?:{'|'.join(map(_hyphened, _longest_first(file.classes)))})(?![a-z])"),
        beside=frozenset(word.casefold() for word in file.beside),
        areas=frozenset(word.casefold() for word in file.areas),
        traces=tuple(_traces(every, file.classes)),
    )


def _form(form: str) -> re.Pattern[str]:
    before, after = map(_hyphened, form.split(_HOLE))
    return re.compile(rf"(?<![0-9a-z]){before}(?P<age>{_AGES}){after}(?![0-9a-z+])")


def _hyphened(text: str) -> str:
    return re.escape(text.casefold()).replace(r"\-", "[-_]?")


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _traces(forms: Iterable[str], classes: Iterable[str]) -> Iterator[tuple[bytes, re.Pattern[bytes]]]:
    """Each first word of the names with a pattern that begins with it: such patterns are found fastest."""
    tails: dict[str, set[str]] = {}
    for form in forms:
        before, after = (part.strip("-").casefold() for part in form.split(_HOLE))
        if before:
            word, hyphen, rest = before.partition("-")
            tails.setdefault(word, set()).add(f"[-_]?{re.escape(rest)}" if hyphen else f"[-_]?(?:{_AGES})(?![0-9])")
        elif after != "+":  # a plus sign is looked for with the marks in text
            tails.setdefault(after, set()).add(_behind(after))
    for name in classes:
        word, _, rest = name.casefold().partition("-")
        tails.setdefault(word, set()).add(f"[-_]?{re.escape(rest)}")
    for word, ends in tails.items():
        pattern = rf"{re.escape(word)}(?<![a-z]{re.escape(word)})(?:{'|'.join(sorted(ends))})"
        yield word.encode(), re.compile(pattern.encode())


def _behind(word: str) -> str:
    """That an age stands before `word`, with or without a hyphen."""
    ages = [str(age) for age in NAME_AGES]
    behind = (f"(?<={age}{hyphen}{re.escape(word)})" for age in ages for hyphen in ("", "[-_]"))
    return f"(?:{'|'.join(behind)})"
