"""The axes of the lattice: each value with its words and with its part of a line of `qorgan decide --jsonl`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.decision.from_line import UNREAD
from gateway.labels.category import CATEGORIES
from gateway.labels.label import Status

type LinePart = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an axis. `words` tell it ("about gambling") and tell it apart; the plain value has none."""

    words: str = ""
    line: LinePart = field(default_factory=dict, hash=False)


PLAIN: Final = Value()


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page. `row`: pages of one row differ only in the age of the label, the youngest first."""

    words: str
    line: LinePart = field(hash=False)
    row: str = ""
    min_age: int = -1  # of its label; -1: it has none

    @property
    def is_unreadable(self) -> bool:
        return self.line.get("status") == Status.UNREADABLE


# Ages that other countries' scales have between, at and beyond the law's categories (policies/scales).
FOREIGN: Final = (7, 13, 17, 18, 21)
_MOST_NAMES: Final = 6
_MOST_WORDS: Final = 5
_SCOPES: Final = {"page": "pages", "site": "sites", "part": "parts of pages"}
# 18 stands for all adults.
AGES: Final = tuple(range(19))


def pages() -> tuple[Page, ...]:
    """Every page that differs for a decision: without a label, unreadable, not yet read, and with one label each."""
    found = [
        Page("pages without a label", {}),
        Page("pages that cannot be read", {"status": Status.UNREADABLE.value}),
        Page("pages not yet read", {"status": UNREAD}),
    ]
    for scope, what in _SCOPES.items():
        found += [_page(what, scope, "kz", mark, age) for mark, age in CATEGORIES.items()]
        found += [_page(what, scope, "age", f"{age}+", age) for age in FOREIGN]
    return tuple(found)


def _page(what: str, scope: str, scale: str, mark: str, age: int) -> Page:
    # Of a scale that is not the law's own the number alone says it.
    words = f"{what} labelled {mark}" + ("" if scale == "kz" else " by a foreign scale")
    label = {"scale": scale, "mark": mark, "min_age": age, "scope": scope}
    return Page(words, {"labels": [label]}, row=f"{scope} {scale}", min_age=age)


def names_of(given: Iterable[str], most: int = _MOST_NAMES) -> str:
    """A few names, and how many more there are."""
    names = list(given)
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def or_list(words: Sequence[str]) -> str:
    """ "film", "film or series", "a, b, c or others"."""
    if len(words) > _MOST_WORDS:
        return f"{', '.join(words[:_MOST_WORDS])} or others"
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
