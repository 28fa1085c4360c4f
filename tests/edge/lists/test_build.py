"""Lists compiled in a folder: what is read anew and what is not, files that cannot be used, packed files, damage."""

import asyncio
import gc
import gzip
import hashlib
import io
import os
import stat
import tarfile
from datetime import date
from pathlib import Path

import pytest

from gateway.document.url import canonical
from gateway.edge.lists.build import build
from gateway.edge.lists.keeper import compile_apart
from gateway.edge.lists.opening import open_lists
from gateway.edge.lists.order import Order, Outcome, copy_of, fresh_of, run_of
from gateway.hosts.index import HostIndex
from gateway.hosts.listed import Listed, Meaning
from gateway.hosts.mapped import VERSION
from gateway.policy.compile import compile_policy
from gateway.policy.lists import ListSource
from gateway.shipped import texts
from gateway.store.host_file import COMPILED, CannotMap, compiled_head, open_mapped
from gateway.store.list_state import ListState, read_states, write_states

DAY = date(2026, 11, 22)


def order(name: str, path: Path | None, **more: object) -> Order:
    said = {"origin": "https://lists.test/a.txt", "format": None, "below": None, "at_most": 1 << 20, "sha256": None}
    return Order(name=name, path=None if path is None else str(path), **{**said, **more})  # type: ignore[arg-type]


def listed(folder: Path, *names: str) -> Listed:
    return Listed.of(open_mapped(folder / COMPILED), [Meaning(name=name, topics=frozenset({name})) for name in names])


def topics(folder: Path, host: str, *names: str) -> set[str]:
    record = listed(folder, *names).lookup(host)
    return set() if record is None else set(record.topics)


def test_files_become_one_compiled_file_with_tight_modes(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.test\nb.test\n")
    (tmp_path / "ut1").mkdir()
    (tmp_path / "ut1" / "domains").write_text("b.test\n")
    (tmp_path / "ut1" / "urls").write_text("c.test/x\n")
    (tmp_path / "ut1" / "usage").write_text("this is no list\n")
    outcomes = build(folder, [order("one", tmp_path / "a.txt"), order("two", tmp_path / "ut1")])
    assert outcomes == [Outcome(name="one", stands=True), Outcome(name="two", stands=True)]
    assert topics(folder, "x.b.test", "one", "two") == {"one", "two"}
    record = listed(folder, "two").lookup_address(canonical("https://c.test/x"))
    assert record is not None
    assert record.source == "two"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_what_did_not_change_is_not_read_again(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a.test\n")
    build(folder, [order("one", file)])
    before = [(folder / name).stat().st_ino for name in (COMPILED, "one.run")]
    os.utime(file, ns=(1, 1))
    build(folder, [order("one", file)])
    assert [(folder / name).stat().st_ino for name in (COMPILED, "one.run")] == before
    build(folder, [order("one", file, below=False)])
    assert (folder / COMPILED).stat().st_ino != before[0]


def test_what_the_policy_says_of_a_list_needs_no_compiling(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    build(folder, [order("one", tmp_path / "a.txt")])
    mapped = open_mapped(folder / COMPILED)
    as_game = Listed.of(mapped, [Meaning(name="one", kind="online-game")]).lookup("a.test")
    assert as_game is not None
    assert as_game.kind == "online-game"
    assert Listed.of(mapped, [Meaning(name="other")]).lookup("a.test") is None


def test_the_old_mapping_stays_until_its_last_user_lets_go(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a.test\n")
    build(folder, [order("one", file)])
    old = listed(folder, "one")
    file.write_text("b.test\n")
    build(folder, [order("one", file)])
    (folder / COMPILED).unlink()
    assert old.lookup("a.test") is not None
    assert old.lookup("b.test") is None
    index = HostIndex(listed=old)
    assert index.lookup("a.test") is not None
    gc.disable()  # no circle of references may keep it until the collector comes by
    try:
        assert is_mapped(folder / COMPILED)
        del old, index
        assert not is_mapped(folder / COMPILED)
    finally:
        gc.enable()


def is_mapped(path: Path) -> bool:
    return str(path) in Path("/proc/self/maps").read_text()


def test_a_list_whose_file_is_gone_keeps_its_last_reading(folder: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_text("a.test\n")
    two.write_text("b.test\n")
    build(folder, [order("one", one), order("two", two)])
    one.unlink()
    two.write_text("c.test\n")
    [kept, good] = build(folder, [order("one", one), order("two", two)])
    assert kept == Outcome(name="one", stands=True, error=f"{one} is missing")
    assert good.error is None
    assert topics(folder, "a.test", "one", "two") == {"one"}
    assert topics(folder, "c.test", "one", "two") == {"two"}


def test_a_list_without_any_reading_is_said_and_the_others_are_compiled(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("b.test\n")
    outcomes = build(folder, [order("one", tmp_path / "a.txt"), order("two", tmp_path / "b.txt"), order("three", None)])
    assert [outcome.stands for outcome in outcomes] == [False, True, False]
    assert outcomes[2].error == "it was not fetched yet"
    head = compiled_head(folder / COMPILED)
    assert head is not None
    assert [each["name"] for each in head["lists"]] == ["two"]


def test_lists_that_are_not_named_any_more_leave_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    build(folder, [order("one", tmp_path / "a.txt")])
    copy_of(folder, "one").write_text("x")
    build(folder, [])
    assert {path.name for path in folder.iterdir()} == {COMPILED, "lock"}


def archive(**files: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name.replace("__", "/"))
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("adult/usage")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return out.getvalue()


def test_packed_lists_are_read_without_unpacking_them_to_the_disk(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a.test\n"))
    (tmp_path / "adult.tar.gz").write_bytes(archive(adult__domains="b.test\n", adult__urls="c.test/x\n"))
    outcomes = build(folder, [order("one", tmp_path / "a.txt.gz"), order("two", tmp_path / "adult.tar.gz")])
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert topics(folder, "a.test", "one") == {"one"}
    assert topics(folder, "b.test", "two") == {"two"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b"a.test\n" * 300_000), "has more than 1048576 bytes"),
        (b"a.test\n" * 300_000, "has more than 1048576 bytes"),
        (gzip.compress(b"a.test\n" * 3000)[:-9], "is damaged"),
        (b"\x1f\x8bno gzip", "is damaged"),
        (archive(adult__domains="a.test\n", gambling__domains="b.test\n"), "has several folders (adult, gambling)"),
        (archive(adult__readme="a.test\n"), "has no file called domains, urls, expressions"),
        (gzip.compress(gzip.decompress(archive(adult__domains="a.test\n" * 999))[:1500]), "is damaged"),
        ("a.test\n".encode("utf-16"), "is written in UTF-16"),
    ],
    ids=["bomb", "long", "cut gzip", "no gzip", "two folders", "no list", "cut archive", "utf-16"],
)
def test_a_file_that_cannot_be_used_says_why_and_the_last_reading_holds(
    folder: Path, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "list"
    file.write_bytes(b"a.test\n")
    build(folder, [order("one", file)])
    file.write_bytes(content)
    [outcome] = build(folder, [order("one", file)])
    assert outcome.stands
    assert outcome.error is not None
    assert says in outcome.error
    assert topics(folder, "a.test", "one") == {"one"}
    assert not list(folder.glob(".scratch-*"))


def test_a_list_has_the_digest_that_the_policy_wants(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"a.test\n")
    digest = hashlib.sha256(b"a.test\n").hexdigest()
    assert build(folder, [order("one", file, sha256=digest)]) == [Outcome(name="one", stands=True)]
    file.write_bytes(b"b.test\n")
    [outcome] = build(folder, [order("one", file, sha256=digest)])
    assert outcome.stands
    assert "its SHA-256 is" in str(outcome.error)


def test_a_fetched_file_is_taken_only_if_it_is_a_list(folder: Path) -> None:
    fresh_of(folder, "one").write_text("a.test\n# fine\n")
    assert build(folder, [order("one", None)]) == [Outcome(name="one", stands=True)]
    assert copy_of(folder, "one").read_text() == "a.test\n# fine\n"
    for sign_in in ("<html>\n<body>\nsign in please\n</body>\n</html>\n", "", "||a.test^$third-party\n"):
        fresh_of(folder, "one").write_text(sign_in)
        [outcome] = build(folder, [order("one", None)])
        assert outcome.stands
        assert "what came is no list" in str(outcome.error)
        assert not fresh_of(folder, "one").exists()
    assert topics(folder, "a.test", "one") == {"one"}
    assert build(folder, [order("one", None)]) == [Outcome(name="one", stands=True)]


def test_more_lines_than_are_put_in_order_in_memory(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.hosts.run.CHUNK", 100)
    names = [f"n{number * 7919 % 1000}.test" for number in range(1_000)]
    (tmp_path / "a.txt").write_text("\n".join([*names, *names[:300]]))
    build(folder, [order("one", tmp_path / "a.txt")])
    found = listed(folder, "one")
    assert all(found.lookup(name) is not None for name in names)
    assert len(found.mapped.hosts) == 1_000
    lines = run_of(folder, "one").read_text().splitlines()[1:]
    assert lines == sorted(lines)
    assert not list(folder.glob(".scratch-*"))


async def test_a_process_of_its_own_does_the_work_and_its_failure_is_an_error(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    assert await compile_apart(folder, [order("one", tmp_path / "a.txt")]) == [Outcome(name="one", stands=True)]
    with pytest.raises(ValueError, match="ended with status 1"):
        await compile_apart(tmp_path / "nowhere", [order("one", tmp_path / "a.txt")])


async def test_two_at_once_do_the_work_once(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    orders = [order("one", tmp_path / "a.txt")]
    one, other = await asyncio.gather(compile_apart(folder, orders), compile_apart(folder, orders))
    assert one == other
    assert topics(folder, "a.test", "one") == {"one"}


def sources() -> tuple[ListSource, ...]:
    text = "people: {a: {age: 8}}\nlists: [{name: one, from: a.txt, topics: adult}]\n"
    return compile_policy({"home.yaml": text}, texts("presets"), texts("law"), DAY).lists


def test_a_damaged_compiled_file_is_put_away_and_made_anew(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    build(folder, [order("one", tmp_path / "a.txt")])
    path = folder / COMPILED
    for damage in (path.read_bytes()[:-1], b"", b"junk", path.read_bytes()[:-1] + b"\xff"):
        path.write_bytes(damage)
        with pytest.raises(CannotMap):
            open_mapped(path)
        assert open_lists(folder.parent, sources()) is None
        assert path.exists()
        assert open_lists(folder.parent, sources(), mend=True) is None
        assert not path.exists()
        assert "made anew" in caplog.text
        build(folder, [order("one", tmp_path / "a.txt")])
        found = open_lists(folder.parent, sources())
        assert found is not None
        assert found.lookup("a.test") is not None


def test_a_compiled_file_of_another_version_is_made_anew_from_the_same_runs(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    build(folder, [order("one", tmp_path / "a.txt")])
    path = folder / COMPILED
    run = run_of(folder, "one").stat().st_ino
    data = bytearray(path.read_bytes())
    data[8:12] = (VERSION - 1).to_bytes(4, "little")  # behind the magic
    path.write_bytes(data)
    assert compiled_head(path) is None
    assert open_lists(folder.parent, sources()) is None
    assert f"it has version {VERSION - 1}, this program reads version {VERSION}" in caplog.text
    build(folder, [order("one", tmp_path / "a.txt")])
    assert topics(folder, "www.a.test", "one") == {"one"}
    assert run_of(folder, "one").stat().st_ino == run


def test_a_damaged_run_is_read_for_again(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.test\n")
    build(folder, [order("one", tmp_path / "a.txt")])
    for damage in (b"", b"{}\n", b'{"format": 1, "digest": 3, "natures": 4}\n', b"\xff\xff"):
        run_of(folder, "one").write_bytes(damage)
        assert build(folder, [order("one", tmp_path / "a.txt")]) == [Outcome(name="one", stands=True)]
        assert topics(folder, "a.test", "one") == {"one"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"lists": 3}', '{"lists": {"a": {"due": "soon"}}}', "\0"])
def test_a_damaged_state_counts_as_never_fetched(folder: Path, text: str) -> None:
    write_states(folder, {"a": ListState(origin="https://lists.test/")})
    assert read_states(folder) == {"a": ListState(origin="https://lists.test/")}
    (folder / "state.json").write_text(text)
    assert read_states(folder) == {}
