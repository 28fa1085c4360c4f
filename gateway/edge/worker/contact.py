"""A worker's end of the line to the keeper: what it copies, what it hands on, and how it goes on without.

While the keeper is away, everything that is known holds: the policy, grants until their end, minutes, host records.
Minutes go on being counted here, and are handed over when it is back. Journal entries wait up to a bound; then they are
dropped and counted. What the keeper last said of a damaged database holds too.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from itertools import batched
from typing import Any, Final

from gateway.edge.checking import today
from gateway.edge.held import Held
from gateway.edge.link.line import Line, LineClosed, Message
from gateway.edge.link.values import (
    copy_lives,
    pack_entries,
    pack_used,
    unpack_grants,
    unpack_heard,
    unpack_learned,
    unpack_pinned,
    unpack_record,
    unpack_used,
)
from gateway.edge.sights import Sights
from gateway.edge.tallies import Tallies
from gateway.edge.worker.rulings import Rulings
from gateway.edge.worker.shared_guesses import SharedGuesses
from gateway.edge.worker.visits import Visits
from gateway.hosts.address_book import AddressBook
from gateway.problems import ProblemsFound
from gateway.profiles.activity import Sign
from gateway.store.recorder import Recorder

MOST_WAITING: Final = 1 << 20  # bytes on their way to the keeper
_AGAIN_SECONDS: Final = 0.1
_HAND_ON_SECONDS: Final = 0.2
_ENTRIES: Final = 500  # in one message
_TALLIES: Final = 500
_NAMES: Final = 500
_FIGURES_EVERY: Final = 5  # rounds of handing on

_log = logging.getLogger(__name__)

Dial = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Contact:
    """`dial` connects to the keeper. `introduce` says who this worker is, `figures` how it does, in JSON values.

    `workers` is how many there are, this one included. `on_lost` is told of a message that found no room.
    """

    def __init__(
        self,
        dial: Dial,
        rulings: Rulings,
        recorder: Recorder,
        *,
        introduce: Callable[[], Mapping[str, Any]],
        figures: Callable[[], Mapping[str, Any]],
        workers: int,
        on_lost: Callable[[str], None],
        sights: Sights | None = None,
    ) -> None:
        self.sights = sights or Sights()
        self.tallies = Tallies()
        self.held = Held(self.tallies, on_active=self._tell_active)
        self.visits = Visits(self._ask)
        self.book = AddressBook()
        self.book.on_news = self._tell_lives
        self.guesses = SharedGuesses(self._say, workers)
        self.trouble: str | None = None
        self.complete = asyncio.Event()  # the keeper has told everything once
        self._dial, self._rulings, self._recorder = dial, rulings, recorder
        self._introduce, self._figures, self._on_lost = introduce, figures, on_lost
        self._line: Line | None = None  # None: nobody is there who listens
        self._work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Keeps in contact until it is cancelled; hands on what waits before it ends."""
        handing = asyncio.create_task(self._hand_on_for_ever())
        try:
            while True:
                await self._converse()
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            handing.cancel()

    async def _converse(self) -> None:
        """From one connection to its end."""
        try:
            line = Line(*await self._dial(), most=MOST_WAITING)
        except OSError:
            return
        try:
            if not line.is_ours():
                return
            await self._greet(line)
            while True:
                message = await line.hear()
                self._line = line
                self._copy(message)
                self._obey(line, message)
        except LineClosed:
            pass
        except asyncio.CancelledError:
            self._hand_on()
            await line.close()
            raise
        except Exception:  # noqa: BLE001 - what is known holds, and the keeper is asked anew
            _log.exception("the keeper said what this worker does not understand")
        finally:
            self._line = None
            self.visits.give_up()
            self.guesses.give_up()
            self._rulings.forget()
            line.cut()

    async def _greet(self, line: Line) -> None:
        """Says who is here and what was counted meanwhile; the keeper may have been away, or be another one."""
        line.say("hello", serial=self._rulings.serial, **self._introduce())
        used = batched(self.tallies.all(), _TALLIES)
        await line.say_all({"is": "tallies", "tallies": pack_used(some)} for some in used)
        lives = batched(self.book.all(time.monotonic()), _NAMES)
        await line.say_all({"is": "lives", "names": some} for some in lives)
        line.say("here")
        line.say("figures", **self._figures())

    def _copy(self, message: Message) -> None:
        """Takes up what holds."""
        match message["is"]:
            case "tallies":
                for used in unpack_used(message["tallies"]):
                    self.tallies.join(*used)
            case "grants":
                self.held.hold(unpack_grants(message["grants"]))
            case "labels":
                self._copy_labels(message)
            case "learned":
                learned, pinned = unpack_learned(message["learned"]), unpack_pinned(message["pinned"])
                self.sights.hold(learned, pinned, message["gone"], message["unpinned"])
            case "trouble":
                self.trouble = message["trouble"]
            case "record":
                record = unpack_record(message["record"])
                if record is not None:
                    self.visits.learn(record)
            case "lives":
                copy_lives(self.book, message)
            case "heard":
                self.guesses.answer(message["number"], message["may"])
            case "answer":
                self.visits.answer(message["key"], unpack_record(message["record"]))

    def _copy_labels(self, message: Message) -> None:
        """What devices told of some pages, in the place of what was known of them; `anew`: of all pages."""
        if message["anew"]:
            self.held.labels.clear()
        told = unpack_heard(message["labels"])
        for page in message["pages"]:
            self.held.labels.hold(page, [each for each in told if each.page == page])

    def _obey(self, line: Line, message: Message) -> None:
        """Does what the keeper asks for."""
        match message["is"]:
            case "edition":
                self._rulings.take(message)
            case "prepare":
                task = asyncio.create_task(self._prepare(line, message["serials"], message["number"]))
                self._work.add(task)
                task.add_done_callback(self._work.discard)
            case "swap":
                self._rulings.put_in_force(message["serial"])
                self.tallies.forget(today())
            case "complete":
                self.complete.set()
            case "ping":
                line.say("done", number=message["number"])

    async def _prepare(self, line: Line, serials: list[str], number: int) -> None:
        try:
            ruling = await self._rulings.prepare(serials)
        except ProblemsFound as found:
            line.say("done", number=number, fault=str(found))
        except Exception as fault:  # noqa: BLE001 - the ruling in force goes on holding, and the keeper says why
            _log.exception("an edition could not be compiled")
            line.say("done", number=number, fault=repr(fault))
        else:
            line.say("done", number=number, revision=ruling.revision)

    # -- what is handed on ----------------------------------------------------------------------------------------

    def _tell_active(self, person: str, services: tuple[str, ...], local: datetime, sign: Sign) -> None:
        """Several workers together may see the signs that it takes; lost ones are made up for by `_greet`."""
        told = {"person": person, "services": services, "local": local.isoformat(), "sign": sign.value}
        if self._line is not None and not self._line.say("active", **told):
            self._on_lost("activity")

    def _tell_lives(self, name: str, addresses: tuple[str, ...], shown: bool) -> None:
        """What is lost is told again by `_greet`, or when it is half forgotten."""
        if self._line is not None:
            self._line.say("lives", names=[(name, addresses, shown)])

    def _ask(self, key: str, host: str, port: int, scheme: str) -> bool:
        return self._say("visit", key=key, host=host, port=port, scheme=scheme)

    def _say(self, kind: str, **values: Any) -> bool:
        return self._line is not None and self._line.say(kind, **values)

    async def _hand_on_for_ever(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(_HAND_ON_SECONDS)
            rounds += 1
            try:
                self._hand_on()
                if self._line is not None and rounds % _FIGURES_EVERY == 0:
                    self._line.say("figures", **self._figures())
            except Exception:  # noqa: BLE001 - the next round may do better
                _log.exception("nothing could be handed on to the keeper")

    def _hand_on(self) -> None:
        """Journal entries, as many as the line takes, and what was seen of hosts."""
        while self._line is not None and self._recorder.has_work:
            entries, lost = self._recorder.take(_ENTRIES), self._recorder.unsaid
            if not self._line.say("entries", entries=pack_entries(entries), lost=lost):
                self._recorder.add_all(entries.items())
                return
            self._recorder.unsaid -= lost
        if self._line is not None and self._line.has_room and (seen := self.sights.take()) is not None:
            self._line.say("seen", **seen)
