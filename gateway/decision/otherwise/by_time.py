"""At which moment the verdict differs: when hours end or begin, minutes are new, a rule or grant runs out."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Final

from gateway.decision.hours import page_of
from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.profiles.edges import edges_of

_MOST_EDGES: Final = 40
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def by_time(asking: Asking) -> Iterator[Counterfactual]:
    """The first moment of the next days at which the same page gets another answer."""
    question = asking.question
    timetable = question.profile.timetable
    grants = (grant.until for grant in question.profile.grants)
    known = (until for until in (asking.verdict.until, *grants) if until is not None and until > question.moment)
    host, record = page_of(question)
    edges = islice(edges_of(timetable, question.moment, host=host, record=record), _MOST_EDGES)
    for moment in sorted(set(chain(known, edges)))[:_MOST_EDGES]:
        found = asking.again(asking.at_moment(moment))
        if found is not None:
            yield Counterfactual(kind=Kind.TIME, change=_at(moment, asking), verdict=found)
            return


def _at(moment: datetime, asking: Asking) -> str:
    zone = asking.person.zone if asking.person is not None else moment.tzinfo
    local = moment.astimezone(zone)
    return f"from {_DAYS[local.weekday()]} {local:%Y-%m-%d} at {local:%H:%M}"
