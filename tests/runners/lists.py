"""Runs tests/cases/lists: lists of others in text → their entries, and what they say of hosts and addresses.

A case has one list (`file`, `text`, perhaps `format`, `below`, and its meaning: `topics`, `kind`) or several under
`lists` by their names. It wants `entries` (as `shown` writes them), `left_out` ("line:column: message"), `format`,
`doubt`, or `knows`: what is known of an address, a part of the record, or null.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gateway.document.url import canonical
from gateway.hosts.compilation import Compiler
from gateway.hosts.entry import Covers, Entry, Expression
from gateway.hosts.formats.reading import ListReader
from gateway.hosts.index import HostIndex
from gateway.hosts.listed import Listed, Meaning
from gateway.hosts.lists import read_hosts
from gateway.hosts.mapped import read_mapped, write_mapped
from gateway.hosts.record import HostRecord
from gateway.hosts.run import head_of, order_list
from gateway.shipped import texts

_COVERS = {Covers.ALL: "", Covers.ONLY: "only ", Covers.BELOW: "below "}


def run(case: dict[str, Any]) -> None:
    assert case["source"], "a case says where its fact is from"
    lists = case.get("lists") or {"a-list": case}
    if "text" in case:
        reader = ListReader(case.get("format"), case.get("below"))
        entries = list(reader.read(case["file"], case["text"].splitlines(keepends=True)))
        if "entries" in case:
            assert [shown(entry) for entry in entries] == case["entries"]
        if "left_out" in case:
            said = [f"{each.line}:{each.column}: {each.message}" for each in reader.faults.kept]
            assert said == case["left_out"], said
        if "counts" in case:
            assert dict(reader.faults.counts) == case["counts"]
        if "format" in case or "found" in case:
            assert reader.formats == {case["file"]: case.get("found") or case["format"]}
        assert [doubt.message for doubt in reader.doubts] == case.get("doubts", [])
    if "knows" in case:
        shipped = read_hosts(texts("hosts")) if case.get("shipped") else ()
        index = HostIndex.of(shipped, [HostRecord(**own) for own in case.get("own", ())], listed_of(lists))
        for address, wanted in case["knows"].items():
            record = index.lookup_address(canonical(address if "://" in address else f"https://{address}/"))
            got = summary(record) if record is not None else None
            if wanted is not None and got is not None:
                got = {key: got[key] for key in wanted}
            assert got == wanted, f"{address}: want {wanted}, got {got}"
    if "naming" in case:
        for address, wanted in case["naming"].items():
            listed = listed_of(lists)
            named = listed.naming(canonical(address if "://" in address else f"https://{address}/"))
            assert [f"{each.list}: {each.entry}" for each in named] == wanted


def shown(entry: Entry | Expression) -> str:
    if isinstance(entry, Expression):
        return f"expression {entry.pattern}"
    said = "not " if entry.exception else ""
    return said + _COVERS[entry.covers] + entry.host + entry.path


def summary(record: HostRecord) -> dict[str, Any]:
    return {
        "host": record.host,
        "kind": record.kind,
        "topics": sorted(record.topics),
        "source": record.source,
        "audience": record.audience,
    }


def listed_of(lists: Mapping[str, Mapping[str, Any]]) -> Listed:
    """The lists compiled, as the gate asks them: each has `file` and `text`, or `files`, and what a policy says."""
    heads, runs = [], []
    for name, each in lists.items():
        files = each.get("files") or {each["file"]: each["text"]}
        reader = ListReader(each.get("format"), each.get("below"))
        parts = ((file, text.splitlines(keepends=True)) for file, text in files.items())
        head, lines = order_list(parts, reader, "digest", spill)
        runs.append(list(lines))
        heads.append({**head_of(head.to_line()).to_plain(), "name": name})
    meanings = [
        Meaning(name=name, topics=frozenset(each.get("topics", ())), kind=each.get("kind"))
        for name, each in lists.items()
    ]
    compiler = Compiler()
    keys = list(compiler.compile(runs))
    hosts, paths = ([key for key in keys if ("/" in key[0]) is with_path] for with_path in (False, True))
    data = b"".join(write_mapped("digest", heads, compiler.sets, lambda: iter(hosts), lambda: iter(paths), seed=7))
    return Listed.of(read_mapped(data), meanings)


def spill(chunk: list[str]) -> Callable[[], Iterator[str]]:
    kept = list(chunk)
    return lambda: iter(kept)
