"""Host lists in YAML, the shipped ones among them."""

from datetime import date

import pytest

from gateway.hosts.lists import build_index, read_hosts
from gateway.hosts.record import HostRecord
from gateway.hosts.vocabulary import KINDS, TOPICS
from gateway.policy.parse import as_plain, parse
from gateway.problems import ProblemsFound
from gateway.shipped import texts


def messages(text: str) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        read_hosts({"hosts/x.yaml": text})
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in found.value.problems]


def test_an_entry_takes_the_kind_and_topics_of_its_file() -> None:
    text = """
kind: forum
topics: news
hosts:
  - {host: a.kz, source: s}
  - {host: b.kz, kind: messenger, topics: games, source: s}
"""
    assert [(record.host, record.kind, sorted(record.topics)) for record in read_hosts({"hosts/x.yaml": text})] == [
        ("a.kz", "forum", ["news"]),
        ("b.kz", "messenger", ["games", "news"]),
    ]


def test_an_entry_must_say_its_source() -> None:
    assert messages("hosts:\n  - {host: a.kz}\n") == ["2:5: a.kz does not say its source"]


def test_problems_of_all_files_are_said_at_once() -> None:
    with pytest.raises(ProblemsFound) as found:
        read_hosts({"hosts/b.yaml": "hosts: 012\n", "hosts/a.yaml": "kind: forun\n", "hosts/c.yaml": "hosts: []\n"})
    assert [problem.file for problem in found.value.problems] == ["hosts/a.yaml", "hosts/b.yaml"]


def test_what_can_never_be_signed_is_private() -> None:
    [record] = read_hosts({"hosts/x.yaml": "never-signed:\n  - {host: bank.kz, why: bank, source: s}\n"})
    assert record == HostRecord(host="bank.kz", kind="private", source="s")


def test_the_shipped_lists_build_an_index() -> None:
    index = build_index(texts("hosts"), (HostRecord(host="a.kz", kind="forum"),))
    kinds = {
        host: record.kind
        for host in ("a.kz", "www.unicef.org", "kaspi.kz", "m.vk.com")
        if (record := index.lookup(host))
    }
    assert kinds == {
        "a.kz": "forum",
        "www.unicef.org": "help-line",
        "kaspi.kz": "private",
        "m.vk.com": "social-network",
    }


@pytest.mark.parametrize("file", sorted(texts("hosts")))
def test_a_shipped_list_says_when_it_was_checked_and_lists_each_host_once(file: str) -> None:
    records = read_hosts({file: texts("hosts")[file]})
    assert records
    assert len({record.host for record in records}) == len(records)
    assert all(record.kind in KINDS and record.topics <= TOPICS and record.source for record in records)
    plain = as_plain(parse(texts("hosts")[file], file))
    assert isinstance(plain, dict)
    if "hosts" in plain:
        assert date.fromisoformat(str(plain["checked"])) <= date(2026, 11, 22)
