"""Rating systems and the mark that a piece of text names, compiled from policies/scales."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

LONGEST_TEXT: Final = 200  # characters; whoever writes more writes prose, not a mark
MOST_WORDS: Final = 12

_WORD: Final = re.compile(r"[^\W_]+|\+")
_DIGITS: Final = re.compile(r"[0-9]{1,3}")
_DASHES: Final = str.maketrans("‐‑‒–—−", "------")
# "12 / 12+", "SE:15;SE:15+": the same rating in several forms or for several countries.
_LIST: Final = re.compile(r"[/,;|]")
# A score ("4.8"), a version ("1.18+"), a decimal comma, a negative number, an address: never an age.
_NO_AGE: Final = re.compile(r"[0-9][.,][0-9]|^\s*-\s*[0-9]|://")
# Law 169-VI, Art. 9(3): the sign for those who have not reached six. Without its dash it would be a six.
_UNDER_SIX: Final = re.compile(r"[^\w-]*6\s?-[^\w-]*")
# "R for strong language", "PG-13 (violence)": the reasons follow the mark.
_REASON: Final = re.compile(r"\s(?:for|because|due)\s|[(\[<]")
_NUMERIC: Final = re.compile(r"[0-9]{1,3}\+?")


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a scale. `min_age` in completed years."""

    scale: str
    mark: str
    min_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A rating system. The keys of both mappings, `patterns` and `everyone` are spellings as `key_of` gives them."""

    id: str
    countries: tuple[str, ...] = ()  # the two-letter code first
    top_level: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    services: tuple[str, ...] = ()  # addresses by which a PICS label names the system
    suffix_letters: str = ""
    everywhere: Mapping[str, Mark] = field(default_factory=dict)  # spellings that no other system has
    in_context: Mapping[str, Mark] = field(default_factory=dict)  # spellings that need the system or the country
    patterns: frozenset[str] = frozenset()  # with "#" in place of an age
    ages: frozenset[int] = frozenset()
    everyone: frozenset[str] = frozenset()

    def find(self, key: str) -> Mark | None:
        """The mark that `key` spells when this is known to be the system."""
        return self.in_context.get(key) or self.find_anywhere(key)

    def find_anywhere(self, key: str) -> Mark | None:
        """The mark that `key` spells when nothing is known of the system."""
        return self.everywhere.get(key) or self._with_number(key) or self._with_suffix(key)

    def _with_number(self, key: str) -> Mark | None:
        numbers = _DIGITS.findall(key) if self.patterns else []
        if len(numbers) != 1 or _DIGITS.sub("#", key) not in self.patterns or int(numbers[0]) not in self.ages:
            return None
        return Mark(self.id, f"{int(numbers[0])}+", int(numbers[0]))

    def _with_suffix(self, key: str) -> Mark | None:
        for _ in self.suffix_letters:
            if not key or key[-1] not in self.suffix_letters:
                return None
            key = key[:-1]
            if key in self.everywhere:
                return self.everywhere[key]
        return None


def key_of(text: str) -> str:
    """The spelling without case, spaces, dashes, colons, underscores and brackets; "+" is kept."""
    return _joined(_words(text))


def is_numeric(key: str) -> bool:
    """Whether a key is a bare number ("12", "12+"), which every second system has."""
    return _NUMERIC.fullmatch(key) is not None


def _joined(words: Sequence[str]) -> str:
    """The words as one key; two numbers stay apart, so that "1-8" does not become 18."""
    if len(words) < 2:
        return words[0] if words else ""
    pairs = pairwise(["", *words])
    return "".join(f" {word}" if before.isdigit() and word.isdigit() else word for before, word in pairs)


def _bare(address: str) -> str:
    """An address without what people write in several ways: the scheme, "www." and the last slash."""
    return address.strip().casefold().partition("//")[2 if "//" in address else 0].removeprefix("www.").rstrip("/")


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class Scales:
    """All rating systems. Build with `gateway.labels.data.build_label_data`."""

    def __init__(self, scales: Iterable[Scale]) -> None:
        self._scales = {scale.id: scale for scale in scales}
        every = self._scales.values()
        self._everyone = frozenset(key for scale in every for key in scale.everyone)
        self._countries = {name.casefold(): scale.countries[0] for scale in every for name in scale.countries}
        self._top_level = {ending: scale for scale in every for ending in scale.top_level}
        self._names = {tuple(_words(name)): scale.id for scale in every for name in scale.names}
        self._services = {_bare(address): scale.id for scale in every for address in scale.services}
        self._by_key = {key_of(scale_id): scale_id for scale_id in self._scales}
        # Lengths of the names that begin with a word, the longest first.
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(self._names, key=len, reverse=True):
            self._lengths.setdefault(name[0], []).append(len(name))
        # One look instead of one a scale: no two scales share a spelling that is understood everywhere.
        self._everywhere = {key: mark for scale in every for key, mark in scale.everywhere.items()}
        self._formed = tuple(scale for scale in every if scale.patterns or scale.suffix_letters)

    def __getitem__(self, scale_id: str) -> Scale:
        return self._scales[scale_id]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._scales)

    def of_host(self, host: str) -> Scale | None:
        """The scale that is usual under the host's domain ending; None when no scale claims it."""
        return self._top_level.get(host.rpartition(".")[2])

    def country_of(self, host: str) -> str | None:
        """The two-letter country of the host's domain ending, as far as a scale knows it."""
        scale = self.of_host(host)
        return scale.countries[0] if scale else None

    def system(self, name: str) -> str | None:
        """The id of the scale that somebody calls `name` ("MPAA", "FSK", "us-tv"); None when unknown."""
        words = tuple(_words(name))
        return self._names.get(words) or self._by_key.get(_joined(words))

    def of_service(self, address: str) -> str | None:
        """The id of the scale that the PICS rating service at `address` uses; None when unknown."""
        return self._services.get(_bare(address))

    def means_everyone(self, text: str) -> bool:
        """Whether `text` is one of the words for "everybody", which give no label."""
        return key_of(text) in self._everyone

    def find(self, text: str, *, scale: str | None = None, country: str | None = None) -> Mark | None:
        """The mark that `text` names: "PG-13", "US:R", "DE-FSK-18", "ab 16", "12 / 12+" (the strictest of a list).

        `scale` (an id) settles the system, `country` (a code or a name) the usual one there; without either, letters
        that differ between systems are unknown. None when `text` names no mark.
        """
        if not text or len(text) > LONGEST_TEXT:
            return None
        plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
        if _NO_AGE.search(plain):
            return None
        code = self._countries.get(country.casefold()) if country else None
        if "/" in plain and (whole := self._find_one(plain, scale, code)) and "/" in whole.mark:
            return whole  # "U/A" is one mark, not a list of two
        found = (self._find_one(piece, scale, code) for piece in _LIST.split(plain))
        return max((mark for mark in found if mark), key=lambda mark: mark.min_age, default=None)

    def _find_one(self, text: str, scale: str | None, country: str | None) -> Mark | None:
        if _UNDER_SIX.fullmatch(text):
            return self._look_up("6-", scale, country)
        cut = _REASON.search(text, 1)
        for part in (text, text[: cut.start()] if cut else ""):
            words = _words(part)
            found = self._read(words, scale, country) if 0 < len(words) <= MOST_WORDS else None
            if found:
                return found
        return None

    def _read(self, words: list[str], scale: str | None, country: str | None) -> Mark | None:
        """Takes names of systems and countries off the front until the rest is a mark."""
        found = self._look_up(_joined(words), scale, country)
        if found or len(words) < 2:
            return found
        if scale is None and (named := self._countries.get(words[0])):
            return self._read(words[1:], None, named)
        length = self._name_at(words)
        system = self._names[tuple(words[:length])] if length else None
        if system is None or scale not in (None, system):
            return None
        return self._read(words[length:], system, None) or (self._spelled(words[length:]) if scale is None else None)

    def _name_at(self, words: list[str]) -> int:
        """How many words at the front name a system; at least one word is left over."""
        lengths = (length for length in self._lengths.get(words[0], ()) if length < len(words))
        return next((length for length in lengths if tuple(words[:length]) in self._names), 0)

    def _spelled(self, words: list[str]) -> Mark | None:
        """For "Rated T for Teen": which says "rated" as every system does: a spelling that only one has settles it."""
        return self._everywhere.get(_joined(words))

    def _look_up(self, key: str, scale: str | None, country: str | None) -> Mark | None:
        if scale is not None:
            return self._scales[scale].find(key) if scale in self._scales else None
        usual = (known for known in self._scales.values() if country in known.countries) if country else ()
        found = next((mark for known in usual if (mark := known.find(key))), None) or self._everywhere.get(key)
        return found or next((mark for known in self._formed if (mark := known.find_anywhere(key))), None)
