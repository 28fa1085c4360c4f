"""What of the lists goes into a bundle: short ones whole, of long ones what was asked about and their names."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.bundle import from_hosts
from gateway.bundle.from_hosts import asked_values, host_values
from gateway.edge.lists.trial import compile_for_once
from gateway.hosts.index import HostIndex
from gateway.hosts.record import HostRecord
from gateway.hosts.suffix import suffixes
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.shipped import texts
from tests.unit.bundle.test_bundle import MOMENT


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    (tmp_path / "bad.txt").write_text("bad.example\nother.example\n")
    (tmp_path / "adblock.txt").write_text("[Adblock Plus 2.0]\n||cdn.example^\n@@||good.cdn.example^\n")
    (tmp_path / "wild.rpz").write_text("*.wild.example CNAME .\n")
    text = """
extends: home
lists:
  - {name: bad, from: bad.txt, format: plain, topics: [adult], source: test}
  - {name: more, from: adblock.txt, topics: [gambling], source: test}
  - {name: wild, from: wild.rpz, format: rpz, topics: [dating], source: test}
"""
    file = str(tmp_path / "home.yaml")
    return compile_policy({file: text}, texts("presets"), texts("law"), MOMENT.date())


@pytest.fixture
def index(policy: Policy) -> HostIndex:
    own = [
        HostRecord(host="shop.bad.example", kind="web-shop"),
        HostRecord(host="example", topics=frozenset({"news"})),
        HostRecord(host="192.0.2.1", kind="private"),
    ]
    return HostIndex.of(own, (), compile_for_once(policy.lists))


HOSTS = (
    "bad.example",
    "www.bad.example",
    "shop.bad.example",
    "a.shop.bad.example",
    "cdn.example",
    "x.cdn.example",
    "good.cdn.example",
    "a.good.cdn.example",
    "other.example",
    "a.other.example",
    "free.example",
    "wild.example",
    "a.wild.example",
    "192.0.2.1",
    "nothing.test",
)


def test_short_lists_go_in_whole_and_say_what_the_gateway_says(policy: Policy, index: HostIndex) -> None:
    values = host_values(index, policy.lists)
    assert values["lacks"] == []
    for host in HOSTS:
        assert found_in(values, host) == said_by(index, host), host


def test_long_lists_stay_on_the_gateway_and_are_named(
    policy: Policy, index: HostIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_hosts, "MOST_LISTED", 2)
    values = host_values(index, policy.lists)
    assert values["lacks"] == [
        {"name": "bad", "topics": ["adult"], "kind": None},
        {"name": "more", "topics": ["gambling"], "kind": None},
        {"name": "wild", "topics": ["dating"], "kind": None},
    ]
    assert "other.example" not in values["hosts"]
    values["exact"] |= asked_values(index, ["a.other.example", "nothing.test"])
    assert found_in(values, "a.other.example") == said_by(index, "a.other.example") != {}


def test_a_list_that_was_not_fetched_yet_is_lacking(policy: Policy, index: HostIndex) -> None:
    fetched = replace(policy.lists[0], name="far")
    assert host_values(index, [*policy.lists, fetched])["lacks"] == [{"name": "far", "topics": ["adult"], "kind": None}]


def test_a_device_cannot_ask_for_everything(index: HostIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_hosts, "MOST_ASKED", 2)
    assert list(asked_values(index, ["bad.example", "bad.example", "cdn.example", "other.example"])) == [
        "bad.example",
        "cdn.example",
    ]


def found_in(values: dict[str, dict[str, object]], host: str) -> object:
    """As addons/browser/decision/hosts.js looks it up."""
    near = next((values["hosts"][name] for name in suffixes(host) if name in values["hosts"]), {})
    return values["exact"].get(host, near)


def said_by(index: HostIndex, host: str) -> object:
    return from_hosts._said(index.lookup(host))
