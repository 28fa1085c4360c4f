"""Keeps the lists of the policy in force: fetches them, has them compiled, and asks for the new ones to be taken up."""

import asyncio
import contextlib
import json
import logging
import random
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aiohttp import ClientSession

from gateway.edge.lists.fetching import FetchLimits, NotFetched, fetch_list, open_session
from gateway.edge.lists.order import Order, Outcome, copy_of, fresh_of, orders_of, path_of
from gateway.edge.reach import Reach
from gateway.policy.lists import ListSource
from gateway.store.fault import DataFault
from gateway.store.list_files import watched_of
from gateway.store.list_state import ListState, read_states, write_states
from gateway.store.watching import watch

_log = logging.getLogger(__name__)

_FIRST_PAUSE: Final = timedelta(minutes=1)  # after a failure; doubled with each
_AGAIN_AFTER_FAULT: Final = 60.0  # seconds until lists are compiled again when that failed
_PATIENCE: Final = 10.0  # seconds that a list which came waits for others on their way
_OLD: Final = "its last reading holds"
_SILENT: Final = "it says nothing until it can be used"
_JITTER: Final = 0.1  # of the time between two fetches, so that not all gateways ask at once


def _now() -> datetime:
    return datetime.now(UTC)


async def _nothing() -> None:
    """Nobody waits for compiled lists."""


class Keeper:
    """Belongs to one event loop. `take` tells it the lists of the policy in force; `run` does the work until `stop`.

    `on_compiled` is called when another compiled file lies there. `say` is for the person at the terminal. `on_event`
    is told what happens: fetched, unchanged, failed, compiled, fault.
    """

    def __init__(
        self,
        folder: Path,
        reach: Reach,
        trust: ssl.SSLContext,
        *,
        say: Callable[[str], None],
        limits: FetchLimits | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.folder = folder
        self.on_compiled: Callable[[], Awaitable[object]] = _nothing
        self.on_event: Callable[[str], None] = lambda _event: None
        self.states: dict[str, ListState] = read_states(folder)
        self._reach, self._trust, self._limits = reach, trust, limits or FetchLimits()
        self._say, self._clock = say, clock
        self._lists: tuple[ListSource, ...] = ()
        self._ordered: tuple[Order, ...] = ()
        self._wake = asyncio.Event()
        self._changed = False
        self._round_done = asyncio.Event()
        self._said: dict[str, str | None] = {}
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._watched: frozenset[Path] = frozenset()

    def take(self, lists: Sequence[ListSource], *, compiled: bool) -> None:
        """The lists that the policy in force names; `compiled`: whether the compiled file could be opened."""
        self._lists = tuple(lists)
        if orders_of(lists) != self._ordered:
            self._round_done.clear()
            self._look_again()
        elif lists and not compiled:
            asyncio.get_running_loop().call_later(_AGAIN_AFTER_FAULT, self._look_again)

    async def settled(self, seconds: float) -> None:
        """Waits until every list was looked at once, but at most this long."""
        try:
            async with asyncio.timeout(seconds):
                await self._round_done.wait()
        except TimeoutError:
            self._say(f"the lists are not ready after {seconds:g} seconds: going on without those that are missing")

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set or the task is cancelled."""
        async with open_session(self._reach, self._trust, self._limits) as session:
            try:
                while not stop.is_set():
                    await self._rest()
                    try:
                        self._watch_files(stop)
                        await self._round(session)
                    except Exception:  # noqa: BLE001 - the lists that are compiled hold, and all is looked at again
                        self.on_event("fault")
                        _log.exception("the lists could not be looked after")
                        asyncio.get_running_loop().call_later(_AGAIN_AFTER_FAULT, self._look_again)
            finally:
                ended = [*self._fetching.values(), *([self._watching] if self._watching else [])]
                for task in ended:
                    task.cancel()
                await asyncio.gather(*ended, return_exceptions=True)

    async def _rest(self) -> None:
        """Until something changes or a list is due."""
        resting = [each for each in self._lists if each.is_remote and each.name not in self._fetching]
        soonest = min((self._state_of(each).due or self._clock() for each in resting), default=None)
        pause = None if soonest is None else max(0.0, (soonest - self._clock()).total_seconds())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()
        self._wake.clear()

    async def _round(self, session: ClientSession) -> None:
        """Fetches what is due, and compiles when anything is another than it was."""
        for each in self._lists:
            if each.is_remote and each.name not in self._fetching and self._is_due(each):
                self._fetching[each.name] = asyncio.create_task(self._fetch(session, each))
        if self._fetching:  # those that come soon are compiled together; one that is slow holds up no other
            await asyncio.wait(self._fetching.values(), timeout=_PATIENCE)
        if not self._changed:
            return
        self._changed = False
        orders = orders_of(self._lists)
        try:
            outcomes = await compile_apart(self.folder, orders)
        except (OSError, ValueError) as fault:
            self.on_event("fault")
            _log.error("lists could not be compiled: %s", fault)
            asyncio.get_running_loop().call_later(_AGAIN_AFTER_FAULT, self._look_again)
        else:
            self.on_event("compiled")
            self._ordered = orders
            self._note({outcome.name: outcome for outcome in outcomes})
            await self._write()
            await self.on_compiled()
        self._round_done.set()

    async def _fetch(self, session: ClientSession, source: ListSource) -> None:
        """Asks for one list."""
        state, now = self._state_of(source), self._clock()
        anew = not await asyncio.to_thread(copy_of(self.folder, source.name).exists)
        try:
            fresh = fresh_of(self.folder, source.name)
            fetched = await fetch_list(session, state, fresh, source.at_most, self._limits, anew=anew)
            self.on_event("unchanged" if fetched.unchanged else "fetched")
            self.states[source.name] = ListState(
                origin=source.origin,
                fetched=now,
                asked=now,
                due=now + source.every * _jitter(),
                etag=fetched.etag,
                modified=fetched.modified,
            )
            self._changed |= not fetched.unchanged
        except NotFetched as fault:
            self.states[source.name] = self._failed(source, state, str(fault))
            self._tell(source, str(fault), anew=anew)
        except Exception as fault:  # noqa: BLE001 - the copy that is there holds, and the list is asked for again
            _log.exception("the list %s could not be fetched", source.name)
            self.states[source.name] = self._failed(source, state, repr(fault))
        finally:
            del self._fetching[source.name]
            self._wake.set()
        await self._write()

    def _note(self, outcomes: Mapping[str, Outcome]) -> None:
        """What became of each list; a fetched one that was not taken is asked for again as if it had not come."""
        for source in self._lists:
            outcome = outcomes.get(source.name)
            if outcome is None:
                continue
            if not source.is_remote:
                self.states[source.name] = ListState(error=outcome.error)
            elif outcome.error is not None and self._state_of(source).failures == 0:
                # Without its tag: what the server calls unchanged would be just what was not taken.
                state = replace(self._state_of(source), etag=None, modified=None)
                self.states[source.name] = self._failed(source, state, outcome.error)
            self._tell(source, self.states[source.name].error, anew=not outcome.stands)

    def _tell(self, source: ListSource, error: str | None, *, anew: bool) -> None:
        """Says what is wrong with a list, once; `anew`: there is no older reading of it."""
        if error is not None and self._said.get(source.name) != error:
            self._say(f"list {source.name}: {error}; " + (_SILENT if anew else _OLD))
        self._said[source.name] = error

    def _failed(self, source: ListSource, state: ListState, error: str) -> ListState:
        self.on_event("failed")
        now = self._clock()
        pause = min(_FIRST_PAUSE * 2 ** min(state.failures, 20), source.every)
        return replace(state, asked=now, due=now + pause * _jitter(), failures=state.failures + 1, error=error)

    async def _write(self) -> None:
        named = {source.name for source in self._lists}
        self.states = {name: state for name, state in self.states.items() if name in named}
        try:
            await asyncio.to_thread(write_states, self.folder, dict(self.states))
        except DataFault as fault:
            self.on_event("fault")
            _log.error("the state of the lists could not be written: %s", fault)

    def _state_of(self, source: ListSource) -> ListState:
        state = self.states.get(source.name)
        return state if state is not None and state.origin == source.origin else ListState(origin=source.origin)

    def _is_due(self, source: ListSource) -> bool:
        due = self._state_of(source).due
        return due is None or due <= self._clock()

    def _look_again(self) -> None:
        self._changed = True
        self._wake.set()

    def _watch_files(self, stop: asyncio.Event) -> None:
        """Watches the lists that are files; another set of files needs another watch."""
        files = frozenset(path for each in self._lists if not each.is_remote for path in watched_of(path_of(each)))
        if files == self._watched:
            return
        if self._watching is not None:
            self._watching.cancel()

        async def on_change(_changed: frozenset[Path]) -> None:
            self._look_again()

        self._watched = files
        self._watching = asyncio.create_task(watch(sorted(files), on_change, stop)) if files else None


def _jitter() -> float:
    return random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret


async def compile_apart(folder: Path, orders: Sequence[Order]) -> list[Outcome]:
    """Compiles in a process of its own. Raises OSError or ValueError when that process fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gateway.edge.lists.build",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    told = {"folder": str(folder), "orders": [order.to_json() for order in orders]}
    try:
        answer, _ = await process.communicate(json.dumps(told).encode() + b"\n")
    except BaseException:
        if process.returncode is None:
            process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise ValueError(f"the process that compiles ended with status {process.returncode}")
    return [Outcome(**outcome) for outcome in json.loads(answer)]
