"""What a page says of itself: labels, each with its evidence, and the reading of a whole response."""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Final

from gateway.labels.category import category_of

LONGEST_RAW: Final = 1_000  # characters of a label's evidence
LONGEST_PLACE: Final = 4_000  # of where it stands: 150 elements in each other


class Scope(StrEnum):
    """What a label speaks for."""

    SITE = "site"
    PAGE = "page"
    PART = "part"


class Trust(IntEnum):
    """How far a carrier is to be trusted; greater is stronger. Shown by its letter."""

    D = 0  # a hint, never decisive alone
    C = 1  # soft, often boilerplate
    B = 2  # explicit and unambiguous self-declaration
    A = 3  # a legal duty, or enforced by a platform


class Status(StrEnum):
    RATED = "rated"
    UNLABELLED = "unlabelled"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One statement of an age. `raw` is the text it rests on, `place` says where that text stands."""

    scale: str  # id of a scale in policies/scales, e.g. "kz"
    mark: str  # the scale's own spelling of the value, e.g. "12+", "FSK 16"
    min_age: int  # completed years
    scope: Scope
    trust: Trust
    carrier: str  # e.g. "meta", "http-header", "json-ld", "visible-sign"
    raw: str
    place: str  # "header Rating", "byte 120", a CSS selector, a JSON pointer
    part: str | None = None  # for scope part: CSS selector or JSON pointer of the part, so that it can be masked

    def bounded(self) -> "Label":
        """The label with evidence that no page can make longer than a person reads.

        A part whose place is longer cannot be told from the others, because half of a selector leads elsewhere: its
        label is the page's.
        """
        if len(self.raw) <= LONGEST_RAW and len(self.place) <= LONGEST_PLACE and len(self.part or "") <= LONGEST_PLACE:
            return self
        is_named = len(self.part or "") <= LONGEST_PLACE
        return replace(
            self,
            raw=_cut(self.raw, LONGEST_RAW),
            place=_cut(self.place, LONGEST_PLACE),
            part=self.part if is_named else None,
            scope=self.scope if is_named else Scope.PAGE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All labels of one response. `min_age` is the strictest of them; a D label alone rates nothing."""

    status: Status
    labels: tuple[Label, ...] = ()
    flags: tuple[str, ...] = ()  # "missing-sign", "sign-form", "sign-language", …
    notes: tuple[str, ...] = ()  # sentences for a person
    reason: str | None = None  # for unreadable: an UnreadableReason

    @property
    def min_age(self) -> int | None:
        """The greatest minimum age among the labels that count (trust C or better); None when there is none."""
        return max((label.min_age for label in self.labels if label.trust > Trust.D), default=None)

    @property
    def category(self) -> str | None:
        """The law's category of `min_age`, rounded up."""
        age = self.min_age
        return None if age is None else category_of(age)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
