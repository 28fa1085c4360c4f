"""Looking up what is known of a host."""

import pytest

from gateway.hosts.index import HostIndex
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.hosts.suffix import suffixes

EXEMPT = Exempt(ExemptGround.EDUCATIONAL, "our list")


def entry(host: str, kind: str | None = None, *topics: str, source: str = "list") -> HostRecord:
    return HostRecord(host=host, kind=kind, topics=frozenset(topics), source=source)


def test_an_empty_index_knows_nothing() -> None:
    assert HostIndex().lookup("a.kz") is None


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("a.kz", "a.kz"),
        ("b.a.kz", "a.kz"),
        ("c.b.a.kz", "a.kz"),
        ("ba.kz", None),
        ("kz", None),
        ("10.0.0.1", "10.0.0.1"),
        ("1.10.0.0.1", None),
    ],
)
def test_the_nearest_name_above_counts(host: str, found: str | None) -> None:
    record = HostIndex.of([entry("a.kz"), entry("10.0.0.1")]).lookup(host)
    assert (record.host if record else None) == found


def test_a_host_is_found_again_after_more_hosts_than_are_remembered() -> None:
    index = HostIndex.of([entry("a.kz", "forum")])
    first = index.lookup("www.a.kz")
    assert first is not None
    assert index.lookup("www.a.kz") is first
    assert {index.lookup(f"n{number}.test") for number in range(10_000)} == {None}
    assert index.lookup("www.a.kz") == first


def test_entries_of_one_host_are_laid_together() -> None:
    record = HostIndex.of([entry("a.kz", "forum", "games"), entry("a.kz", None, "dating", source="other")]).lookup(
        "a.kz"
    )
    assert record is not None
    assert (record.kind, record.topics, record.source) == ("forum", {"games", "dating"}, "other; list")


def test_the_policys_own_kind_wins_over_the_shipped_one() -> None:
    record = HostIndex.of([entry("a.kz", "forum")], [entry("a.kz", "online-game")]).lookup("a.kz")
    assert record is not None
    assert record.kind == "online-game"


@pytest.mark.parametrize("kind", ["help-line", "private"])
def test_a_help_line_stays_one_and_private_stays_private(kind: str) -> None:
    record = HostIndex.of([entry("a.kz", kind)], [entry("a.kz", "forum", "adult")]).lookup("a.kz")
    assert record is not None
    assert record.kind == kind


def test_a_name_takes_over_what_is_said_above_it() -> None:
    index = HostIndex.of(
        [
            entry("c.b.a.kz", None, "news"),
            HostRecord(host="a.kz", kind="forum", topics=frozenset({"games"}), exempt=EXEMPT, audience="limited"),
            entry("b.a.kz", "messenger"),
        ]
    )
    record = index.lookup("c.b.a.kz")
    assert record is not None
    assert (record.host, record.kind, record.topics) == ("c.b.a.kz", "messenger", {"games", "news"})
    assert (record.exempt, record.audience) == (EXEMPT, "limited")


def test_the_nearest_kind_wins_over_the_one_above_even_if_that_is_private() -> None:
    index = HostIndex.of([entry("a.kz", "private"), entry("shop.a.kz", "web-shop")])
    found = [index.lookup(host) for host in ("shop.a.kz", "mail.a.kz")]
    assert [record.kind for record in found if record] == ["web-shop", "private"]


NAMED = "gov gov.kz a.gov.kz b.a.gov.kz 10.0.0.1 ::1 ::ffff:1.2 localhost"
ASKED = "kz ogov.kz c.b.a.gov.kz x.gov gov.x 0.1 1.10.0.0.1 1::1 1.2 a.localhost"


@pytest.mark.parametrize("named", NAMED.split())
@pytest.mark.parametrize("asked", ["", *NAMED.split(), *ASKED.split()])
def test_a_record_speaks_of_its_host_and_of_all_below_it(named: str, asked: str) -> None:
    record = HostRecord(host=named, kind="search")
    found = HostIndex.of([record]).lookup(asked)
    assert found == (record if named in suffixes(asked) else None)
