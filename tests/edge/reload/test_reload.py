"""Changed files are taken up while requests run; broken ones change nothing."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.edge.reload import Reloaded, Reloader
from gateway.problems import Problem, ProblemsFound
from gateway.store import watching
from gateway.store.files import read_policy_files
from gateway.store.watching import watch


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_MS", 200)


class Held:
    """Stands where the gate stands: two fields that belong together, swapped at once."""

    def __init__(self) -> None:
        self.pair = ("", "")
        self.swaps: list[str] = []

    def apply(self, text: str) -> None:
        self.pair = (text, text)
        self.swaps.append(text)


def build_from(paths: Sequence[Path]) -> Callable[[], str]:
    """Policies of one word; `broken` on a line is a problem at its place."""

    def build() -> str:
        texts = read_policy_files(paths)
        for name, text in texts.items():
            for number, line in enumerate(text.splitlines(), start=1):
                if "broken" in line:
                    raise ProblemsFound([Problem(name, number, line.index("broken") + 1, "this is broken", "mend it")])
        return "".join(texts.values())

    return build


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def following(reloader: Reloader[str], *paths: Path) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(reloader.follow(paths, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 15)


async def test_a_good_file_is_swapped_in_and_counted(tmp_path: Path) -> None:
    held, file = Held(), tmp_path / "home.yaml"
    reloader = Reloader(build=build_from([file]), apply=held.apply)
    assert reloader.last == Reloaded(0)
    file.write_text("one")
    assert await reloader.reload() == Reloaded(1)
    file.write_text("two")
    assert (await reloader.reload()).revision == 2
    assert held.pair == ("two", "two")


async def test_a_broken_file_keeps_the_old_policy_and_says_where_once(tmp_path: Path) -> None:
    held, file, said = Held(), tmp_path / "home.yaml", []
    reloader = Reloader(build=build_from([file]), apply=held.apply, say=said.append)
    file.write_text("one")
    await reloader.reload()
    file.write_text("people:\n  broken\n")
    for _ in range(3):
        last = await reloader.reload()
    assert not last.good
    assert last.revision == 1
    assert held.swaps == ["one"]
    shown = f"{file}:2:3: this is broken\n      broken\n      ^\n    hint: mend it\n"
    assert said == [shown + "The policy was not changed: the one before still holds."]
    file.write_text("two")
    assert await reloader.reload() == Reloaded(2)


@pytest.mark.parametrize("guilty", ["build", "apply"])
async def test_a_fault_of_our_own_keeps_the_old_policy_too(guilty: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no luck")

    said: list[str] = []
    good = {"build": lambda: "x", "apply": lambda _text: None}
    reloader = Reloader(**{**good, guilty: fail, "say": said.append})  # type: ignore[arg-type]
    last = await reloader.reload()
    assert last.revision == 0
    assert "RuntimeError('no luck')" in last.problems[0].message
    assert "no luck" in caplog.text


async def test_every_reader_sees_one_policy_whole_while_files_change(tmp_path: Path) -> None:
    held, file = Held(), tmp_path / "home.yaml"
    reloader = Reloader(build=build_from([file]), apply=held.apply)
    file.write_text("0")
    await reloader.reload()
    seen: list[tuple[str, str]] = []
    stop = asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            pair = held.pair
            await asyncio.sleep(0)
            seen.append(pair)

    askers = [asyncio.create_task(ask()) for _ in range(20)]
    for number in range(30):
        file.write_text("broken" if number % 3 == 2 else str(number))
        await reloader.reload()
    stop.set()
    await asyncio.gather(*askers)
    assert {first for first, _ in seen} <= {str(number) for number in range(30)}
    assert all(first == second for first, second in seen)
    assert held.pair == ("28", "28")


async def test_calls_at_once_each_answer_with_the_files_of_their_time(tmp_path: Path) -> None:
    held, file = Held(), tmp_path / "home.yaml"
    reloader = Reloader(build=build_from([file]), apply=held.apply)
    file.write_text("one")
    first = asyncio.create_task(reloader.reload())
    await asyncio.sleep(0)
    file.write_text("two")
    await asyncio.gather(first, *(reloader.reload() for _ in range(3)))
    assert held.pair == ("two", "two")
    assert reloader.last.revision == 4


def in_place(file: Path, text: str) -> None:
    file.write_text(text)


def by_rename(file: Path, text: str) -> None:
    draft = file.with_name(".home.yaml.swp")
    draft.write_text(text)
    draft.replace(file)


def removed_and_made(file: Path, text: str) -> None:
    file.unlink()
    file.write_text(text)


@pytest.mark.parametrize("edit", [in_place, by_rename, removed_and_made])
async def test_however_an_editor_writes_it_is_noticed(tmp_path: Path, edit: Callable[[Path, str], None]) -> None:
    held, file = Held(), tmp_path / "home.yaml"
    file.write_text("one")
    reloader = Reloader(build=build_from([file]), apply=held.apply)
    async with following(reloader, file):
        await asyncio.sleep(0.3)
        for text in ("two", "three"):
            edit(file, text)
            await until(lambda text=text: held.pair == (text, text))


async def test_a_file_that_vanishes_keeps_its_policy_and_may_come_back(tmp_path: Path) -> None:
    held, said = Held(), []
    folder = tmp_path / "conf"
    folder.mkdir()
    file = folder / "home.yaml"
    file.write_text("one")
    reloader = Reloader(build=build_from([file]), apply=held.apply, say=said.append)
    await reloader.reload()
    async with following(reloader, file):
        await asyncio.sleep(0.3)
        folder.rename(tmp_path / "away")  # the folder too, as when a volume is mounted anew
        await until(lambda: bool(said))
        assert "the file or folder is missing" in said[0]
        assert held.pair == ("one", "one")
        (tmp_path / "away").rename(folder)
        await until(lambda: reloader.last.good)
        file.write_text("two")
        await until(lambda: held.pair == ("two", "two"))


async def test_files_that_come_and_go_in_a_folder_are_noticed(tmp_path: Path) -> None:
    held, folder = Held(), tmp_path / "school"
    folder.mkdir()
    (folder / "a.yaml").write_text("a")
    reloader = Reloader(build=build_from([folder]), apply=held.apply)
    async with following(reloader, folder):
        await asyncio.sleep(0.3)
        (folder / "classes").mkdir()
        (folder / "classes" / "7b.yaml").write_text("b")
        await until(lambda: held.pair[0] == "ab")
        (folder / "classes" / "7b.yaml").write_text("c")
        await until(lambda: held.pair[0] == "ac")
        (folder / "a.yaml").unlink()
        await until(lambda: held.pair[0] == "c")


async def test_a_link_that_is_turned_is_noticed(tmp_path: Path) -> None:
    """A cluster's configuration volume: the file is a link through a link, and only the hidden one is turned."""
    held = Held()
    for name in ("1", "2"):
        (tmp_path / f"..{name}").mkdir()
        (tmp_path / f"..{name}" / "home.yaml").write_text(name)
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "home.yaml").symlink_to("..data/home.yaml")
    reloader = Reloader(build=build_from([tmp_path]), apply=held.apply)
    await reloader.reload()
    assert held.pair[0] == "1"
    async with following(reloader, tmp_path):
        await asyncio.sleep(0.3)
        (tmp_path / "..new").symlink_to("..2")
        (tmp_path / "..new").replace(tmp_path / "..data")
        await until(lambda: held.pair[0] == "2")


async def test_what_is_no_policy_file_wakes_nobody(tmp_path: Path) -> None:
    changes: list[frozenset[Path]] = []
    stop = asyncio.Event()
    file = tmp_path / "home.yaml"
    file.write_text("one")

    async def on_change(changed: frozenset[Path]) -> None:
        changes.append(changed)

    task = asyncio.create_task(watch([file], on_change, stop))
    await asyncio.sleep(0.3)
    for number in range(20):
        (tmp_path / "qorgan.db-wal").write_text(str(number))
        await asyncio.sleep(0.02)
    assert changes == []
    os.utime(file, ns=(1, 1))
    await until(lambda: bool(changes))
    assert changes == [frozenset({file})]
    stop.set()
    await asyncio.wait_for(task, 15)


async def test_without_the_systems_watches_it_looks_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object, **__: object) -> AsyncIterator[object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching, "awatch", none_left)
    held, file = Held(), tmp_path / "home.yaml"
    file.write_text("one")
    async with following(Reloader(build=build_from([file]), apply=held.apply), file):
        await asyncio.sleep(0.1)
        file.write_text("two")
        await until(lambda: held.pair == ("two", "two"))


async def test_good_reloads_are_logged_with_their_revision(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "home.yaml").write_text("one")
    with caplog.at_level(logging.INFO, "gateway.edge.reload"):
        await Reloader(build=build_from([tmp_path]), apply=Held().apply).reload()
    assert caplog.messages == ["policy revision 1 holds"]
