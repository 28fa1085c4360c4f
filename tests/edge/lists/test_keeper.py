"""The keeper over days, on a clock of the test's own: fetched, unchanged, garbage, away, back; files that change."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aiohttp import web

from gateway.edge.lists.fetching import FetchLimits
from gateway.edge.lists.keeper import Keeper
from gateway.edge.lists.opening import open_lists, standings
from gateway.policy.compile import compile_policy
from gateway.policy.lists import ListSource
from gateway.shipped import texts
from gateway.store.list_state import read_states
from tests.edge.lists.conftest import Server

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = FetchLimits(connect=5, silent=1, whole=5)


@dataclass
class World:
    folder: Path
    keeper: Keeper
    now: datetime = NOON
    said: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    lists: tuple[ListSource, ...] = ()

    def take(self, written: str, beside: Path) -> None:
        """A policy whose `lists:` are these comes into force."""
        file = str(beside / "home.yaml")
        text = f"people: {{a: {{age: 8}}}}\nlists:\n{written}"
        self.lists = compile_policy({file: text}, texts("presets"), texts("law"), date(2026, 11, 22)).lists
        self.keeper.take(self.lists, compiled=self.opened() is not None)

    def opened(self) -> object:
        return open_lists(self.folder.parent, self.lists)

    def knows(self, host: str) -> bool:
        listed = open_lists(self.folder.parent, self.lists)
        return listed is not None and listed.lookup(host) is not None

    def word(self, name: str) -> str:
        listed = open_lists(self.folder.parent, self.lists)
        found = standings(self.lists, listed.mapped.lists if listed else (), read_states(self.folder))
        return next(each.word for each in found if each.source.name == name)

    def later(self, span: timedelta) -> None:
        self.now += span
        self.keeper._wake.set()  # in place of the time that passes


@asynccontextmanager
async def running(folder: Path, server: Server, trust: ssl.SSLContext) -> AsyncIterator[World]:
    said: list[str] = []
    world: World
    keeper = Keeper(folder, server.reach, trust, say=said.append, limits=LIMITS, clock=lambda: world.now)
    world = World(folder, keeper, said=said)
    keeper.on_event = world.events.append
    stop = asyncio.Event()
    task = asyncio.create_task(keeper.run(stop))
    try:
        yield world
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.05)


async def test_a_fetched_list_over_days(folder: Path, tmp_path: Path, server: Server, trust: ssl.SSLContext) -> None:
    content, tag, status = "a.test\n", '"1"', 200

    async def answer(request: web.Request) -> web.StreamResponse:
        if status == 200 and request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(text=content, status=status, headers={"ETag": tag})

    server.answer = answer
    async with running(folder, server, trust) as world:
        world.take(f'  - {{name: one, from: "{server.url()}", topics: adult, every: 24h}}\n', tmp_path)
        await until(lambda: world.knows("a.test"))
        assert world.word("one") == "good"

        world.later(timedelta(hours=27))
        await until(lambda: "unchanged" in world.events)
        assert world.events.count("compiled") == 1
        due = read_states(folder)["one"].due
        assert due is not None
        assert timedelta(hours=21.5) < due - world.now < timedelta(hours=26.5)

        content, tag = "b.test\n", '"2"'
        world.later(timedelta(hours=27))
        await until(lambda: world.knows("b.test"))
        assert not world.knows("a.test")

        content, tag = "<html>\n<p>\nsign in\n</p>\n</html>\n", '"3"'
        world.later(timedelta(hours=27))
        await until(lambda: world.word("one") == "old")
        assert world.knows("b.test")
        assert "what came is no list" in world.said[-1]
        assert world.said[-1].endswith("its last reading holds")

        status = 503
        for failures in (2, 3, 4):
            world.later(timedelta(hours=1))
            await until(lambda failures=failures: read_states(folder)["one"].failures == failures)
        due = read_states(folder)["one"].due
        assert due is not None
        assert timedelta(minutes=7) < due - world.now < timedelta(minutes=9)
        assert world.knows("b.test")

        content, status = "c.test\n", 200
        world.later(timedelta(hours=1))
        await until(lambda: world.knows("c.test"))
        assert "if-none-match" not in server.asked[-1]
        assert world.word("one") == "good"


async def test_a_list_that_never_came_is_missing_and_the_others_are_there(
    folder: Path, tmp_path: Path, server: Server, trust: ssl.SSLContext
) -> None:
    (tmp_path / "local.txt").write_text("l.test\n")
    async with running(folder, server, trust) as world:
        away = f'  - {{name: away, from: "{server.url()}", topics: adult}}\n'
        world.take(away + "  - {name: local, from: local.txt, topics: hate}\n", tmp_path)
        await world.keeper.settled(20)
        assert world.knows("l.test")
        assert (world.word("away"), world.word("local")) == ("missing", "good")
        assert any("status 404; it says nothing until it can be used" in line for line in world.said)


async def test_files_are_watched_and_one_that_goes_keeps_its_reading(
    folder: Path, tmp_path: Path, server: Server, trust: ssl.SSLContext
) -> None:
    file = tmp_path / "local.txt"
    file.write_text("a.test\n")
    async with running(folder, server, trust) as world:
        world.take("  - {name: local, from: local.txt, topics: hate}\n", tmp_path)
        await until(lambda: world.knows("a.test"))
        await asyncio.sleep(0.3)
        file.write_text("b.test\n")
        await until(lambda: world.knows("b.test"))
        file.unlink()
        await until(lambda: world.word("local") == "old")
        assert world.knows("b.test")
        file.write_text("c.test\n")
        await until(lambda: world.knows("c.test") and world.word("local") == "good")


async def test_what_the_last_run_fetched_is_not_fetched_again_at_once(
    folder: Path, tmp_path: Path, server: Server, trust: ssl.SSLContext
) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(text="a.test\n", headers={"ETag": '"1"'})

    server.answer = answer
    written = f'  - {{name: one, from: "{server.url()}", topics: adult}}\n'
    async with running(folder, server, trust) as world:
        world.take(written, tmp_path)
        await until(lambda: world.knows("a.test"))
    async with running(folder, server, trust) as world:
        world.take(written, tmp_path)
        await world.keeper.settled(20)
        assert world.knows("a.test")
        assert world.events == ["compiled"]
        assert len(server.asked) == 1
        world.take(written.replace("list.txt", "other.txt"), tmp_path)
        await until(lambda: len(server.asked) == 2)
