"""The probe: what sites say of themselves, learned by visiting each once and remembered as long as it stays fresh."""

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from aiohttp import ClientSession
from cachetools import LRUCache

from gateway.document.document import Document, Unreadable
from gateway.document.url import Url, canonical_host
from gateway.edge.probe.dialling import connector
from gateway.edge.probe.fetching import NotFetched, fetch, open_session
from gateway.edge.probe.visiting import Limits, read_fetched, starts, visit
from gateway.edge.reach import Reach
from gateway.hosts.learn import learn, still_known
from gateway.hosts.record import HostRecord, record_name
from gateway.labels.data import LabelData

_LOG: Final = logging.getLogger(__name__)
_REMEMBERED: Final = 32 << 20  # bytes in memory, some ten thousand hosts; the store has the others
_VISITS_AT_ONCE: Final = 8
_MOST_WAITING: Final = 256  # hosts being looked up at one time; more are not taken on


class HostStore(Protocol):
    """Where records outlive the process. Both may raise; the probe goes on without it."""

    async def load(self, host: str) -> HostRecord | None:
        """The record filed under `host` (HostRecord.host), fresh or not."""

    async def save(self, record: HostRecord) -> None:
        """Files the record, over an older one."""


def _now() -> datetime:
    return datetime.now(UTC)


def _size(record: HostRecord) -> int:
    """Bytes that a record takes, roughly: label files are what can grow."""
    return 2_048 + sum(len(file.text) for file in record.site_files)


class Probe:
    """Visits hosts and remembers what they say. Belongs to the event loop in which `record` is first called."""

    def __init__(
        self,
        data: LabelData,
        store: HostStore,
        trust: Path,
        *,
        reach: Reach | None = None,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """`trust` is a PEM file with the authorities to believe (authority/upstream_trust.py); `clock` gives aware
        moments. `counts` tells what happened: visits, rated, failed, remembered, refused, faults."""
        self.data = data  # may be replaced; holds for the next visit
        self.counts: Counter[str] = Counter()
        self.on_record: Callable[[HostRecord], None] = lambda _record: None  # told of what a visit found
        self._store, self._clock = store, clock
        self._reach, self._limits = reach or Reach(), limits or Limits()
        self._trust = ssl.create_default_context(cafile=str(trust))
        # Python 3.13 asks for more than the proxy does; a site that opens for people is to be visited as well.
        self._trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
        # Expired records stay until they are pushed out: they are what is left when the next visit fails.
        self._known: LRUCache[str, HostRecord] = LRUCache(_REMEMBERED, _size)
        self._under_way: dict[str, asyncio.Task[HostRecord | None]] = {}
        self._places = asyncio.Semaphore(_VISITS_AT_ONCE)
        self._session: ClientSession | None = None

    def known(self, host: str, *, port: int = 443) -> HostRecord | None:
        """What is remembered of `host` (canonical) at this moment, without waiting for anything."""
        return self._fresh(self._known.get(record_name(host, port)))

    async def record(self, host: str, *, port: int = 443, scheme: str = "https") -> HostRecord | None:
        """What `host` says of itself, by a visit if need be. Never raises but for the caller's own cancellation.

        A record without a reading says that the host was asked and nothing could be learned. None: `host` is no host,
        too many hosts are being asked, or the probe itself failed; `counts` has which.
        With a usual port (80, 443) https is tried first, then http; with another port only `scheme`.
        One visit takes `limits.seconds` at most, but it may wait for a place; a caller in a hurry sets a limit of its
        own and looks at `known` later.
        """
        try:
            host = canonical_host(host)
        except ValueError:
            self.counts["refused"] += 1
            return None
        key = record_name(host, port)
        remembered = self._fresh(self._known.get(key))
        if remembered is not None:
            self.counts["remembered"] += 1
            return remembered
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= _MOST_WAITING:
                self.counts["refused"] += 1
                return None
            task = asyncio.create_task(self._find(key, host, port, scheme))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        try:
            # One who stops waiting must not take the answer from the others.
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
            return None  # the probe was closed meanwhile

    async def page(self, url: Url) -> Document | Unreadable | str:
        """The page at `url`, fetched now and not remembered; a sentence when nothing came back."""
        try:
            async with asyncio.timeout(self._limits.seconds):
                fetched = await fetch(
                    self._open(), url, most_bytes=self._limits.page_bytes, redirects=self._limits.redirects
                )
        except TimeoutError:
            return f"it took longer than {self._limits.seconds:g} seconds"
        except NotFetched as end:
            return str(end)
        return await asyncio.to_thread(read_fetched, fetched)

    async def close(self) -> None:
        """Ends what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _find(self, key: str, host: str, port: int, scheme: str) -> HostRecord | None:
        try:
            older = await self._load(key) or self._known.get(key)
            record = self._fresh(older)
            if record is not None:
                self._known[key] = record
                return record
            async with self._places:
                record = await self._visit(host, port, scheme, older)
            self._known[key] = record
            self.on_record(record)
            await self._save(record)
        except Exception:  # noqa: BLE001 - an unknown host is for the caller to judge, whatever made it so
            self.counts["faults"] += 1
            _LOG.exception("the visit to a host failed")
            return None
        return record

    def _fresh(self, record: HostRecord | None) -> HostRecord | None:
        if record is None or (record.until is not None and record.until <= self._clock()):
            return None
        return record

    async def _visit(self, host: str, port: int, scheme: str, older: HostRecord | None) -> HostRecord:
        self.counts["visits"] += 1
        seen = await visit(
            self._open(), record_name(host, port), starts(host, port, scheme), self._limits, self._clock()
        )
        record = await asyncio.to_thread(learn, seen, self.data)
        if record.reading is None:
            self.counts["failed"] += 1
            if older is not None and older.reading is not None and not seen.left:
                return still_known(older, seen.moment)
        elif record.reading.labels:
            self.counts["rated"] += 1
        return record

    async def _load(self, key: str) -> HostRecord | None:
        try:
            return await self._store.load(key)
        except Exception:  # noqa: BLE001 - the store is a help, not a condition
            self.counts["faults"] += 1
            _LOG.exception("a host record could not be loaded")
            return None

    async def _save(self, record: HostRecord) -> None:
        try:
            await self._store.save(record)
        except Exception:  # noqa: BLE001 - the store is a help, not a condition
            self.counts["faults"] += 1
            _LOG.exception("a host record could not be saved")

    def _open(self) -> ClientSession:
        if self._session is None:
            dial = connector(self._reach, self._trust, connections=4 * _VISITS_AT_ONCE)
            self._session = open_session(dial, connect_seconds=self._limits.connect_seconds)
        return self._session
