"""Policy, law, one person and what is known of hosts → a bundle: all that a device needs to decide without the gateway.

A bundle is plain JSON values. Its keys are described in addons/browser/decision/README.md; whoever changes what one of
them means gives it another FORMAT.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from json import dumps
from typing import Any, Final

from gateway.bundle.from_codex import codex_values
from gateway.bundle.from_hosts import asked_values, host_values
from gateway.bundle.from_limits import DayMaps, grant_values, last_day, limits_values, used_values
from gateway.bundle.from_words import word_values
from gateway.bundle.zone import zone_values
from gateway.decision.verdict import Action
from gateway.hosts.index import HostIndex
from gateway.policy.policy import Policy
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.person import ADULT, Person
from gateway.profiles.quota import Tally

FORMAT: Final = 1
LIFE: Final = timedelta(days=14)  # a school's holiday, a family's journey
_AROUND: Final = timedelta(days=2)  # a device's clock may be off, and a night may begin on the day before
_AFTER: Final = timedelta(days=16)  # the end of a block is looked for beyond the last day that is named


@dataclass(frozen=True, slots=True)
class Shared:
    """What is the same in the bundles of all people of a policy: made once, because it is most of a bundle."""

    hosts: HostIndex
    issued: datetime
    expires: datetime
    values: Mapping[str, Any]


def share(policy: Policy, hosts: HostIndex, issued: datetime, life: timedelta = LIFE) -> Shared:
    """The common part of bundles that are issued at `issued` (aware) and hold for `life`.

    `hosts` is the index that the gateway itself asks.
    """
    issued = issued.astimezone(UTC).replace(microsecond=0)
    expires = issued + life
    values = {
        "revision": policy.revision or policy.codex.revision,
        "issued": issued.isoformat(),
        "expires": expires.isoformat(),
        "codex": codex_values(policy.codex, issued - _AROUND, expires + _AROUND),
        "words": word_values(),
        **host_values(hosts, policy.lists),
    }
    return Shared(hosts, issued, expires, values)


def build_bundle(
    shared: Shared,
    person: Person,
    *,
    device: str | None = None,
    given: Iterable[Grant] = (),
    used: Mapping[str, Tally] | None = None,
    asked: Iterable[str] = (),
) -> dict[str, Any]:
    """The bundle of `person`, who is of the shared policy.

    `device`: for whom it is, by the name that the gateway gave it. `given`: grants since the policy was written.
    `used`: what the person used of their quotas, by service. `asked`: hosts that the device asked about, of which lists
    that stay on the gateway may know something. Nothing in a bundle names another person.
    """
    issued, expires = shared.issued, shared.expires
    first, last = (moment.astimezone(person.zone) for moment in (issued - _AROUND, expires + _AROUND))
    ages = _ages(person, first.toordinal(), last.toordinal())
    maps = DayMaps(first.toordinal())
    # Who turns 18 while the bundle holds needs both.
    child = limits_values(person.as_child, maps) if ages[0][1] < ADULT else None
    adult = limits_values(person.as_adult, maps) if ages[-1][1] >= ADULT else None
    named = max(last_day(person.as_child.timetable), last_day(person.as_adult.timetable))
    ahead = max(expires - issued, timedelta(days=max(named - issued.toordinal(), 0)))
    stances = _for_adults(person)
    return {
        "format": FORMAT,
        "device": device,
        "person": person.name,
        "language": person.language,
        "age": ages[0][1],
        "steps": [{"on": date.fromordinal(day).isoformat(), "age": years} for day, years in ages[1:]],
        "zone": zone_values(person.zone, issued - _AROUND, issued + ahead + _AFTER),
        "stances": stance_values(stances),
        "strict": stance_values(strict(stances)),
        "child": child,
        "adult": adult,
        "maps": maps.values(),
        "grants": grant_values(_own(person.grants, person, issued), _own(given, person, issued)),
        "used": used_values(used or {}),
        **shared.values,
        "exact": {**asked_values(shared.hosts, asked), **shared.values["exact"]},
    }


def to_bytes(bundle: Mapping[str, Any]) -> bytes:
    """The canonical form of a bundle, which is what is signed: keys in order, nothing between, UTF-8."""
    text = dumps(bundle, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def strict(stances: Stances) -> Stances:
    """What holds when a bundle has expired: never less strict than `stances`, whatever they are.

    What has no label is closed, and what has one above the age stays closed, whoever allowed it: that may have been
    taken back since. Signs and foreign labels count as before, because one that counts can also open a page.
    """
    return replace(
        stances, base="strict", unlabelled=((0, Action.BLOCK),), unreadable=Action.BLOCK, local_allow_up_to=0
    )


def stance_values(stances: Stances) -> dict[str, Any]:
    """The stances that a decision asks."""
    return {
        "base": stances.base,
        "unlabelled": [[age, action.word] for age, action in stances.unlabelled],
        "unreadable": stances.unreadable.word,
        "foreign": stances.foreign.value,
        "site_sign_binds": stances.site_sign_binds,
        "unlabelled_online_publication": stances.unlabelled_online_publication,
        "simulcast_is_broadcast": stances.simulcast_is_broadcast,
        "local_allow_up_to": stances.local_allow_up_to,
        "estimate_from": stances.estimate_from,
        "registration_scope": stances.registration_scope,
        "adults_opened": stances.adults_opened,
    }


def _for_adults(person: Person) -> Stances:
    """As gateway.profiles.recognise has it: an adult whose own name stands in a rule asked for it."""
    own = person.as_adult
    if own.rules.empty and own.timetable.empty:
        return person.stances
    return replace(person.stances, adults_opened=True)


def _own(grants: Iterable[Grant], person: Person, issued: datetime) -> list[Grant]:
    """Those of `grants` that are for the person, or a group of theirs, and may hold while the bundle does."""
    return [
        grant
        for grant in grants
        if (person.name in grant.people or not person.groups.isdisjoint(grant.people))
        and (grant.until is None or grant.until > issued - _AROUND)
    ]


def _ages(person: Person, first: int, last: int) -> list[tuple[int, int]]:
    """From which day (ordinal) on the person is how old: no birthday that is not due stands in a bundle."""
    found: list[tuple[int, int]] = []
    for day in range(first, last + 1):
        years = min(age.at(date.fromordinal(day)) for age in person.ages)
        if not found or found[-1][1] != years:
            found.append((day, years))
    return found
