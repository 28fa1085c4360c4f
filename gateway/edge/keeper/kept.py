"""Where what was learned and what was opened is kept: what the keeper asks of a database, and its absence."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from gateway.hosts.pinning import Pinned
from gateway.store.fault import StoreFault
from gateway.store.learned import HostSeen
from gateway.store.opened import Opened, OpenedLine


class Store(Protocol):
    """Where what was learned is kept (gateway/store/learned.py)."""

    async def load(self, now: datetime) -> tuple[tuple[HostSeen, ...], tuple[Pinned, ...]]: ...

    async def save(
        self, seen: Iterable[HostSeen], pins: Iterable[Pinned], unpinned: Iterable[tuple[str, str]]
    ) -> None: ...

    async def forget(self, now: datetime) -> int: ...


class Counts(Protocol):
    """Where what was opened is kept (gateway/store/opened.py)."""

    async def add(self, counted: Mapping[Opened, int], day: date) -> None: ...

    async def lines(self, person: str | None = None) -> tuple[OpenedLine, ...]: ...

    async def forget(self, now: datetime, days: int) -> int: ...


class Nowhere:
    """Keeps nothing, where the database cannot be opened: what is learned is lost with the process."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def load(self, _now: datetime) -> tuple[tuple[HostSeen, ...], tuple[Pinned, ...]]:
        raise StoreFault(self._why)

    async def save(
        self, _seen: Iterable[HostSeen], _pins: Iterable[Pinned], _unpinned: Iterable[tuple[str, str]]
    ) -> None:
        raise StoreFault(self._why)

    async def add(self, _counted: Mapping[Opened, int], _day: date) -> None:
        raise StoreFault(self._why)

    async def lines(self, _person: str | None = None) -> tuple[OpenedLine, ...]:
        raise StoreFault(self._why)

    async def forget(self, _now: datetime, _days: int = 0) -> int:
        raise StoreFault(self._why)
