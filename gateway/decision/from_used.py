"""The minutes that a line says are used up → the tallies of a profile."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.decision.line import BadLine, Line, one_of
from gateway.profiles.person import Person
from gateway.profiles.profile import Profile
from gateway.profiles.quota import Tally
from gateway.profiles.week import DAY


def used_of(line: Line, person: Person | None) -> Mapping[str, int]:
    """Minutes used on the day of the question, by what they count to: `{"everything": 60, "topic:games": 30}`.

    A number alone is used of each of the person's quotas. Raises BadLine for what is none of them.
    """
    given = line.get("used")
    if given is None:
        return {}
    services = () if person is None else services_of(person)
    if not services:
        raise BadLine("'used': nobody limits the minutes of this person", "a quota of the policy does: quota:")
    used = given if isinstance(given, Mapping) else dict.fromkeys(services, given)
    for service in used:
        if service not in services:
            raise one_of("used", service, services)
    return {service: _minutes(value) for service, value in used.items()}


def services_of(person: Person) -> Iterable[str]:
    """What the minutes of a person count to, as a child or as an adult: the names of the quotas' pages."""
    quotas = (*person.as_child.timetable.quotas, *person.as_adult.timetable.quotas)
    return dict.fromkeys(quota.service for quota in quotas)


def with_used(profile: Profile, used: Mapping[str, int], moment: datetime) -> Profile:
    """The profile, of which so many minutes were used on the local day of `moment` (aware)."""
    if not used:
        return profile
    day = moment.astimezone(profile.timetable.zone).date()
    tallies = {service: Tally(day, minutes) for service, minutes in used.items()}
    return replace(profile, timetable=profile.timetable.with_tallies(tallies))


def _minutes(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= DAY:
        raise BadLine(f"'used' must be minutes of one day, whole numbers from 0 to {DAY}")
    return value
