"""What all workers saw, put together: hosts that may be passed for a time, clients that cannot be looked into.

It decides slowly and in one place: workers tell what they saw, the gateway's own visit is asked for, and only what
`gateway.hosts.traffic` and `gateway.hosts.pinning` conclude is told to all of them. The database is written behind.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from itertools import batched
from typing import Any, Final

from cachetools import LRUCache, TTLCache

from gateway.edge.keeper.kept import Counts, Store
from gateway.edge.link.values import pack_learned, pack_pinned
from gateway.edge.sights import unpack_glimpse
from gateway.hosts import pinning, traffic
from gateway.hosts.pinning import Pinned, Strikes
from gateway.hosts.record import HostRecord, host_and_port
from gateway.hosts.traffic import Glimpse, Learned, Served, Traffic
from gateway.store.fault import StoreFault
from gateway.store.learned import MOST_HOSTS, MOST_PINNED, HostSeen
from gateway.store.opened import Opened, OpenedLine, merged

_FLUSH_SECONDS: Final = 10.0
_SWEEP_ROUNDS: Final = 360  # of flushing
_AGAIN_SECONDS: Final = 1_800.0  # until a host of which nothing could be concluded is asked about again
_USED_SECONDS: Final = 86_400.0  # that a client is known to take our certificate at a host
_MOST_USES: Final = 50_000
_MOST_ASKED: Final = 32  # hosts being visited for this at one time
_IN_ONE: Final = 500  # in one message
_MOST_COUNTED: Final = 20_000

_log = logging.getLogger(__name__)

Visit = Callable[[str, int], Awaitable[HostRecord | None]]
Told = Mapping[str, Any]


class Learning:
    """Belongs to one event loop. `visit` gives what the gateway's own visit to a host and port finds.

    `on_change` is told what all workers are to hold from now on. `days`: how long what was opened is kept.
    """

    def __init__(self, store: Store, counts: Counts, visit: Visit, now: Callable[[], datetime], *, days: int) -> None:
        self.on_change: Callable[[Told], None] = lambda _told: None
        self.fault: str | None = None  # why the last write failed; None when it did not
        self.lost = 0  # counts of what was opened that found no room
        self._store, self._counts, self._visit, self._now, self._days = store, counts, visit, now, days
        self._salt = secrets.token_bytes(16)
        self._traffic: LRUCache[str, Traffic] = LRUCache(MOST_HOSTS)
        self._learned: LRUCache[str, Learned] = LRUCache(MOST_HOSTS)
        self._strikes: LRUCache[tuple[str, str], Strikes] = LRUCache(MOST_PINNED)
        self._pinned: LRUCache[tuple[str, str], Pinned] = LRUCache(MOST_PINNED)
        self._uses: TTLCache[tuple[str, str], bool] = TTLCache(_MOST_USES, _USED_SECONDS)
        self._tried: TTLCache[str, bool] = TTLCache(MOST_HOSTS, _AGAIN_SECONDS)
        self._asked: dict[Any, asyncio.Task[None]] = {}
        self._unsaved: set[str] = set()
        self._unsaved_pins: dict[tuple[str, str], Pinned] = {}
        self._unpinned: set[tuple[str, str]] = set()
        self._opened: dict[Opened, int] = {}
        self._task: asyncio.Task[None] | None = None

    # -- what workers tell ------------------------------------------------------------------------------------------

    def take(self, told: Told) -> None:
        """What one worker saw (gateway.edge.sights.Sights.take)."""
        for packed in told["glimpses"]:
            self._see(unpack_glimpse(packed))
        for client, host in told["trusted"]:
            self._trust(client, host)
        for client, host in told["strikes"]:
            self._strike(client, host)
        counted = ((Opened(*fields), int(times)) for *fields, times in told["opened"])
        self.lost += merged(self._opened, counted, _MOST_COUNTED)

    def all(self) -> Iterator[Told]:
        """Everything that holds now, for a worker that comes new, in pieces."""
        now = self._now()
        learned = [each for each in self._learned.values() if each.until > now]
        pinned = [each for each in self._pinned.values() if each.until > now]
        yield from (_told(learned=some) for some in batched(learned, _IN_ONE))
        yield from (_told(pinned=some) for some in batched(pinned, _IN_ONE))

    def _see(self, glimpse: Glimpse) -> None:
        host, now = glimpse.host, self._now()
        person = blake2b(glimpse.person.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=8).hexdigest()
        known = self._traffic.get(host)
        glimpse = replace(glimpse, person=person, moment=min(glimpse.moment, now))
        seen = self._traffic[host] = traffic.add(known, glimpse)
        self._unsaved.add(host)
        learned = self._learned.get(host)
        if learned is not None and traffic.ends(learned, glimpse):
            del self._learned[host]
            self.on_change(_told(gone=[host]))
            learned = None
        if Served.PAGE in glimpse.served or Served.TELLING in glimpse.served:
            self._soil(host)
        half = traffic.LIFETIME[learned.what] / 2 if learned is not None else None
        ripe = learned is None or (half is not None and learned.until - now < half)
        if ripe and host not in self._tried and traffic.is_candidate(seen, now):
            self._tried[host] = True
            self._begin(host, self._conclude(host))

    def _strike(self, client: str, host: str) -> None:
        now, key = self._now(), (client, host)
        if key in self._uses:
            return  # a browser beside an app, or handshakes that are failed on purpose
        strikes = self._strikes[key] = pinning.strike(self._strikes.get(key), client, host, now)
        pinned = self._pinned.get(key)
        if strikes.count >= pinning.ENOUGH and (pinned is None or pinned.until <= now):
            self._begin(key, self._pin(strikes))

    def _trust(self, client: str, host: str) -> None:
        key = (client, host)
        self._uses[key] = True
        self._strikes.pop(key, None)
        if self._pinned.pop(key, None) is not None:
            self._unpinned.add(key)
            self._unsaved_pins.pop(key, None)
            self.on_change(_told(unpinned=[key]))

    def _soil(self, host: str) -> None:
        """A page came from the host: it is passed to no app any more."""
        soiled = [each for each in self._pinned.values() if each.host == host and each.clean]
        for each in soiled:
            self._keep_pin(replace(each, clean=False))
        if soiled:
            self.on_change(_told(pinned=[replace(each, clean=False) for each in soiled]))

    # -- what follows -------------------------------------------------------------------------------------------------

    async def _conclude(self, host: str) -> None:
        visited = await self._visit(*host_and_port(host))
        seen = self._traffic.get(host)
        learned = traffic.conclude(seen, visited, self._now()) if seen is not None else None
        if learned is not None:
            self._learned[host] = learned
            self._unsaved.add(host)
            self.on_change(_told(learned=[learned]))

    async def _pin(self, strikes: Strikes) -> None:
        visited = await self._visit(*host_and_port(strikes.host))
        clean = pinning.is_clean(visited, self._traffic.get(strikes.host), self._now())
        pinned = pinning.pin(strikes, clean=clean, moment=self._now())
        self._keep_pin(pinned)
        self.on_change(_told(pinned=[pinned]))

    def _keep_pin(self, pinned: Pinned) -> None:
        key = (pinned.client, pinned.host)
        self._pinned[key] = self._unsaved_pins[key] = pinned
        self._unpinned.discard(key)

    def _begin(self, key: Any, work: Awaitable[None]) -> None:
        """A visit takes a while; what finds no room is asked about at the next occasion."""
        if key in self._asked or len(self._asked) >= _MOST_ASKED:
            getattr(work, "close", lambda: None)()
            self._tried.pop(key, None)
            return
        task = self._asked[key] = asyncio.ensure_future(work)
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: Any, task: asyncio.Task[None]) -> None:
        self._asked.pop(key, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            _log.error("what traffic teaches of a host could not be concluded: %s", type(fault).__name__)

    # -- the database -------------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Takes up what was learned before the start; what cannot be read is learned again."""
        try:
            seen, pinned = await self._store.load(self._now())
        except StoreFault as fault:
            self.fault = str(fault)
            return
        for each in seen:
            self._traffic[each.traffic.host] = each.traffic
            if each.learned is not None and each.learned.until > self._now():
                self._learned[each.learned.host] = each.learned
        for pin in pinned:
            self._pinned[pin.client, pin.host] = pin

    def start(self) -> None:
        """Begins to write in the background."""
        self._task = asyncio.create_task(self._run(), name="learning")

    async def close(self) -> None:
        """Writes what waits."""
        tasks = [*self._asked.values(), *([self._task] if self._task is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.flush()

    async def lines(self, person: str | None = None) -> Sequence[OpenedLine]:
        """What was opened, of one person or of all; with what waits to be written. Raises StoreFault."""
        await self.flush()
        if self.fault is not None:
            raise StoreFault(self.fault)
        return await self._counts.lines(person)

    async def flush(self) -> None:
        """Writes what is new; what cannot be written waits, as far as there is room."""
        hosts, self._unsaved = self._unsaved, set()
        pins, self._unsaved_pins = self._unsaved_pins, {}
        unpinned, self._unpinned = self._unpinned, set()
        opened, self._opened = self._opened, {}
        seen = [HostSeen(self._traffic[host], self._learned.get(host)) for host in hosts if host in self._traffic]
        try:
            if seen or pins or unpinned:
                await self._store.save(seen, pins.values(), unpinned)
            hosts, pins, unpinned = set(), {}, set()
            await self._counts.add(opened, self._now().date())
            self.fault = None
        except StoreFault as fault:
            self._unsaved |= hosts
            self._unsaved_pins = {**pins, **self._unsaved_pins}
            self._unpinned |= unpinned
            self.lost += merged(self._opened, opened.items(), _MOST_COUNTED)
            if self.fault is None:
                _log.error("what was learned and opened cannot be written and waits: %s", fault)
            self.fault = str(fault)

    async def _run(self) -> None:
        rounds = 0
        while True:
            if rounds % _SWEEP_ROUNDS == 0:
                await self._sweep()
            rounds += 1
            await asyncio.sleep(_FLUSH_SECONDS)
            await self.flush()

    async def _sweep(self) -> None:
        try:
            await self._store.forget(self._now())
            await self._counts.forget(self._now(), self._days)
        except StoreFault as fault:
            self.fault = str(fault)


def _told(
    learned: Iterable[Learned] = (),
    pinned: Iterable[Pinned] = (),
    gone: Iterable[str] = (),
    unpinned: Iterable[tuple[str, str]] = (),
) -> Told:
    return {
        "learned": pack_learned(learned),
        "pinned": pack_pinned(pinned),
        "gone": list(gone),
        "unpinned": [list(key) for key in unpinned],
    }
