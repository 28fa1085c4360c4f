"""What somebody asks to be granted → grants, or every fault of it in a sentence."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Self

from pydantic import Field, ValidationError, model_validator

from gateway.edge.standing import Standing
from gateway.policy.faults import Fault, known_words, problems_of
from gateway.policy.parse import Node
from gateway.policy.policy import Policy
from gateway.policy.shape import Host, Moment, Path, Shape
from gateway.profiles.grant import Grant
from gateway.profiles.local_time import midnight_after
from gateway.profiles.person import ADULT, Person
from gateway.profiles.recognise import profile_of

MOST_MINUTES: Final = 240
LONGEST: Final = timedelta(days=366)


class BadGrant(Exception):  # noqa: N818 - reads as a sentence
    """What is asked for cannot be granted; `faults` are (field, sentence), at least one."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{name}: {said}" if name else said for name, said in self.faults))


class AskedGrant(Shape):
    """More minutes today, or a host until some moment, for a person or a group."""

    for_: str = Field(min_length=1, description="a person or a group of the policy")
    by: str | None = Field(None, description="who gives it: an adult of the policy; needed when there are several")
    minutes: int | None = Field(None, ge=1, le=MOST_MINUTES, description="extra minutes today")
    host: Host | None = Field(None, description="a host with all below it")
    path: Path | None = Field(None, description="only this path of the host and all below it")
    until: Moment | None = Field(None, description="when the permission for a host ends; by default with the day")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.host is None) == (self.minutes is None):
            raise Fault("a grant gives either minutes or a host")
        if self.path is not None and self.host is None:
            raise Fault("a path belongs to a host")
        if self.until is not None and self.host is None:
            raise Fault("extra minutes end with the day; only a host is granted until a moment")
        return self


@dataclass(frozen=True, slots=True)
class Extent:
    """From when to when a grant of one person holds."""

    since: datetime | None
    until: datetime


def read_asked(asked: Mapping[str, Any]) -> AskedGrant:
    """The request in its shape. Raises BadGrant."""
    try:
        return AskedGrant.model_validate(asked)
    except ValidationError as error:
        raise BadGrant(_faults_of(error, asked)) from None


def grants_of(asked: AskedGrant, policy: Policy, standing: Standing, moment: datetime) -> tuple[Grant, ...]:
    """The grants that are asked for at `moment` (aware): one for each person. Raises BadGrant."""
    people = _people_of(asked.for_, policy)
    giver = _giver_of(asked.by, policy, moment)
    at = moment.replace(microsecond=0)
    given = []
    for person in people:
        extent = _extent_of(asked, policy, person, standing, at)
        identity = secrets.token_hex(4)
        given.append(
            Grant(
                id=identity,
                by=giver,
                people=frozenset({person.name}),
                host=asked.host or "",
                path=asked.path,
                since=extent.since,
                until=extent.until,
                minutes=asked.minutes or 0,
                where=f"given by {giver} at {at.astimezone(policy.zone).isoformat(timespec='minutes')}",
            )
        )
    return tuple(given)


def _people_of(name: str, policy: Policy) -> tuple[Person, ...]:
    if name in policy.people:
        return (policy.people[name],)
    if policy.groups.get(name):
        return tuple(policy.people[member] for member in sorted(policy.groups[name]))
    hint = known_words(name, [*policy.people, *policy.groups])
    raise BadGrant([("for", f"the policy knows nobody called {name!r}" + (f"; {hint}" if hint else ""))])


def _giver_of(name: str | None, policy: Policy, moment: datetime) -> str:
    adults = sorted(each for each, person in policy.people.items() if person.age_at(moment) >= ADULT)
    if name is None:
        if len(adults) == 1:
            return adults[0]
        told = f"say who gives it: {', '.join(adults)}" if adults else f"the policy has nobody of {ADULT} or over"
        raise BadGrant([("by", told)])
    if name not in policy.people:
        hint = known_words(name, adults)
        raise BadGrant([("by", f"the policy knows nobody called {name!r}" + (f"; {hint}" if hint else ""))])
    if name not in adults:
        raise BadGrant([("by", f"{name} is under {ADULT} and cannot give a grant")])
    return name


def _extent_of(asked: AskedGrant, policy: Policy, person: Person, standing: Standing, moment: datetime) -> Extent:
    local = moment.astimezone(person.zone)
    midnight = midnight_after(local)
    if asked.minutes is None:
        return Extent(None, _until_of(asked.until, policy, moment) or midnight)
    # More minutes are no use while the time is free: they begin where the hours would end it, today.
    timetable = standing.profile_now(profile_of(policy, person, moment)).timetable
    since = timetable.first_block(local) or local
    return Extent(since, max(midnight, since + timedelta(minutes=asked.minutes)))


def _until_of(until: datetime | None, policy: Policy, moment: datetime) -> datetime | None:
    if until is None:
        return None
    aware = until.replace(tzinfo=policy.zone) if until.tzinfo is None else until
    if aware <= moment:
        raise BadGrant([("until", "this moment is past")])
    if aware > moment + LONGEST:
        raise BadGrant([("until", f"a grant ends within {LONGEST.days} days; what is for ever belongs in the policy")])
    return aware.replace(microsecond=0)


def _faults_of(error: ValidationError, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    written = {str(key): Node("" if value is not None else None, 1, 1) for key, value in asked.items()}
    told = problems_of(error, AskedGrant, Node(MappingProxyType(written), 1, 1), "")
    for details, problem in zip(error.errors(include_url=False), told, strict=False):
        name = str(details["loc"][0]) if details["loc"] else ""
        yield name, problem.message + (f" ({problem.hint})" if problem.hint else "")
