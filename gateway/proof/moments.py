"""When to ask: a plain moment, one for each different answer of the hours, all their edges, and used-up minutes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.decision.from_used import services_of
from gateway.decision.verdict import Reason
from gateway.profiles.edges import edges_of
from gateway.profiles.person import Person
from gateway.profiles.quota import Quota
from gateway.profiles.timetable import Timetable
from gateway.proof.axis import Value
from gateway.proof.mention import rules_of
from gateway.proof.timed import HostPage, pages_of, tables_of

_MOST_MOMENTS: Final = 64
_WEEK: Final = 8  # days in which every day of the week begins and ends
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

type _Told = tuple[Reason | None, ...]


class Moments(NamedTuple):
    """`plain`: nothing is closed then, if there is such a time. `closed`: one for each other answer of the hours.

    `used`: with the minutes of a quota used up, of each and of all. `edges`: when the hours begin and end to close.
    `ends`: when a rule or grant has run out, by daylight.
    """

    plain: Value
    closed: tuple[Value, ...]
    used: tuple[Value, ...]
    edges: tuple[Value, ...]
    ends: tuple[Value, ...]


def moments_of(person: Person, start: datetime) -> Moments:
    """The moments from `start` (aware) on at which the hours of a person must be asked."""
    tables = [table.with_grants(person.grants) for table in tables_of(person) if not table.empty]
    shown = pages_of(person)
    untils = [grant.until for grant in person.grants]
    untils += [rule.hit.until for rule in rules_of(person)]
    later = sorted({_by_day(until, person) for until in untils if until is not None and until > start})
    edges = sorted(
        {edge for table in tables for host, record in shown for edge in edges_of(table, start, _WEEK, host, record)}
    )
    told: dict[_Told, Value] = {}
    for moment in (start, *edges):
        told.setdefault(_told(tables, shown, moment), _at(moment, person))
    free = min(told, key=_closed)
    plain = replace(told[free], words="")
    closed = tuple(value for reasons, value in told.items() if reasons != free)
    met = [value.line for value in told.values()]
    begun = (_at(edge, person) for edge in edges[:_MOST_MOMENTS])
    ends = tuple(_at(moment, person) for moment in later[:_MOST_MOMENTS])
    used = tuple(_used_up(person, tables, shown, (start, *edges)))
    return Moments(plain, closed, used, tuple(value for value in begun if value.line not in met), ends)


def _told(tables: Sequence[Timetable], shown: Iterable[HostPage], moment: datetime) -> _Told:
    """What the hours say at a moment of every page."""
    blocked = (table.block_at(moment, host, record) for host, record in shown for table in tables)
    return tuple(None if each is None else each.reason for each in blocked)


def _closed(told: _Told) -> int:
    return sum(reason is not None for reason in told)


def _used_up(
    person: Person, tables: Sequence[Timetable], shown: Sequence[HostPage], known: Sequence[datetime]
) -> Iterator[Value]:
    """Each quota used up on a day on which it holds, at the moment of it that is least closed; and all of them."""
    quotas = [quota for table in tables for quota in table.quotas]
    if not quotas:
        return
    # A week of days at the hour of the start, besides the moments that are known.
    later = (known[0] + timedelta(days=days) for days in range(1, _WEEK))
    moments = sorted((known[0], *later, *known), key=lambda moment: _closed(_told(tables, shown, moment)))
    granted = sum(grant.minutes for grant in person.grants)
    limits = {
        service: max(quota.minutes for quota in quotas if quota.service == service) + granted
        for service in services_of(person)
    }
    for services in dict.fromkeys((*((service,) for service in limits), tuple(limits))):
        own = [quota for quota in quotas if quota.service in services]
        moment = max(moments, key=lambda moment: sum(_holds(quota, moment, tables[0]) for quota in own))
        yield _after({service: limits[service] for service in services}, moment, person)


def _holds(quota: Quota, moment: datetime, table: Timetable) -> bool:
    return quota.applies(moment.astimezone(table.zone).toordinal(), table.calendar)


def _after(used: Mapping[str, int], moment: datetime, person: Person) -> Value:
    """A moment at which minutes are used up."""
    at = _at(moment, person)
    told = " and ".join(f"{minutes} minutes of {service}" for service, minutes in used.items())
    return Value(f"after {told} {at.words}", {**at.line, "used": dict(used)})


def _by_day(until: datetime, person: Person) -> datetime:
    """The noon after a moment of the night, when hours would hide what has changed; else the moment itself."""
    local = until.astimezone(person.zone)
    return max(local, local.replace(hour=12, minute=0, second=0, microsecond=0))


def _at(moment: datetime, person: Person) -> Value:
    local = moment.astimezone(person.zone)
    return Value(f"on {_DAYS[local.weekday()]} {local:%Y-%m-%d at %H:%M}", {"moment": local.isoformat()})
