"""What holds for people besides the policy: grants given while running, and minutes used."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from gateway.decision.hours import page_of
from gateway.decision.question import Question
from gateway.edge.minutes import Minutes
from gateway.profiles.activity import Sign
from gateway.profiles.grant import Grant
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import with_grants

MOST_GRANTS: Final = 2_000  # that hold at once

_log = logging.getLogger(__name__)


class TooManyGrants(Exception):  # noqa: N818 - reads as a sentence
    """More grants hold than anybody can oversee; some must be taken back first."""


class GrantKeeper(Protocol):
    """Where grants are kept (gateway/store/state.py)."""

    async def grants(self) -> tuple[Grant, ...]: ...

    async def add_grant(self, given: Grant) -> None: ...

    async def remove_grant(self, grant_id: str) -> bool: ...


Audit = Callable[[Grant, str], None]  # a grant, and "given" or "revoked"


class Standing:
    """Memory says what holds; a grant is kept in the database before it holds. Methods that wait raise StoreFault."""

    def __init__(self, keeper: GrantKeeper, minutes: Minutes, *, audit: Audit = lambda _grant, _done: None) -> None:
        self.minutes = minutes
        self._keeper, self._audit = keeper, audit
        self._grants: dict[str, Grant] = {}
        self._by_name: dict[str, tuple[Grant, ...]] = {}

    async def load(self) -> None:
        """Takes up what held before the start."""
        await self.minutes.load()
        self._hold(await self._keeper.grants())

    def profile_now(self, profile: Profile) -> Profile:
        """The profile with the grants that were given to its person, and what they have used."""
        if self._by_name:
            names = (profile.person, *profile.groups)
            own = dict.fromkeys(grant for name in names for grant in self._by_name.get(name, ()))
            profile = with_grants(profile, own)
        if profile.timetable.quotas:
            tallies = self.minutes.of(profile.person)
            profile = replace(profile, timetable=profile.timetable.with_tallies(tallies))
        return profile

    def active(self, question: Question, moment: datetime, sign: Sign) -> None:
        """Counts a sign of activity on a page that passed."""
        timetable = question.profile.timetable
        if timetable.quotas:
            services = timetable.services_of(*page_of(question))
            self.minutes.count(question.profile.person, services, moment.astimezone(timetable.zone), sign)

    def grants(self, moment: datetime) -> tuple[Grant, ...]:
        """Every grant that holds at `moment`, by when it ends."""
        held = [grant for grant in self._grants.values() if grant.until is None or moment < grant.until]
        return tuple(sorted(held, key=lambda grant: (grant.until is None, grant.until, grant.id)))

    async def give(self, given: Iterable[Grant], moment: datetime) -> None:
        """Keeps grants and lets them hold at once. Raises TooManyGrants."""
        new = list(given)
        self._hold(self.grants(moment))
        if len(self._grants) + len(new) > MOST_GRANTS:
            raise TooManyGrants(f"{len(self._grants)} grants hold already; take some back first")
        for grant in new:
            await self._keeper.add_grant(grant)
            self._hold((*self._grants.values(), grant))
            self._audit(grant, "given")

    async def revoke(self, grant_id: str) -> Grant | None:
        """Takes a grant back at once and returns it; None when none of that id holds."""
        grant = self._grants.get(grant_id)
        if grant is None:
            return None
        await self._keeper.remove_grant(grant_id)
        self._hold(each for each in self._grants.values() if each.id != grant_id)
        self._audit(grant, "revoked")
        return grant

    def _hold(self, grants: Iterable[Grant]) -> None:
        self._grants = {grant.id: grant for grant in grants}
        by_name: dict[str, list[Grant]] = {}
        for grant in self._grants.values():
            for name in grant.people:
                by_name.setdefault(name, []).append(grant)
        self._by_name = {name: tuple(found) for name, found in by_name.items()}
