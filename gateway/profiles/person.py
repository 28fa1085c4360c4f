"""A person of the policy: their age as far as it must be known, and everything that was compiled for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from gateway.policy.rules import Rules
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.timetable import Timetable

ADULT = 18  # Law 345-II on the rights of the child, Art. 1(2): a child is under eighteen

# The ages at which the law's categories change (169-VI, Art. 9(3)); a birth date is reduced to the next of them.
_STEPS = (6, 12, 14, 16, 18)


@dataclass(frozen=True, slots=True)
class Age:
    """`years` completed years from the day `on`, one more with each year after it; without `on` it stands still."""

    years: int
    on: date | None = None

    def at(self, day: date) -> int:
        """Completed years on the local `day`, 0 or more. The birthday itself counts as reached (Art. 9(3))."""
        if self.on is None:
            return self.years
        # Somebody whose day is 29 February turns on 1 March in other years: doubt never frees.
        before = (day.month, day.day) < (self.on.month, self.on.day)
        return max(0, self.years + day.year - self.on.year - before)


def age_of_birth(born: date, day: date) -> Age:
    """A birth date reduced to the next step after `day`: the birth date itself is not kept."""
    for years in _STEPS:
        turns = _anniversary(born, years)
        if turns > day:
            return Age(years, turns)
    return Age(ADULT)


def _anniversary(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February
        return date(born.year + years, 3, 1)


def youngest(ages: Iterable[Age]) -> tuple[Age, ...]:
    """The few of `ages` that always have the youngest among them: one that stands still, one that grows."""
    still: list[Age] = []
    growing: list[tuple[tuple[int, int, int], Age]] = []
    for age in ages:
        if age.on is None:
            still.append(age)
        else:
            growing.append(((age.on.year - age.years, age.on.month, age.on.day), age))
    found = [min(still, key=lambda age: age.years)] if still else []
    if growing:
        found.append(max(growing, key=lambda pair: pair[0])[1])
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The rules and hours that hold for somebody."""

    rules: Rules
    timetable: Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Of several `ages` the youngest counts: somebody unknown may be any of those they can be.

    `as_child` are the limits while they are under 18: what names them and what names nobody. `as_adult` are those that
    name them, which still hold at 18.
    """

    name: str
    ages: tuple[Age, ...]
    zone: tzinfo
    stances: Stances
    as_child: Limits
    as_adult: Limits
    groups: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    language: str | None = None

    def age_at(self, moment: datetime) -> int:
        """Completed years at `moment` (aware), by the day in the policy's zone."""
        day = moment.astimezone(self.zone).date()
        return min(age.at(day) for age in self.ages)
