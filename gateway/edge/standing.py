"""What holds for people besides the policy, as the keeper has it: grants are kept in the database before they hold."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, Protocol

from gateway.edge.held import Held
from gateway.edge.minutes import Minutes
from gateway.profiles.grant import Grant

MOST_GRANTS: Final = 2_000  # that hold at once


class TooManyGrants(Exception):  # noqa: N818 - reads as a sentence
    """More grants hold than anybody can oversee; some must be taken back first."""


class GrantKeeper(Protocol):
    """Where grants are kept (gateway/store/state.py)."""

    async def grants(self) -> tuple[Grant, ...]: ...

    async def add_grant(self, given: Grant) -> None: ...

    async def remove_grant(self, grant_id: str) -> bool: ...


Audit = Callable[[Grant, str], None]  # a grant, and "given" or "revoked"


class Standing(Held):
    """Memory says what holds. `on_grants` is told when other grants hold. Methods that wait raise StoreFault."""

    def __init__(self, keeper: GrantKeeper, minutes: Minutes, *, audit: Audit = lambda _grant, _done: None) -> None:
        super().__init__(minutes)
        self.minutes = minutes
        self.on_grants: Callable[[], None] = lambda: None
        self._keeper, self._audit = keeper, audit

    async def load(self) -> None:
        """Takes up what held before the start."""
        await self.minutes.load()
        self.hold(await self._keeper.grants())

    async def give(self, given: Iterable[Grant], moment: datetime) -> None:
        """Keeps grants and lets them hold at once. Raises TooManyGrants."""
        new = list(given)
        self.hold(self.grants(moment))
        if len(self._grants) + len(new) > MOST_GRANTS:
            raise TooManyGrants(f"{len(self._grants)} grants hold already; take some back first")
        for grant in new:
            await self._keeper.add_grant(grant)
            self.hold((*self._grants.values(), grant))
            self._audit(grant, "given")

    async def revoke(self, grant_id: str) -> Grant | None:
        """Takes a grant back at once and returns it; None when none of that id holds."""
        grant = self._grants.get(grant_id)
        if grant is None:
            return None
        await self._keeper.remove_grant(grant_id)
        self.hold(each for each in self._grants.values() if each.id != grant_id)
        self._audit(grant, "revoked")
        return grant

    def hold(self, grants: Iterable[Grant]) -> None:
        super().hold(grants)
        self.on_grants()
