"""What visits to hosts found, as a worker knows it: the keeper visits, and each worker copies what it tells."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from cachetools import LRUCache

from gateway.document.url import canonical_host
from gateway.hosts.record import HostRecord, record_name

_REMEMBERED: Final = 8 << 20  # bytes, some three thousand hosts; the keeper has the others
_MOST_ASKED: Final = 256  # hosts being asked for at one time; more are not taken on

Ask = Callable[[str, str, int, str], bool]  # key, host, port, scheme → whether the question could be sent


def _size(record: HostRecord) -> int:
    return 2_048 + sum(len(file.text) for file in record.site_files)


class Visits:
    """The gate's Probe. Without the keeper it answers with what it knows, and everything else is unknown."""

    def __init__(self, ask: Ask, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ask, self._clock = ask, clock
        self._records: LRUCache[str, HostRecord] = LRUCache(_REMEMBERED, _size)
        self._asked: dict[str, asyncio.Future[HostRecord | None]] = {}

    def known(self, host: str, *, port: int = 443) -> HostRecord | None:
        """What an earlier visit found, at once; None when there was none."""
        record = self._records.get(record_name(host, port))
        if record is None or (record.until is not None and record.until <= self._clock()):
            return None
        return record

    async def record(self, host: str, *, port: int = 443, scheme: str = "https") -> HostRecord | None:
        """What a visit finds; None when it finds nothing, or when the keeper cannot be asked. May take its time."""
        try:
            host = canonical_host(host)
        except ValueError:
            return None
        known = self.known(host, port=port)
        if known is not None:
            return known
        key = record_name(host, port)
        asked = self._asked.get(key)
        if asked is None:
            if len(self._asked) >= _MOST_ASKED or not self._ask(key, host, port, scheme):
                return None
            asked = self._asked[key] = asyncio.get_running_loop().create_future()
        return await asyncio.shield(asked)

    def learn(self, record: HostRecord) -> None:
        """Takes up what a visit found."""
        self._records[record.host] = record

    def answer(self, key: str, record: HostRecord | None) -> None:
        """The keeper's answer to a question."""
        if record is not None:
            self._records[key] = record
        asked = self._asked.pop(key, None)
        if asked is not None and not asked.done():
            asked.set_result(record)

    def give_up(self) -> None:
        """Nobody answers any more: whoever waits is told that nothing is known."""
        for key in list(self._asked):
            self.answer(key, None)
