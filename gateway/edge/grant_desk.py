"""Where grants are given and taken back while the gateway runs, under the policy that is in force."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from gateway.edge.control_api.console import UnknownPerson
from gateway.edge.granting import BadGrant, grants_of, read_asked
from gateway.edge.standing import Standing
from gateway.edge.time_left import TimeLeft, time_left_of
from gateway.policy.policy import Policy
from gateway.profiles.grant import Grant
from gateway.profiles.recognise import profile_of


async def _at_once() -> None:
    """What is given holds at once where nobody else must be told."""


async def _nobody_asked(_people: frozenset[str], _host: str) -> None:
    """Nobody waits for an answer where no question is kept."""


class GrantDesk:
    """`policy` gives the one in force; None: there is none, and nobody is known.

    `settled` returns when what was given or taken back is known to everybody who judges by it. `on_host` is told whom
    which host was opened to, which answers those who asked for it.
    """

    def __init__(
        self,
        standing: Standing,
        policy: Callable[[], Policy | None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        settled: Callable[[], Awaitable[None]] = _at_once,
        on_host: Callable[[frozenset[str], str], Awaitable[None]] = _nobody_asked,
    ) -> None:
        self._standing, self._policy, self._clock, self._settled = standing, policy, clock, settled
        self._on_host = on_host

    def held(self) -> Sequence[Grant]:
        return [self._shown(grant) for grant in self._standing.grants(self._clock())]

    async def give(self, asked: Mapping[str, Any]) -> Sequence[Grant]:
        policy, moment = self._policy(), self._clock()
        if policy is None:
            raise BadGrant([("", "no policy is in force")])
        given = grants_of(read_asked(asked), policy, self._standing, moment)
        try:
            await self._standing.give(given, moment)
        finally:  # some may hold although the next one could not be kept
            await self._settled()
        for grant in given:
            if grant.host:
                await self._on_host(grant.people, grant.host)
        return given

    async def revoke(self, grant_id: str) -> Grant | None:
        revoked = await self._standing.revoke(grant_id)
        await self._settled()
        return self._shown(revoked) if revoked is not None else None

    def _shown(self, grant: Grant) -> Grant:
        """The same grant, by the clock of the policy's zone."""
        policy = self._policy()
        if policy is None:
            return grant
        local = [None if each is None else each.astimezone(policy.zone) for each in (grant.since, grant.until)]
        return replace(grant, since=local[0], until=local[1])

    def time_of(self, person: str) -> TimeLeft:
        policy, moment = self._policy(), self._clock()
        if policy is None or person not in policy.people:
            raise UnknownPerson(person)
        profile = profile_of(policy, policy.people[person], moment)
        return time_left_of(self._standing.profile_now(profile), moment)
