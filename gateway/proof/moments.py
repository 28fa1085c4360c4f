"""When to ask: a plain moment, one for each different answer of the hours, and all their edges."""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from gateway.decision.verdict import Reason
from gateway.profiles.edges import edges_of
from gateway.profiles.person import Person
from gateway.proof.axis import Value
from gateway.proof.mention import rules_of

_MOST_MOMENTS: Final = 64
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Moments(NamedTuple):
    """`plain`: nothing is closed then, if there is such a time. `closed`: one for each other answer of the hours.

    `edges`: when the hours begin and end to close. `ends`: when a rule or grant has run out, by daylight.
    """

    plain: Value
    closed: tuple[Value, ...]
    edges: tuple[Value, ...]
    ends: tuple[Value, ...]


def moments_of(person: Person, start: datetime) -> Moments:
    """The moments from `start` (aware) on at which the hours of a person must be asked."""
    different = {table.key: table for table in (person.as_child.timetable, person.as_adult.timetable)}
    tables = [table.with_grants(person.grants) for table in different.values() if not table.empty]
    untils = [grant.until for grant in person.grants]
    untils += [rule.hit.until for rule in rules_of(person)]
    later = sorted({_by_day(until, person) for until in untils if until is not None and until > start})
    edges = sorted({edge for table in tables for edge in edges_of(table, start)})
    told: dict[tuple[Reason | None, ...], Value] = {}
    for moment in (start, *edges):
        blocked = (table.block_at(moment) for table in tables)
        reasons = tuple(None if each is None else each.reason for each in blocked)
        told.setdefault(reasons, _at(moment, person))
    free = min(told, key=lambda reasons: sum(reason is not None for reason in reasons))
    plain = replace(told[free], words="")
    closed = tuple(value for reasons, value in told.items() if reasons != free)
    met = [value.line for value in told.values()]
    begun = (_at(edge, person) for edge in edges[:_MOST_MOMENTS])
    ends = tuple(_at(moment, person) for moment in later[:_MOST_MOMENTS])
    return Moments(plain, closed, tuple(value for value in begun if value.line not in met), ends)


def _by_day(until: datetime, person: Person) -> datetime:
    """The noon after a moment of the night, when hours would hide what has changed; else the moment itself."""
    local = until.astimezone(person.zone)
    return max(local, local.replace(hour=12, minute=0, second=0, microsecond=0))


def _at(moment: datetime, person: Person) -> Value:
    local = moment.astimezone(person.zone)
    return Value(f"on {_DAYS[local.weekday()]} {local:%Y-%m-%d at %H:%M}", {"moment": local.isoformat()})
