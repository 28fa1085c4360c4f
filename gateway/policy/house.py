"""One household, school or tenant: its draft with every name looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gateway.decision.verdict import Action
from gateway.policy.audience import read_groups
from gateway.policy.clues import Claims, claims_of
from gateway.policy.draft import Draft
from gateway.policy.holidays import Calendars, build_calendar
from gateway.policy.limits import LimitsTable
from gateway.policy.people import Strangers, build_people, default_of, read_ages
from gateway.policy.stances import Foreign, Stances
from gateway.problems import Problem
from gateway.profiles.person import Age, Person

if TYPE_CHECKING:  # `qorgan check` reads no law, and is quicker for it
    from gateway.law.codex import Codex

DEFAULT_ZONE: Final = "Asia/Almaty"  # one zone for all of Kazakhstan since 2024-03-01


@dataclass(frozen=True, slots=True)
class House:
    """A house, compiled. People and groups are keyed as others see them: those of a tenant as `tenant/name`."""

    people: Mapping[str, Person]
    groups: Mapping[str, frozenset[str]]
    ages: Mapping[str, Age]
    claims: Claims
    strangers: Strangers
    limits: LimitsTable
    stances: Stances
    zone: tzinfo
    notes: tuple[Problem, ...]


def build_house(
    draft: Draft,
    codex: "Codex | None",
    day: date | None,
    calendars: Calendars,
    limits: LimitsTable | None = None,
) -> House:
    """Looks up every name of a draft; what is not known becomes a problem of the draft.

    `calendars`: the texts of calendar files by their paths. `limits`: those of the base, for a tenant that adds none of
    its own.
    """
    notes: list[Problem] = []
    zone = zone_of(draft)
    stances = stances_of(draft, codex)
    groups = read_groups(draft)
    ages = read_ages(draft, day, notes)
    limits = limits or LimitsTable(draft, groups, zone, build_calendar(draft, calendars, day, zone))
    people = build_people(draft, groups, ages, limits, stances, zone, day)
    strangers = Strangers(people, limits, stances, zone, draft.prefix)
    stranger = default_of(draft, people, strangers) if draft.prefix else None
    claims = claims_of(draft, groups, people, strangers, stranger)
    prefix = draft.prefix
    if prefix:
        people = {prefix + name: person for name, person in people.items()}
        groups = {prefix + name: frozenset(prefix + each for each in members) for name, members in groups.items()}
    return House(people, groups, ages, claims, strangers, limits, stances, zone, tuple(notes))


def zone_of(draft: Draft) -> tzinfo:
    """The time zone in which a house lives."""
    written = draft.settings.get("zone")
    return ZoneInfo(written.value if written else DEFAULT_ZONE)


def stances_of(draft: Draft, codex: "Codex | None") -> Stances:
    """What was written, over what the packs say the base means."""
    given: dict[str, Any] = {name: written.value for name, written in draft.stances.items()}
    base = given.pop("base", "default")
    start = (codex.stances.get(base) if codex else None) or Stances(base=base)
    if "unreadable" in given:
        given["unreadable"] = Action[given["unreadable"].upper()]
    if "foreign" in given:
        given["foreign"] = Foreign(given["foreign"])
    return replace(start, **given)
