"""The minutes that everybody has used today. Memory says how many; the database is written behind it.

It is written every few seconds, so a gateway that is killed loses less than a minute, and read again at the start.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

from gateway.profiles.activity import NEEDED, Sign
from gateway.profiles.quota import AHEAD, NONE_USED, Tally
from gateway.store.fault import StoreFault
from gateway.store.minutes import Used

_FLUSH_SECONDS: Final = 10.0
_LEAST_DAYS: Final = 2  # kept however short the journal is: a clock may be set back by a day
_NOTHING: Final[Mapping[str, Tally]] = MappingProxyType({})

_log = logging.getLogger(__name__)


class Keeper(Protocol):
    """Where tallies are kept (gateway/store/minutes.py)."""

    async def load(self, since: date) -> tuple[Used, ...]: ...

    async def save(self, used: Sequence[Used]) -> None: ...

    async def forget(self, before: date) -> int: ...


class Minutes:
    """Counts on the event loop's thread and never waits. `today` gives the local day of this machine."""

    def __init__(self, keeper: Keeper, *, days: int, today: Callable[[], date]) -> None:
        self.fault: str | None = None  # why the last write failed; None when it did not
        self._keeper, self._days, self._today = keeper, max(days, _LEAST_DAYS), today
        self._used: dict[str, Mapping[str, Tally]] = {}
        self._unsaved: dict[tuple[str, str, date], Tally] = {}
        self._bursts: dict[tuple[str, str, Sign], tuple[int, int]] = {}  # → minute, how many in it
        self._swept: date | None = None
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Takes up what was used before the start. Days that are far ahead were a wrong clock's. Raises StoreFault."""
        today = self._today()
        for person, service, tally in await self._keeper.load(today - timedelta(days=1)):
            if tally.day is not None and tally.day <= today + AHEAD:
                self._put(person, service, tally)

    def start(self) -> None:
        """Begins to write in the background."""
        self._task = asyncio.create_task(self._run(), name="minutes")

    async def close(self) -> None:
        """Writes what was counted."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.flush()

    def of(self, person: str) -> Mapping[str, Tally]:
        """What a person has used, by service; a value that does not change."""
        return self._used.get(person, _NOTHING)

    def count(self, person: str, services: Iterable[str], local: datetime, sign: Sign) -> None:
        """A sign of activity at `local` (aware, in the person's zone)."""
        needed = NEEDED[sign]
        for service in services:
            if needed > 1 and not self._is_burst(person, service, sign, local, needed):
                continue
            before = self.of(person).get(service, NONE_USED)
            tally = before.count(local)
            if tally is not before and tally.day is not None:
                self._put(person, service, tally)
                self._unsaved[person, service, tally.day] = tally

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
        self._used[person] = MappingProxyType({**self.of(person), service: tally})

    def _is_burst(self, person: str, service: str, sign: Sign, local: datetime, needed: int) -> bool:
        minute = int(local.timestamp()) // 60
        begun, seen = self._bursts.get((person, service, sign), (minute, 0))
        seen = seen + 1 if begun == minute else 1
        self._bursts[person, service, sign] = (minute, seen)
        return seen >= needed

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
        for person, used in list(self._used.items()):
            recent = {name: tally for name, tally in used.items() if tally.day and tally.day >= today - AHEAD}
            self._used[person] = MappingProxyType(recent)
        try:
            await self._keeper.forget(today - timedelta(days=self._days))
            self._swept = today
        except StoreFault as fault:
            self.fault = str(fault)
