"""At which other age the verdict differs, and on which day the person reaches it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.profiles.person import Person

_OLDEST: Final = 21  # films know 21+
_DAYS: Final = 366 * (_OLDEST + 1)


def by_age(asking: Asking) -> Iterator[Counterfactual]:
    """The next age upwards, and the next downwards."""
    age = asking.question.profile.age
    for ages, word in ((range(age + 1, _OLDEST + 1), "from the age of"), (range(age - 1, -1, -1), "up to the age of")):
        for other in ages:
            found = asking.again(asking.at_age(other))
            if found is not None:
                day = _day_of(asking, other) if other > age else None
                when = "" if day is None else f", which is on {day}"
                yield Counterfactual(kind=Kind.AGE, change=f"{word} {other}{when}", verdict=found)
                break


def _day_of(asking: Asking, years: int) -> date | None:
    return None if asking.person is None else day_of_age(asking.person, years, asking.question.moment)


def day_of_age(person: Person, years: int, moment: datetime) -> date | None:
    """The first local day on which the person is `years` old, after `moment`; None when the policy knows no such day.

    Ages only grow, so it is searched by halves.
    """
    never, days = 0, _DAYS
    if person.age_at(moment) >= years or person.age_at(moment + timedelta(days=days)) < years:
        return None
    while days - never > 1:
        middle = (never + days) // 2
        if person.age_at(moment + timedelta(days=middle)) >= years:
            days = middle
        else:
            never = middle
    return (moment + timedelta(days=days)).astimezone(person.zone).date()
