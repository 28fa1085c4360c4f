"""One worker as the keeper sees it: its line, what it has in force, and how it does."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from cachetools import LRUCache

from gateway.edge.counters import Counters
from gateway.edge.edition import Edition, pieces_of
from gateway.edge.link.line import Line, LineClosed, Message

# Figures of a worker that are shown as they come.
_SHOWN: Final = ("pid", "uptime", "connections", "requests", "revision", "rss", "slower")
_MOST_WORKERS: Final = 1_024  # that are remembered, dead ones included


class Attached:
    """Made when a worker has introduced itself. `say` cuts the line of one that does not listen: it comes again."""

    def __init__(self, line: Line, hello: Message) -> None:
        self.id: str = hello["id"]
        self.place: int = hello["place"]
        self.serial: str | None = hello["serial"]  # of the edition in force there
        self.figures: Mapping[str, Any] = {"pid": hello["pid"]}
        self._line = line
        self._numbers = count()
        self._asked: dict[int, asyncio.Future[Message]] = {}

    def say(self, kind: str, **values: Any) -> None:
        """Sends without waiting."""
        if not self._line.say(kind, **values):
            self._line.cut()

    async def ask(self, kind: str, seconds: float, **values: Any) -> Message:
        """Sends and waits for the answer. Raises LineClosed; one that takes longer than `seconds` is cut off."""
        number = next(self._numbers)
        answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._asked[number] = answered
        try:
            self.say(kind, number=number, **values)
            async with asyncio.timeout(seconds):
                return await answered
        except TimeoutError:
            self._line.cut()
            raise LineClosed from None
        finally:
            del self._asked[number]

    def answer(self, message: Message) -> None:
        """An answer that has come."""
        asked = self._asked.get(message["number"])
        if asked is not None and not asked.done():
            asked.set_result(message)

    def end(self) -> None:
        """The worker is gone: nothing more is answered."""
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(LineClosed())

    async def prepare(self, editions: Sequence[Edition], seconds: float) -> str | None:
        """Has the last of the editions made there, not yet in force. Returns why it could not be. Raises LineClosed."""
        known = [edition.serial for edition in editions]
        missing = editions[known.index(self.serial) + 1 :] if self.serial in known else editions
        for edition in missing:
            await self._line.say_all({"is": "edition", **piece} for piece in pieces_of(edition))
        serials = [edition.serial for edition in missing]
        answer: Message = await self.ask("prepare", seconds, serials=serials) if serials else {}
        fault: str | None = answer.get("fault")
        return fault

    def swap(self, serial: str) -> None:
        """Puts in force what was prepared."""
        if serial != self.serial:
            self.say("swap", serial=serial)
            self.serial = serial

    def shown(self) -> dict[str, Any]:
        """How it does, in JSON values."""
        return {"place": self.place, **{name: self.figures.get(name) for name in _SHOWN}}


class Sums:
    """Counters of all workers, those that are gone included: what each has counted since it last told is added."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        # One that is connected tells every second, so it is never the one that is pushed out.
        self._told: LRUCache[str, dict[tuple[str, tuple[str, ...]], float]] = LRUCache(_MOST_WORKERS)

    def take(self, worker: str, samples: Iterable[tuple[str, Sequence[str], float]]) -> None:
        """Where the counters of one worker stand."""
        told = self._told.setdefault(worker, {})
        for name, labels, value in samples:
            key = (name, tuple(labels))
            more = value - told.get(key, 0.0)
            if more > 0:
                self._counters.add(name, labels, more)
                told[key] = value
