"""The age sign and its warnings in a line of text: what is said, and how it fits into the line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from gateway.labels.invisible import INVISIBLE, PLUSES
from gateway.labels.shape import PlacesFile, SignFile
from gateway.labels.sign_patterns import (
    AGES,
    SIGN_AGES,
    compile_any,
    compile_beginnings,
    compile_titled,
    join_words,
    write_years,
)
from gateway.labels.warning_form import compile_form, required_words

LONGEST_LINE: Final = 600  # characters of one line that are looked at
DASHES: Final = "−‑‐－"  # minus, non-breaking and other hyphens: the dash of "6-"
# One character for one character, so that places in the text stay what they are.
_PLAIN: Final = {
    **dict.fromkeys(map(ord, PLUSES), "+"),
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, f"\x1f\xa0\u2009\u202f{INVISIBLE}"), " "),
    **dict(zip(map(ord, "０１２３４５６７８９＜＞"), "0123456789<>", strict=True)),
    ord("İ"): "i",  # the one letter that grows in lower case
}
_AFTER_GUARD: Final = ":>=" + "".join(filter(str.isspace, map(chr, range(0x3001))))  # as the pattern of `is_guarded`
_NOT_PLAIN: Final = re.compile("[" + re.escape("".join(map(chr, _PLAIN))) + "]")
# Not part of a longer number, version, price, address or sum, nor a value in JSON.
_PLUS: Final = re.compile(
    r"(?<!\":\")(?<!\": \")(?<![\w+=#№$€₸₽%*.])(?<![0-9][,:/–-])(?<![a-z]-)"
    rf"(?P<age>{AGES})(?:\+\+?| ?\+(?! ?[\w(]))(?![\w+=*%°])(?![/.,][0-9])"
)
_MINUS: Final = re.compile(r"(?<![\w.,:/+=#–-])6[-–](?![\w–-])")
# "+18" is as often a temperature, so it is one age alone, and counts in fewer places.
_LED: Final = re.compile(r"(?<![\w+=#№$€₸₽%*.,/:…–-])\+18(?![\w+=*%°…])(?![/.,:-][0-9])")
_MARK: Final = rf"(?:(?P<age>{AGES})\s?\+\+?|\+(?P<led>{AGES})(?![0-9])|(?P<under>6[-–]))(?![\w+])(?:\s?[>›⟩〉◊◇◆])?"
_SEPARATORS: Final = " \t\r\n|·•∙⋅—–-:;.,!/\\*©®™"
_BRACKETS: Final = "()[]{}«»\"'“”„"


class Fit(IntEnum):
    """How a sign stands in its line; greater counts in more places."""

    MENTION = 0  # between other words: a sign only when it has an element of its own
    ENDING = 1  # at the end of other words: "Title 16+"
    CLAUSE = 2  # set apart by separators: "© 2024 News · 16+ · Almaty"
    NOTICE = 3  # announced by a title ("Возрастная категория: 16+"), or a warning that opens the line
    WHOLE = 4  # the line says nothing else


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in a line. `start` and `end` count characters of the line; `language` None for a bare mark."""

    mark: str
    min_age: int
    start: int
    end: int
    fit: Fit
    language: str | None = None
    warning: bool = False  # said in words
    rhombus: bool = False  # in a rhombus, or the brackets that stand for one
    led: bool = False  # "+18"
    in_years: bool = False  # announced, and given in years: "Возрастное ограничение: от 18 лет"


@dataclass(frozen=True, slots=True)
class Language:
    """The compiled signs of one language."""

    code: str
    verified: bool
    traces: tuple[str, ...]
    warnings: tuple[tuple[re.Pattern[str], int | None, bool], ...]  # pattern, fixed age, "has not reached"
    numbers: Mapping[str, int]
    title_traces: tuple[str, ...]
    begun: re.Pattern[str]  # the beginning of a title, in whatever letters
    title: re.Pattern[str]
    titled: re.Pattern[str]  # a title with its mark
    titled_years: re.Pattern[str]  # a title with its age in years
    publications: tuple[str, ...]
    not_after: tuple[str, ...]
    not_before: tuple[str, ...]
    may_follow: tuple[str, ...]
    alike: Mapping[int, str]  # letters that stand for others, as `str.translate` takes them


def language_of(file: SignFile) -> Language:
    """The compiled language of one file. Raises ValueError with a sentence for a form that cannot be read."""
    for entry in file.warnings:
        if not any(word.startswith(trace) for word in required_words(entry.form) for trace in file.traces):
            raise ValueError(f"no trace is a word of every notice of the form {entry.form!r}")
    alike = _alike(file)
    numbers = {word.casefold().translate(alike): age for word, age in file.numbers.items()}
    yearly = [title for title in file.titles if any(trace in title.casefold() for trace in file.title_traces)]
    return Language(
        code=file.language,
        verified=file.verified,
        traces=tuple(trace.casefold() for trace in file.traces),
        warnings=tuple(
            (compile_form(entry.form, numbers, alike), entry.min_age, entry.under) for entry in file.warnings
        ),
        numbers=numbers,
        title_traces=tuple(trace.casefold() for trace in file.title_traces),
        begun=compile_beginnings(file.titles, alike),
        title=re.compile(join_words(file.titles, alike)),
        titled=compile_titled(file.titles, alike, _MARK),
        titled_years=compile_titled(yearly, alike, write_years(file, alike)),
        publications=tuple(words.casefold() for words in file.publications),
        not_after=tuple(word.casefold() for word in file.not_after),
        not_before=tuple(word.casefold() for word in file.not_before),
        may_follow=tuple(word.casefold() for word in file.may_follow),
        alike=alike,
    )


class Signs:
    """The signs of all languages. Build with `gateway.labels.data.build_label_data`."""

    def __init__(self, languages: Iterable[Language], places: PlacesFile) -> None:
        self.languages = tuple(languages)
        self.places = places
        self.traces = tuple(sorted({trace for each in self.languages for trace in (*each.traces, *each.title_traces)}))
        self._begun = compile_any(each.begun for each in self.languages)
        self._warned = re.compile(
            "|".join(re.escape(trace) for each in self.languages for trace in each.traces) or "(?!)"
        )
        self._publications = re.compile(join_words(words for each in self.languages for words in each.publications))
        self._not_after = re.compile(
            r"(?<!\w)(?:" + join_words(word for each in self.languages for word in each.not_after) + r")[\s:>=]{0,4}$"
        )
        self._guard_ends = frozenset(word[-1] for each in self.languages for word in each.not_after)
        self._not_before = re.compile(
            r"\s{0,4}(?:" + join_words(word for each in self.languages for word in each.not_before) + r")(?!\w)"
        )
        self._may_follow = re.compile(
            r"\s{0,4}(?:" + join_words(word for each in self.languages for word in each.may_follow) + r")(?!\w)"
        )

    def is_imprint(self, line: str) -> bool:
        """Whether a line names itself an online publication ("Сетевое издание …")."""
        return self._publications.search(plain(line)) is not None

    def language_of_title(self, words: str) -> str | None:
        """The language in which `words` are a title and nothing else: "Возрастное ограничение:"; None for no title."""
        text = plain(words).strip(_SEPARATORS)
        if self._begun.match(text) is None:
            return None
        for language in self.languages:
            if language.begun.match(text) and language.title.fullmatch(_changed(text, language.alike)):
                return language.code
        return None

    def is_guarded(self, before: str) -> bool:
        """Whether `before` ends in words after which a mark is no sign: "Android 6+", "возраст 18+"."""
        near = plain(before[-40:])
        return near.rstrip(_AFTER_GUARD)[-1:] in self._guard_ends and self._not_after.search(near) is not None

    def read(self, line: str) -> tuple[Sign, ...]:
        """The signs in a line of visible text, in their order; what follows a guard ("Android 6+") is none."""
        text = plain(line[:LONGEST_LINE])
        worded: list[Sign] = []
        for sign in sorted([*self._titled(text), *self._warnings(text)], key=lambda sign: (sign.start, -sign.end)):
            if not worded or sign.start >= worded[-1].end:
                worded.append(sign)
        free = (sign for sign in self._marks(text) if not any(_overlap(sign, other) for other in worded))
        return tuple(self._fitted(text, sorted([*worded, *free], key=lambda sign: sign.start)))

    def _titled(self, text: str) -> Iterator[Sign]:
        if self._begun.search(text) is None:
            return
        for language in self.languages:
            if language.begun.search(text) is None:
                continue
            folded = _changed(text, language.alike)
            for match in language.titled.finditer(folded):
                age = int(match["age"] or match["led"] or 0)
                mark = "6-" if match["under"] else f"{age}+"
                rhombus = text[match.end() - 1] in self.places.rhombus
                yield Sign(mark, age, *match.span(), Fit.NOTICE, language.code, rhombus=rhombus)
            for match in language.titled_years.finditer(folded):
                age = int(match["years"] or match["alone"])
                yield Sign(f"{age}+", age, *match.span(), Fit.NOTICE, language.code, in_years=True)

    def _warnings(self, text: str) -> Iterator[Sign]:
        if self._warned.search(text) is None:
            return
        for language in self.languages:
            if not any(trace in text for trace in language.traces):
                continue
            folded = _changed(text, language.alike)
            for pattern, fixed, under in language.warnings:
                for match in pattern.finditer(folded):
                    age = fixed if fixed is not None else _number(match["age"], language.numbers)
                    if age in SIGN_AGES and (not under or age == 6):
                        mark, age = ("6-", 0) if under else (f"{age}+", age)
                        yield Sign(mark, age, *match.span(), Fit.NOTICE, language.code, warning=True)

    def _marks(self, text: str) -> Iterator[Sign]:
        """Bare marks, each with the rhombus around it; two marks share no character."""
        bare: list[tuple[int, int, str]] = []
        if "+" in text:  # a character is found far faster than a pattern, and no line has marks of all kinds
            bare += [(*match.span(), f"{match['age']}+") for match in _PLUS.finditer(text)]
        if "6-" in text or "6–" in text:
            bare += [(*match.span(), "6-") for match in _MINUS.finditer(text)]
        if self.places.adults_only in text:
            bare += [(*match.span(), "18+") for match in re.finditer(re.escape(self.places.adults_only), text)]
        if "+18" in text:
            bare += [(*match.span(), "+18") for match in _LED.finditer(text)]
        last = 0
        for start, end, mark in sorted(bare):
            if start >= last:
                sign = self._mark(text, mark, last, start, end)
                last = sign.end
                yield sign

    def _mark(self, text: str, mark: str, last: int, start: int, end: int) -> Sign:
        before, after = text[last:start].rstrip(), text[end:].lstrip()
        rhombus = bool(before and after) and before[-1] in self.places.rhombus and after[0] in self.places.rhombus
        if rhombus:
            start, end = last + len(before) - 1, len(text) - len(after) + 1
        age = 0 if mark == "6-" else int(mark.strip("+"))
        led = mark.startswith("+")
        return Sign(f"{age}+" if led else mark, age, start, end, Fit.ENDING, rhombus=rhombus, led=led)

    def _fitted(self, text: str, found: list[Sign]) -> Iterator[Sign]:
        whole = _is_bare(text, found)
        for place, sign in enumerate(found):
            before = text[found[place - 1].end if place else 0 : sign.start]
            after = text[sign.end : found[place + 1].start if place + 1 < len(found) else len(text)]
            fit = Fit.WHOLE if whole else self._fit(sign, before, after, last=place + 1 == len(found))
            if fit is not None:
                yield sign if fit is sign.fit else replace(sign, fit=fit)

    def _fit(self, sign: Sign, before: str, after: str, *, last: bool) -> Fit | None:
        """How a sign fits between the words around it (up to its neighbour signs); None when it is only mentioned."""
        apart_left = not before.strip() or before.rstrip()[-1] in _SEPARATORS + "(["
        apart_right = not after.strip() or after.lstrip()[0] in _SEPARATORS + ")]"
        if sign.fit is Fit.NOTICE:
            if not (apart_left and apart_right):
                return None
            return Fit.CLAUSE if sign.warning and before.strip(_SEPARATORS + _BRACKETS) else Fit.NOTICE
        if self.is_guarded(before) or self._not_before.match(after):
            return None
        if apart_left and apart_right:
            return Fit.CLAUSE
        if sign.led:
            return None
        if sign.mark == "6-" and not sign.rhombus:
            return Fit.MENTION
        if last and not after.strip(_SEPARATORS + _BRACKETS):
            return Fit.ENDING
        return Fit.CLAUSE if apart_right or self._may_follow.match(after) else Fit.MENTION


def plain(text: str) -> str:
    """The text in lower case with full-width and invisible characters made plain; as long as it was."""
    for character in set(_NOT_PLAIN.findall(text)):
        text = text.replace(character, _PLAIN[ord(character)])
    return text.lower()


def _changed(text: str, letters: Mapping[int, str]) -> str:
    """`text.translate(letters)` in a tenth of the time: few of the letters are in one text."""
    for code, other in letters.items():
        if (letter := chr(code)) in text:
            text = text.replace(letter, other)
    return text


def _number(text: str, numbers: Mapping[str, int]) -> int | None:
    return int(text) if text.isdigit() else numbers.get(" ".join(text.split()))


def _overlap(one: Sign, other: Sign) -> bool:
    return one.start < other.end and other.start < one.end


def _is_bare(text: str, found: list[Sign]) -> bool:
    rest, last = [], 0
    for sign in found:
        rest.append(text[last : sign.start])
        last = max(last, sign.end)
    return not "".join([*rest, text[last:]]).strip(_SEPARATORS + _BRACKETS)


def _alike(file: SignFile) -> dict[int, str]:
    """The letters that are taken for others, in lower case. Raises ValueError where one stands for another's letter."""
    for other in file.alike:
        if any(other in letters for letters in file.alike.values()):
            raise ValueError(f"the letter {other!r} cannot be taken for another and have others taken for it")
    return {ord(letter): other for other, letters in file.alike.items() for letter in letters}
