"""Where the workers' lines end: what they hand on is put in its place, and what holds is told to all of them."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from gateway.edge.counters import Counters
from gateway.edge.edition import Edition
from gateway.edge.guesses import Guesses
from gateway.edge.inquiry import Probe
from gateway.edge.keeper.attached import Attached, Sums
from gateway.edge.keeper.learning import Learning
from gateway.edge.link.line import Line, LineClosed, Message
from gateway.edge.link.values import (
    copy_lives,
    pack_grants,
    pack_heard,
    pack_record,
    pack_used,
    unpack_entries,
    unpack_used,
)
from gateway.edge.memory import Memory
from gateway.hosts.address_book import AddressBook
from gateway.hosts.record import HostRecord
from gateway.problems import Problem, ProblemsFound
from gateway.profiles.activity import Sign

MOST_WAITING: Final = 8 << 20  # bytes on their way to a worker
_PREPARE_SECONDS: Final = 60.0
_PING_SECONDS: Final = 2.0
_TALLIES: Final = 500  # in one message
_PAGES: Final = 500
_NAMES: Final = 500
_TOGETHER_SECONDS: Final = 0.02
_LOOK_SECONDS: Final = 0.2  # at what may be broken

_log = logging.getLogger(__name__)


class Hub:
    """Belongs to one event loop. `probe` None: no site is visited."""

    def __init__(
        self,
        memory: Memory,
        probe: Probe | None,
        counters: Counters,
        now: Callable[[], datetime],
        learning: Learning | None = None,
    ) -> None:
        self._memory, self._probe, self._now, self._learning = memory, probe, now, learning
        if learning is not None:
            learning.on_change = lambda told: self._tell("learned", **told)
        self._sums = Sums(counters)
        self._book = AddressBook()
        self._guesses = Guesses()
        self._attached: set[Attached] = set()
        self._editions: Sequence[Edition] = ()
        self._turn = asyncio.Lock()  # one edition at a time is on its way
        self._serving: set[asyncio.Task[Any]] = set()
        self._said_trouble: str | None = None
        self._grants_wait = False
        memory.standing.on_grants = self._grants_changed
        memory.standing.minutes.on_used = lambda used: self._tell("tallies", tallies=pack_used([used]))

    @property
    def workers(self) -> list[dict[str, Any]]:
        """How each worker does, in JSON values."""
        return [each.shown() for each in sorted(self._attached, key=lambda each: each.place)]

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A line of a worker in this very process."""
        here, there = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=here)
        self.keep(self.serve(reader, writer))
        return await asyncio.open_connection(sock=there)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One line, from its beginning to its end."""
        line = Line(reader, writer, most=MOST_WAITING)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            if line.is_ours():
                await self._serve(line)
        except LineClosed:
            pass
        except Exception:  # noqa: BLE001 - the other workers' lines go on
            _log.exception("a worker said what the keeper does not understand")
        finally:
            self._serving.discard(task)
            line.cut()

    def keep(self, work: Any) -> None:
        """Runs `work` as long as the hub lives; a task that nobody holds may be collected."""
        task = asyncio.ensure_future(work)
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def watch(self) -> None:
        """Tells of trouble when there is any, until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            trouble = self._memory.trouble()
            if trouble != self._said_trouble:
                self._said_trouble = trouble
                self._tell("trouble", trouble=trouble)

    async def settled(self) -> None:
        """Returns when every worker has taken in what it was told before."""
        self._tell_grants()
        asked = [each.ask("ping", _PING_SECONDS) for each in self._attached]
        await asyncio.gather(*asked, return_exceptions=True)

    async def publish(self, editions: Sequence[Edition], swap: Callable[[], None]) -> None:
        """Has every worker make the last of the editions, and then puts it in force everywhere; `swap` does so here.

        Raises ProblemsFound when a worker cannot make it: then it is in force nowhere. A worker that takes too long is
        cut off, and gets it when it comes again.
        """
        async with self._turn:
            attached = list(self._attached)
            asked = [each.prepare(editions, _PREPARE_SECONDS) for each in attached]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            faults = {
                each.place: answer for each, answer in zip(attached, answers, strict=True) if isinstance(answer, str)
            }
            if faults:
                raise ProblemsFound([_problem(place, fault) for place, fault in faults.items()])
            self._editions = tuple(editions)
            swap()
            for worker, answer in zip(attached, answers, strict=True):
                if answer is None and worker in self._attached:
                    worker.swap(editions[-1].serial)
        await self.settled()

    async def close(self) -> None:
        """Lets the lines end that are ending, so that nothing that was handed on is lost."""
        if self._serving:
            _, late = await asyncio.wait(self._serving, timeout=0.5)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -- one worker ------------------------------------------------------------------------------------------------

    async def _serve(self, line: Line) -> None:
        hello = await line.hear()
        worker = Attached(line, hello)
        while (message := await line.hear())["is"] != "here":
            self._join(message)
        self._attached.add(worker)
        welcoming = asyncio.create_task(self._welcome(worker, line))
        try:
            while True:
                self._take(worker, await line.hear())
        finally:
            welcoming.cancel()
            self._attached.discard(worker)
            worker.end()

    async def _welcome(self, worker: Attached, line: Line) -> None:
        """Everything that holds; what changes meanwhile is told in between."""
        try:
            worker.say("trouble", trouble=self._memory.trouble())
            worker.say("grants", grants=pack_grants(self._memory.standing.grants(self._now())))
            used = batched(self._memory.standing.minutes.all(), _TALLIES)
            await line.say_all({"is": "tallies", "tallies": pack_used(some)} for some in used)
            await line.say_all({"is": "labels", **told} for told in self._labels())
            lives = batched(self._book.all(time.monotonic()), _NAMES)
            await line.say_all({"is": "lives", "names": some} for some in lives)
            if self._learning is not None:
                await line.say_all({"is": "learned", **told} for told in self._learning.all())
            async with self._turn:
                if self._editions:
                    fault = await worker.prepare(self._editions, _PREPARE_SECONDS)
                    if fault is not None:
                        _log.error("worker %d cannot take up the policy: %s", worker.place, fault)
                        line.cut()
                        return
                    worker.swap(self._editions[-1].serial)
                worker.say("complete")
        except LineClosed:
            line.cut()

    def _take(self, worker: Attached, message: Message) -> None:
        match message["is"]:
            case "entries":
                self._memory.note(unpack_entries(message["entries"]), message["lost"])
            case "active":
                local = datetime.fromisoformat(message["local"])
                sign = Sign(message["sign"])
                self._memory.standing.minutes.count(message["person"], message["services"], local, sign)
            case "lives":
                self._tell_lives(message, self._attached - {worker})
            case "seen" if self._learning is not None:
                self._learning.take(message)
            case "visit":
                self.keep(self._visit(worker, message))
            case "guess":
                worker.say("heard", number=message["number"], may=self._guesses.take(message["address"]))
            case "right":
                self._guesses.give_back(message["address"])
            case "figures":
                worker.figures = message
                self._sums.take(worker.id, message["counters"])
            case "done":
                worker.answer(message)

    def _join(self, message: Message) -> None:
        """What a worker knows that comes to the keeper, or comes back to it."""
        if message["is"] == "tallies":
            for used in unpack_used(message["tallies"]):
                self._memory.standing.minutes.join(*used)
        elif message["is"] == "lives":
            self._tell_lives(message, self._attached)

    async def _visit(self, worker: Attached, asked: Message) -> None:
        record = None
        if self._probe is not None:
            record = await self._probe.record(asked["host"], port=asked["port"], scheme=asked["scheme"])
        worker.say("answer", key=asked["key"], record=pack_record(record))

    def _tell_lives(self, message: Message, others: set[Attached]) -> None:
        """Which names live where: who asks for an address may come to another worker than who asked for the name."""
        if news := copy_lives(self._book, message):
            for other in others:
                other.say("lives", names=news)

    # -- all workers ------------------------------------------------------------------------------------------------

    def tell_record(self, record: HostRecord) -> None:
        """What a visit found: the same question gets the same verdict at every worker."""
        self._tell("record", record=pack_record(record))

    def tell_heard(self, page: str) -> None:
        """What devices told of a page has changed."""
        labels = pack_heard(self._memory.standing.labels.all([page]))
        self._tell("labels", anew=False, pages=[page], labels=labels)

    def _labels(self) -> Iterator[dict[str, Any]]:
        """Everything that devices told, in messages of a bounded size; the first one makes an end of what was known."""
        labels = self._memory.standing.labels
        yield {"anew": True, "pages": [], "labels": []}
        for pages in batched(labels.pages(), _PAGES):
            yield {"anew": False, "pages": pages, "labels": pack_heard(labels.all(pages))}

    def _grants_changed(self) -> None:
        """A group's grants come one by one; they are told together."""
        if not self._grants_wait:
            self._grants_wait = True
            asyncio.get_running_loop().call_later(_TOGETHER_SECONDS, self._tell_grants)

    def _tell_grants(self) -> None:
        if self._grants_wait:
            self._grants_wait = False
            self._tell("grants", grants=pack_grants(self._memory.standing.grants(self._now())))

    def _tell(self, kind: str, **values: Any) -> None:
        for worker in list(self._attached):
            worker.say(kind, **values)


def _problem(place: int, fault: str) -> Problem:
    return Problem("policy", 1, 1, f"worker {place} could not take up the policy: {fault}")
