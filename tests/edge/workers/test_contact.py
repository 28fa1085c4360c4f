"""A worker's contact with the keeper: what waits while nobody is there, what is lost then, and what comes back."""

import asyncio
import socket
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.decision.verdict import Action, Effect, Layer, Reason, Verdict
from gateway.edge.counters import Counters
from gateway.edge.guesses import MISTAKES, Guarded
from gateway.edge.keeper.hub import Hub
from gateway.edge.memory import Amnesia
from gateway.edge.worker.contact import Contact
from gateway.edge.worker.rulings import Rulings
from gateway.hosts.record import HostRecord, Learned
from gateway.profiles.activity import NEEDED, Sign
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally
from gateway.store.masking import KEEPING
from gateway.store.recorder import Counted, Recorder

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
BLOCK = Verdict(action=Action.BLOCK, reason=Reason.LABEL, effect=Effect.RESTRICT, layer=Layer.LAW)
RECORD = HostRecord(host="a.kz", learned=Learned.VISIT, until=datetime(2099, 1, 1, tzinfo=UTC))


class Kept(Amnesia):
    """Keeps in memory what it is told; there is no database in these tests."""

    def __init__(self) -> None:
        super().__init__("no database")
        self.entries: list[Counted] = []
        self.lost = 0

    def note(self, entries: Any, lost: int) -> None:
        self.entries += entries
        self.lost += lost

    def trouble(self) -> str | None:
        return None


class Visitor:
    """A probe that knows one host, and takes its time for others."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def known(self, _host: str, *, port: int = 443) -> HostRecord | None:
        return None

    async def record(self, host: str, *, port: int = 443, scheme: str = "https") -> HostRecord | None:
        self.asked.append(f"{scheme}://{host}:{port}")
        if host == "slow.kz":
            await asyncio.sleep(60)
        return RECORD if host == "a.kz" else None


class Gateway:
    """A keeper that may be away, and workers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lost = folder, list[str]()
        self.tasks: list[asyncio.Task[Any]] = []
        self.start_keeper()

    def start_keeper(self) -> None:
        self.memory, self.visitor, self.counters = Kept(), Visitor(), Counters()
        self.hub: Hub | None = Hub(self.memory, self.visitor, self.counters, lambda: NOW)

    async def kill_keeper(self) -> None:
        assert self.hub is not None
        hub, self.hub = self.hub, None
        await hub.close()

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.hub is None:
            raise ConnectionRefusedError
        return await self.hub.dial()

    def worker(self, place: int = 1, limit: int = 10_000) -> tuple[Contact, Recorder]:
        recorder = Recorder(KEEPING["home"], limit=limit)
        contact = Contact(
            self.dial,
            Rulings(self.folder, lambda _ruling: None),
            recorder,
            introduce=lambda: {"id": str(place), "place": place, "pid": place},
            figures=lambda: {"pid": place, "counters": [["qorgan_requests", [], 5.0]], "requests": 5},
            workers=2,
            on_lost=self.lost.append,
        )
        self.tasks.append(asyncio.create_task(contact.run()))
        return contact, recorder


@pytest.fixture
async def gateway(tmp_path: Path) -> Any:
    made = Gateway(tmp_path)
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)
    if made.hub is not None:
        await made.hub.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


async def test_entries_wait_while_nobody_is_there_and_what_is_beyond_is_counted(gateway: Gateway) -> None:
    contact, recorder = gateway.worker(limit=10)
    await asyncio.wait_for(contact.complete.wait(), 5)
    await gateway.kill_keeper()
    await until(lambda: contact._line is None)
    for minutes in range(25):
        recorder.record(BLOCK, None, NOW + timedelta(minutes=minutes))
    assert recorder.dropped == 15
    gateway.start_keeper()
    await until(lambda: len(gateway.memory.entries) == 10)
    assert (gateway.memory.lost, recorder.dropped) == (15, 15)
    recorder.record(BLOCK, None, NOW)
    await until(lambda: len(gateway.memory.entries) == 11)
    assert gateway.memory.lost == 15, "a loss is told once"


async def test_a_worker_that_ends_hands_on_what_waits(gateway: Gateway) -> None:
    contact, recorder = gateway.worker()
    await asyncio.wait_for(contact.complete.wait(), 5)
    recorder.record(BLOCK, None, NOW)
    gateway.tasks[0].cancel()
    await asyncio.gather(*gateway.tasks, return_exceptions=True)
    await until(lambda: len(gateway.memory.entries) == 1)


async def test_signs_of_several_workers_count_together(gateway: Gateway) -> None:
    """Ten pictures within a minute are activity, also when two workers saw five of them each."""
    workers = [gateway.worker(place)[0] for place in (1, 2)]
    for contact in workers:
        await asyncio.wait_for(contact.complete.wait(), 5)
    for number in range(NEEDED[Sign.PICTURE]):
        workers[number % 2]._tell_active("ana", ("everything",), NOW, Sign.PICTURE)
    for contact in workers:
        await until(lambda contact=contact: contact.tallies.of("ana").get("everything", Tally()).minutes == 1)


async def test_minutes_counted_without_the_keeper_are_handed_over(gateway: Gateway) -> None:
    contact, _ = gateway.worker(1)
    other, _ = gateway.worker(2)
    await asyncio.wait_for(contact.complete.wait(), 5)
    await gateway.kill_keeper()
    await until(lambda: contact._line is None)
    for minute in range(3):
        contact.tallies.count("ana", ["everything"], NOW + timedelta(minutes=minute), Sign.OPENED)
    gateway.start_keeper()
    await until(lambda: "everything" in gateway.memory.standing.minutes.of("ana"))
    await until(lambda: "everything" in other.tallies.of("ana"))
    for known in (gateway.memory.standing.minutes, other.tallies):
        assert known.of("ana")["everything"] == Tally(date(2026, 11, 23), 3, int(NOW.timestamp()) // 60 + 2)


async def test_a_host_is_asked_for_once_and_every_worker_knows(gateway: Gateway) -> None:
    contact, _ = gateway.worker(1)
    other, _ = gateway.worker(2)
    for each in (contact, other):
        await asyncio.wait_for(each.complete.wait(), 5)
    found = await asyncio.gather(*(contact.visits.record("a.kz") for _ in range(5)))
    assert found == [RECORD] * 5
    assert gateway.visitor.asked == ["https://a.kz:443"]
    assert contact.visits.known("a.kz") == RECORD
    assert await contact.visits.record("b.kz") is None
    assert await contact.visits.record("no host") is None
    assert gateway.hub is not None
    gateway.hub.tell_record(RECORD)
    await until(lambda: other.visits.known("a.kz") == RECORD)


async def test_every_worker_knows_who_lives_where(gateway: Gateway) -> None:
    one, _ = gateway.worker()
    other, _ = gateway.worker(2)
    await until(lambda: one.complete.is_set() and other.complete.is_set())
    one.book.note("a.kz", ("203.0.113.7",), time.monotonic())
    one.book.note("b.kz", ("203.0.113.7",), time.monotonic(), shown=True)
    await until(lambda: other.book.at("203.0.113.7", time.monotonic()).shown == ("b.kz",))
    await gateway.kill_keeper()
    gateway.start_keeper()  # which learns it from the workers, and tells those who come later
    later, _ = gateway.worker(3)
    await until(lambda: later.book.at("203.0.113.7", time.monotonic()).resolved == ("a.kz", "b.kz"))


async def test_whoever_waits_for_a_visit_is_told_when_the_keeper_goes(gateway: Gateway) -> None:
    contact, _ = gateway.worker()
    await asyncio.wait_for(contact.complete.wait(), 5)
    waiting = asyncio.create_task(contact.visits.record("slow.kz"))
    await until(lambda: gateway.visitor.asked != [])
    await gateway.kill_keeper()
    assert await asyncio.wait_for(waiting, 5) is None
    assert await contact.visits.record("a.kz") is None, "nobody can be asked"


async def test_grants_are_everywhere_before_the_answer(gateway: Gateway) -> None:
    workers = [gateway.worker(place)[0] for place in (1, 2)]
    for contact in workers:
        await asyncio.wait_for(contact.complete.wait(), 5)
    given = [Grant(id=str(number), by="dana", people=frozenset({"ana"}), host="a.kz") for number in range(30)]
    for number in range(30):
        gateway.memory.standing.hold(given[: number + 1])
    assert gateway.hub is not None
    await gateway.hub.settled()
    assert [len(contact.held.grants(NOW)) for contact in workers] == [30, 30]
    await gateway.kill_keeper()
    assert [len(contact.held.grants(NOW)) for contact in workers] == [30, 30]


async def test_counters_are_summed_and_never_twice(gateway: Gateway) -> None:
    for place in (1, 2):
        gateway.worker(place)
    await until(lambda: gateway.counters.samples()[0][2] == 10)
    await asyncio.sleep(1.3)
    assert gateway.counters.samples()[0] == ("qorgan_requests", (), 10)


async def test_a_stranger_who_talks_nonsense_harms_nobody(gateway: Gateway) -> None:
    contact, _ = gateway.worker()
    await asyncio.wait_for(contact.complete.wait(), 5)
    assert gateway.hub is not None
    for content in (b"", b"\0\0\0\2{}", b'\0\0\0\x0e{"is":"hello"}', b"\xff\xff\xff\xff"):
        here, there = socket.socketpair()
        serving = asyncio.create_task(gateway.hub.serve(*await asyncio.open_connection(sock=here)))
        there.sendall(content)
        there.close()
        await asyncio.wait_for(serving, 5)
    await gateway.hub.settled()
    assert [each["place"] for each in gateway.hub.workers] == [1]


async def test_guesses_at_passwords_are_counted_together(gateway: Gateway) -> None:
    """Ten in all, and not ten at each worker, also when all come at one time; what was right counts for nothing."""
    contacts = [gateway.worker(place)[0] for place in (1, 2)]
    for contact in contacts:
        await asyncio.wait_for(contact.complete.wait(), 5)
    heard: list[str] = []

    async def check(_login: str, password: str) -> bool:
        heard.append(password)
        await asyncio.sleep(0.01)
        return password == "right"

    doors = [Guarded(check, contact.guesses.take, contact.guesses.give_back) for contact in contacts]
    for turn in range(30):
        assert await doors[turn % 2].verify("ana", "right", "10.0.0.1")
    found = await asyncio.gather(*(doors[n % 2].verify("ana", f"wrong {n}", "10.0.0.1") for n in range(60)))
    assert not any(found)
    assert len([word for word in heard if word.startswith("wrong")]) == MISTAKES
    assert not await doors[0].verify("ana", "right", "10.0.0.1"), "refused unheard for a while, wherever it comes"
    assert await doors[1].verify("ana", "right", "10.0.0.2"), "others are not"


async def test_without_the_keeper_each_worker_has_its_share_of_guesses(gateway: Gateway) -> None:
    contacts = [gateway.worker(place)[0] for place in (1, 2)]
    for contact in contacts:
        await asyncio.wait_for(contact.complete.wait(), 5)
    await gateway.kill_keeper()
    await until(lambda: all(contact._line is None for contact in contacts))
    taken = [await contact.guesses.take("10.0.0.1") for contact in contacts for _ in range(MISTAKES)]
    assert sum(taken) == MISTAKES
