"""The minutes that everybody has used today, as the keeper has them: counted in memory, the database written behind.

It is written every few seconds, so a gateway that is killed loses less than a minute, and read again at the start.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final, Protocol

from gateway.edge.tallies import Tallies
from gateway.profiles.quota import AHEAD, Tally, Used
from gateway.store.fault import StoreFault

_FLUSH_SECONDS: Final = 10.0
_LEAST_DAYS: Final = 2  # kept however short the journal is: a clock may be set back by a day

_log = logging.getLogger(__name__)


class Keeper(Protocol):
    """Where tallies are kept (gateway/store/minutes.py)."""

    async def load(self, since: date) -> tuple[Used, ...]: ...

    async def save(self, used: Sequence[Used]) -> None: ...

    async def forget(self, before: date) -> int: ...


class Minutes(Tallies):
    """Tallies that outlive the process. `today` gives the local day of this machine."""

    def __init__(self, keeper: Keeper, *, days: int, today: Callable[[], date]) -> None:
        super().__init__()
        self.fault: str | None = None  # why the last write failed; None when it did not
        self._keeper, self._days, self._today = keeper, max(days, _LEAST_DAYS), today
        self._unsaved: dict[tuple[str, str, date], Tally] = {}
        self._swept: date | None = None
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Takes up what was used before the start. Days that are far ahead were a wrong clock's. Raises StoreFault."""
        today = self._today()
        for person, service, tally in await self._keeper.load(today - timedelta(days=1)):
            if tally.day is not None and tally.day <= today + AHEAD:
                super()._put(person, service, tally)

    def start(self) -> None:
        """Begins to write in the background."""
        self._task = asyncio.create_task(self._run(), name="minutes")

    async def close(self) -> None:
        """Writes what was counted."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.flush()

    async def flush(self) -> None:
        """Writes what was counted since the last time; what cannot be written waits."""
        waiting, self._unsaved = self._unsaved, {}
        try:
            await self._keeper.save([(person, service, tally) for (person, service, _), tally in waiting.items()])
            self.fault = None
        except StoreFault as fault:
            self._unsaved = {**waiting, **self._unsaved}
            if self.fault is None:
                _log.error("the minutes used cannot be written and wait: %s", fault)
            self.fault = str(fault)

    def _put(self, person: str, service: str, tally: Tally) -> None:
        super()._put(person, service, tally)
        if tally.day is not None:
            self._unsaved[person, service, tally.day] = tally

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            await self.flush()
            await self._sweep()

    async def _sweep(self) -> None:
        """Forgets old days, once a day."""
        today = self._today()
        if self._swept == today:
            return
        self.forget(today)
        try:
            await self._keeper.forget(today - timedelta(days=self._days))
            self._swept = today
        except StoreFault as fault:
            self.fault = str(fault)
