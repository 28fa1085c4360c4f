"""Clues and a moment → the profile that holds now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway.policy.policy import Policy
from gateway.profiles.clue import Clues
from gateway.profiles.grant import Grant
from gateway.profiles.person import ADULT, Person
from gateway.profiles.profile import Profile


def recognise(policy: Policy, clues: Clues, moment: datetime) -> Profile | None:
    """Who is asking at `moment` (aware). None: nobody is known here and no default holds, so the edge refuses."""
    person = person_of(policy, clues)
    return profile_of(policy, person, moment) if person is not None else None


def person_of(policy: Policy, clues: Clues) -> Person | None:
    """Who is asking; None as in `recognise`."""
    return policy.clues.person_for(clues) if clues.person is None else policy.people.get(clues.person)


def profile_of(policy: Policy, person: Person, moment: datetime) -> Profile:
    """The profile of a person of `policy` at `moment` (aware)."""
    age = person.age_at(moment)
    is_adult = age >= ADULT
    limits = person.as_adult if is_adult else person.as_child
    stances = person.stances
    # An adult whose own name stands in a rule asked for it; everybody else's connection stays closed.
    if is_adult and not stances.adults_opened and not (limits.rules.empty and limits.timetable.empty):
        stances = replace(stances, adults_opened=True)
    return Profile(
        person=person.name,
        age=age,
        codex=policy.codex,
        rules=limits.rules,
        stances=stances,
        timetable=limits.timetable.with_grants(person.grants),
        grants=person.grants,
        groups=person.groups,
        revision=policy.revision,
        language=person.language,
    )


def with_grants(profile: Profile, grants: Iterable[Grant]) -> Profile:
    """The profile with those of `grants`, given since the policy was written, that are for its person or groups."""
    own = tuple(
        grant for grant in grants if profile.person in grant.people or not profile.groups.isdisjoint(grant.people)
    )
    if not own:
        return profile
    return replace(profile, grants=profile.grants + own, timetable=profile.timetable.with_grants(own))
