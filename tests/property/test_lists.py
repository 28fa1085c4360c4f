"""Laws of lists: any bytes are read, order says nothing, a line takes nothing from another, compiled is as written."""

import contextlib
import gzip
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.document.url import canonical, canonical_host
from gateway.hosts.compilation import Compiler
from gateway.hosts.entry import Covers, Entry, Expression
from gateway.hosts.formats.faults import MOST_KEPT
from gateway.hosts.formats.reading import ListReader
from gateway.hosts.index import HostIndex
from gateway.hosts.list_name import BadLine, host_of
from gateway.hosts.listed import Listed, covers
from gateway.hosts.mapped import Damaged, read_mapped, write_mapped
from gateway.hosts.suffix import suffixes
from gateway.store.list_files import SourceFault, read_files
from tests.runners.lists import listed_of

FORMATS = (None, "plain", "hosts", "squidguard", "adblock", "rpz", "yaml", "expressions")
NAMES = ("list.txt", "domains", "urls", "expressions", "a.rpz", "a.yaml", "a.yaml.gz")
TOPICS = ("adult", "drugs", "hate")

# Few labels, so that names often stand above one another.
labels = st.sampled_from(["a", "b", "c", "aa", "a-b", "-a", "x_y", "xn--e1afmkfd", "1"])
hosts = st.builds(lambda below, top: ".".join([*below, top]), st.lists(labels, min_size=1, max_size=4), st.just("test"))
paths = st.sampled_from(["/x", "/x/y", "/x/", "/xy", "/x?a=1", "/x?a=1&b=2", "/"])
TOKENS = (
    *("a.test", "b.a.test", "||", "^", "@@", "0.0.0.0 ", "127.0.0.1\t", " CNAME .", "*.", "rpz-passthru.", "$ORIGIN "),
    *("$TTL 1", "##", "$third-party", "! x", "# x", "hosts:", "- {host: a.test}", "(", ")", "[", "\\", "/", "?", "\0"),
    *("\ufeff", "\n", "\n", "\r\n", " ", "\t", ":8080", "http://", "kz", "é", "қаз", "\udcff", "a" * 70, ";", '"'),
)
soups = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)


def read(file: str, text: str, form: str | None) -> tuple[list[Entry | Expression], ListReader]:
    reader = ListReader(form)
    return list(reader.read(file, text.splitlines(keepends=True))), reader


@given(st.sampled_from(NAMES), soups | st.text(max_size=200), st.sampled_from(FORMATS))
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_as_any_format(file: str, text: str, form: str | None) -> None:
    """What comes out is canonical, says at most twenty problems, and can be compiled."""
    entries, reader = read(file, text, form if form != "expressions" else None)
    for entry in entries:
        if isinstance(entry, Entry):
            assert canonical_host(entry.host) == entry.host
            assert (entry.host + entry.path).isascii()
            assert not set(entry.host) & set(" \t\n/\x0e\x0f\x10")
            assert entry.path == "" or entry.path.startswith("/")
    assert len(reader.faults.kept) <= min(MOST_KEPT, reader.faults.total)
    assert all(problem.line > 0 and problem.column > 0 and problem.message for problem in reader.faults.kept)
    listed_of({"a": {"file": file, "text": text, "format": form, "topics": ["adult"]}}).lookup("a.test")


@given(st.binary(max_size=300), st.sampled_from(NAMES), st.integers(1, 400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_list_or_a_fault(data: bytes, name: str, at_most: int) -> None:
    for packed in (data, b"\x1f\x8b" + data, gzip.compress(data)):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(packed)
            reader = ListReader()
            with contextlib.suppress(SourceFault):
                for label, lines in read_files([file], at_most):
                    assert all(reader.read(label, lines))


@given(st.text(alphabet=st.sampled_from("abzAZ019-_.xn$&'()*+,;=!~é。")) | hosts)
@settings(max_examples=500)
def test_a_listed_name_has_the_spelling_that_requests_have(text: str) -> None:
    try:
        name = host_of(text)
    except BadLine:
        return
    assert name is None or name == canonical_host(text)


type Line = tuple[str, Covers, bool]  # host, what it covers, exception
lines = st.tuples(hosts, st.sampled_from(Covers), st.booleans())


def as_text(line: Line) -> str:
    """A line of a zone, whose form can say all of this."""
    host, cover, exception = line
    target = "rpz-passthru." if exception else "."
    names = {Covers.ONLY: [host], Covers.BELOW: [f"*.{host}"], Covers.ALL: [host, f"*.{host}"]}[cover]
    return "".join(f"{name} CNAME {target}\n" for name in names)


def compiled(lists: Sequence[Iterable[Line]]) -> Listed:
    return listed_of(
        {
            f"list-{topic}": {"file": "z.rpz", "text": "".join(map(as_text, written)), "topics": [topic]}
            for topic, written in zip(TOPICS, lists, strict=False)
        }
    )


def topics_of(listed: Listed, host: str) -> frozenset[str]:
    record = HostIndex(listed=listed).lookup(host)
    return frozenset() if record is None else record.topics


def model(lists: Sequence[Iterable[Line]], host: str) -> frozenset[str]:
    """What the entries say of a host, read from the top down one by one: the plain meaning of the words."""
    said = set()
    for topic, written in zip(TOPICS, lists, strict=False):
        holds = False
        for name in reversed(list(suffixes(host))):
            speaking = [
                exception
                for entry, cover, exception in written
                if entry == name and cover is not (Covers.BELOW if name == host else Covers.ONLY)
            ]
            if speaking:
                holds = not any(speaking)
        if holds:
            said.add(topic)
    return frozenset(said)


worlds = st.lists(st.lists(lines, max_size=8), min_size=1, max_size=3)


@given(worlds, st.lists(hosts, max_size=12))
@settings(max_examples=400, deadline=None)
def test_compiled_lists_say_what_a_plain_reading_says(lists: list[list[Line]], asked: list[str]) -> None:
    listed = compiled(lists)
    for host in {*asked, *(entry for written in lists for entry, _, _ in written)}:
        assert topics_of(listed, host) == model(lists, host), host
        named = {each.list for each in listed.naming(canonical(f"https://{host}/"))}
        assert named == {f"list-{topic}" for topic in topics_of(listed, host)}


@given(st.lists(lines, max_size=8), st.randoms(use_true_random=False), hosts)
@settings(max_examples=200, deadline=None)
def test_order_and_repetition_say_nothing(written: list[Line], random: object, host: str) -> None:
    again = [*written, *written[:3]]
    random.shuffle(again)  # type: ignore[attr-defined]
    one, other = compiled([written]), compiled([again])
    assert one.lookup(host) == other.lookup(host)


@given(worlds, lines, st.integers(0, 2), hosts)
@settings(max_examples=300, deadline=None)
def test_a_line_more_takes_no_topic_from_another(lists: list[list[Line]], line: Line, into: int, host: str) -> None:
    """An exception takes back what its own list says, and only that."""
    where = into % len(lists)
    more = [[*written, line] if number == where else written for number, written in enumerate(lists)]
    taken = topics_of(compiled(lists), host) - topics_of(compiled(more), host)
    assert taken <= ({TOPICS[where]} if line[2] else set())


@given(st.lists(st.tuples(hosts, paths), max_size=8), hosts, paths)
@settings(max_examples=300, deadline=None)
def test_entries_with_paths_say_what_a_plain_reading_says(entries: list[tuple[str, str]], host: str, path: str) -> None:
    listed = listed_of({"a": {"file": "urls", "text": "".join(f"{h}{p}\n" for h, p in entries), "topics": ["adult"]}})
    record = HostIndex(listed=listed).lookup_address(canonical(f"https://{host}{path}"))
    above = set(suffixes(host))
    speaks = any(entry in above and (p == "/" or covers(p, path)) for entry, p in entries)
    assert (record is not None and record.topics == {"adult"}) == speaks


@cache
def whole() -> bytes:
    """A compiled file, as bytes."""
    compiler = Compiler()
    written = ["tset.a.\t0", "tset.a.b.\x0e\t0", "tset.c.\t0", "tset.c.\x10\t", "tset.c./x\t0"]
    keys = list(compiler.compile([written]))
    hosts_of, paths_of = ([key for key in keys if ("/" in key[0]) is with_path] for with_path in (False, True))
    head = [{"name": "a", "natures": [], "expressions": ["xxx"]}]
    return b"".join(write_mapped("d", head, compiler.sets, lambda: iter(hosts_of), lambda: iter(paths_of), seed=7))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_noticed_and_crashes_nothing(data: st.DataObject) -> None:
    damaged = bytearray(whole())
    what = data.draw(st.sampled_from(["byte", "cut", "more", "junk"]))
    if what == "byte":
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] ^= data.draw(st.integers(1, 255))
    elif what == "cut":
        del damaged[data.draw(st.integers(0, len(damaged) - 1)) :]
    elif what == "more":
        damaged += data.draw(st.binary(min_size=1, max_size=20))
    else:
        damaged = bytearray(data.draw(st.binary(max_size=100)))
    with pytest.raises(Damaged, match=r"."):
        read_mapped(bytes(damaged))
