"""A person's rules, hours, quotas and grants → plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.policy.rules import Rule
from gateway.profiles.grant import Grant
from gateway.profiles.hours import DayMap
from gateway.profiles.layer import Layer
from gateway.profiles.pages import Pages, Subject
from gateway.profiles.person import Limits
from gateway.profiles.quota import Quota, Tally
from gateway.profiles.timetable import Timetable


@dataclass(slots=True)
class DayMaps:
    """The maps of days that layers speak of, each once: a layer has them by their number."""

    first: int  # days before it (ordinals) are over
    numbers: dict[DayMap, int] = field(default_factory=dict)

    def number(self, day: DayMap) -> int:
        return self.numbers.setdefault(day, len(self.numbers))

    def values(self) -> list[list[dict[str, Any]]]:
        """The spans of each map, in order; each from its first minute to before its last."""
        return [[span._asdict() for span in day.spans] for day in self.numbers]


def limits_values(limits: Limits, maps: DayMaps) -> dict[str, Any]:
    """Rules, layers of hours and quotas; the maps of the layers' days are laid into `maps`."""
    timetable = limits.timetable
    holidays = timetable.calendar.holidays if timetable.quotas else {}
    return {
        "rules": [_rule(rule) for rule in limits.rules.all()],
        "layers": [_layer(layer, maps) for layer in timetable.layers],
        "quotas": [_quota(quota, maps.first) for quota in timetable.quotas],
        "holidays": {_day(day): weekday for day, weekday in sorted(holidays.items()) if day >= maps.first},
    }


def last_day(timetable: Timetable) -> int:
    """The last day (ordinal) of which a timetable says something by its date; 0 when there is none."""
    days = [*timetable.dated[-1:], *timetable.calendar.holidays]
    return max(days + [day for quota in timetable.quotas for day in quota.days.dates], default=0)


def grant_values(grants: Iterable[Grant], given: Iterable[Grant]) -> list[dict[str, Any]]:
    """What is granted and until when; not by whom, nor for whom else. `given`: since the policy was written.

    Where a given one stands in the journal names the giver, so it is left out as well.
    """
    return [_grant(grant, grant.where) for grant in grants] + [_grant(grant, "given") for grant in given]


def used_values(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """What was used of each quota: the local day and the minutes, not when."""
    return {
        service: {"day": tally.day.isoformat(), "minutes": tally.minutes}
        for service, tally in sorted(tallies.items())
        if tally.day is not None
    }


def _rule(rule: Rule) -> dict[str, Any]:
    values: dict[str, Any] = {
        "rule": rule.hit.rule,
        "where": rule.hit.where,
        "says": rule.hit.says.word,
        "reason": rule.hit.reason.value,
    }
    conditions = {
        "until": None if rule.hit.until is None else rule.hit.until.isoformat(),
        "host": rule.host,
        "path": rule.path,
        "topics": sorted(rule.topics),
        "kinds": sorted(rule.kinds),
        "category": rule.category,
        "asked": rule.asked,
    }
    return values | {name: value for name, value in conditions.items() if value}


def _layer(layer: Layer, maps: DayMaps) -> dict[str, Any]:
    return {
        "subject": _subject(layer.subject),
        "week": [maps.number(day) for day in layer.week],
        "dates": {_day(day): maps.number(found) for day, found in sorted(layer.dates.items()) if day >= maps.first},
        "lifts": [_layer(lift, maps) for lift in layer.lifts],
    }


def _subject(subject: Subject) -> dict[str, Any]:
    return {
        "only": None if subject.only is None else _pages(subject.only),
        "but": None if subject.but is None else _pages(subject.but),
    }


def _pages(pages: Pages) -> dict[str, Any]:
    return {"hosts": sorted(pages.hosts), "topics": sorted(pages.topics), "kinds": sorted(pages.kinds)}


def _quota(quota: Quota, first: int) -> dict[str, Any]:
    return {
        "minutes": quota.minutes,
        "rule": quota.rule,
        "where": quota.where,
        "week": sorted(quota.days.week),
        "dates": [_day(day) for day in sorted(quota.days.dates) if day >= first],
        "on_holidays": quota.days.holidays,
        "subject": _subject(quota.subject),
        "service": quota.service,
    }


def _grant(grant: Grant, where: str) -> dict[str, Any]:
    return {
        "id": grant.id,
        "where": where,
        "host": grant.host,
        "path": grant.path,
        "until": None if grant.until is None else grant.until.isoformat(),
        "minutes": grant.minutes,
        "since": None if grant.since is None else grant.since.isoformat(),
    }


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
