"""Compiled rules: which of them speak."""

from datetime import UTC, datetime

import pytest

from gateway.decision.question import Asked
from gateway.decision.verdict import Action, Reason
from gateway.document.url import canonical
from gateway.hosts.record import HostRecord
from gateway.policy.rules import Hit, Rule, Rules


def hit(name: str, says: Action = Action.BLOCK) -> Hit:
    return Hit(name, f"home.yaml:{len(name)}", says, Reason.LOCAL_BLOCK)


def names(rules: Rules, address: str | None = None, **known: object) -> list[str]:
    url = canonical(address) if address else None
    record, category = known.get("record"), known.get("category")
    asked = known.get("asked", Asked.VIEW)
    assert record is None or isinstance(record, HostRecord)
    assert category is None or isinstance(category, str)
    assert isinstance(asked, Asked)
    return [found.rule for found in rules.match(url, record, asked, category)]


def test_rules_that_are_none_never_speak() -> None:
    rules = Rules()
    assert rules.empty
    assert names(rules, "https://a.kz/") == []
    assert not rules.needs_look("a.kz")


@pytest.mark.parametrize(
    ("address", "speaks"),
    [
        ("https://a.kz/", True),
        ("https://A.KZ./x?y", True),
        ("http://b.a.kz:8080/", True),
        ("https://ba.kz/", False),
        ("https://kz/", False),
        ("https://a.kz.example/", False),
    ],
)
def test_a_host_covers_all_below_it(address: str, speaks: bool) -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="a.kz")])
    assert names(rules, address) == (["r"] if speaks else [])


def test_an_address_covers_only_itself() -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="0.0.1"), Rule(hit=hit("v4"), host="10.0.0.1")])
    assert names(rules, "https://10.0.0.1/") == ["v4"]


@pytest.mark.parametrize(
    ("address", "speaks"),
    [
        ("https://a.kz/games", True),
        ("https://a.kz/games/", True),
        ("https://a.kz/games/1?x", True),
        ("https://a.kz/%67ames", True),
        ("https://a.kz/x/../games", True),
        ("https://a.kz/gamesome", False),
        ("https://a.kz/Games", False),
        ("https://a.kz/", False),
    ],
)
def test_a_path_covers_all_below_it(address: str, speaks: bool) -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="a.kz", path="/games")])
    assert names(rules, address) == (["r"] if speaks else [])


def test_a_path_with_a_slash_at_its_end_covers_what_is_below() -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="a.kz", path="/games/")])
    assert names(rules, "https://a.kz/games/1") == ["r"]
    assert names(rules, "https://a.kz/games/") == ["r"]
    assert names(rules, "https://a.kz/games") == []


def test_a_path_says_nothing_of_a_host_alone() -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="a.kz", path="/games")])
    assert names(rules, record=HostRecord(host="a.kz")) == []


def test_a_rule_by_host_speaks_of_a_record_without_an_address() -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="a.kz")])
    assert names(rules, record=HostRecord(host="b.a.kz")) == ["r"]
    assert names(rules) == []


def test_the_address_counts_and_not_the_listed_name() -> None:
    rules = Rules.of([Rule(hit=hit("r"), host="b.a.kz")])
    assert names(rules, "https://b.a.kz/", record=HostRecord(host="a.kz")) == ["r"]


@pytest.mark.parametrize(
    ("record", "speaks"),
    [
        (HostRecord(host="a.kz", kind="forum", topics=frozenset({"games", "news"})), True),
        (HostRecord(host="a.kz", kind="messenger", topics=frozenset({"games"})), False),
        (HostRecord(host="a.kz", kind="forum"), False),
        (HostRecord(host="a.kz"), False),
        (None, False),
    ],
)
def test_all_conditions_must_hold(record: HostRecord | None, speaks: bool) -> None:
    rules = Rules.of(
        [Rule(hit=hit("r"), kinds=frozenset({"forum", "video-hosting"}), topics=frozenset({"games", "gambling"}))]
    )
    assert names(rules, "https://a.kz/", record=record) == (["r"] if speaks else [])


@pytest.mark.parametrize(
    ("says", "category", "speaks"),
    [
        (Action.BLOCK, "14+", False),
        (Action.BLOCK, "16+", True),
        (Action.ASK, "18+", True),
        (Action.ALLOW, "14+", True),
        (Action.ALLOW, "16+", True),
        (Action.ALLOW, "18+", False),
        (Action.ALLOW, None, False),
        (Action.BLOCK, None, False),
    ],
)
def test_a_category_blocks_the_older_and_allows_the_younger(says: Action, category: str | None, speaks: bool) -> None:
    rules = Rules.of([Rule(hit=hit("r", says), category="16+")])
    assert names(rules, "https://a.kz/", category=category) == (["r"] if speaks else [])


def test_an_action_limits_a_rule_to_it() -> None:
    rules = Rules.of([Rule(hit=hit("r"), kinds=frozenset({"forum"}), asked=Asked.REGISTER)])
    record = HostRecord(host="a.kz", kind="forum")
    assert names(rules, "https://a.kz/", record=record, asked=Asked.REGISTER) == ["r"]
    assert names(rules, "https://a.kz/", record=record) == []


def test_the_strictest_comes_first_and_then_the_order_of_the_file() -> None:
    rules = Rules.of(
        [
            Rule(hit=hit("allow", Action.ALLOW), host="a.kz"),
            Rule(hit=hit("ask", Action.ASK), host="kz"),
            Rule(hit=hit("block"), host="a.kz"),
            Rule(hit=hit("second block"), host="a.kz"),
        ]
    )
    assert names(rules, "https://a.kz/") == ["block", "second block", "ask", "allow"]


def test_the_end_of_a_rule_is_handed_on() -> None:
    until = datetime(2026, 12, 1, tzinfo=UTC)
    ending = Hit("r", "home.yaml:1", Action.ALLOW, Reason.LOCAL_ALLOW, until)
    rules = Rules.of([Rule(hit=ending, host="a.kz")])
    assert rules.match(canonical("https://a.kz/"), None, Asked.VIEW, None) == (ending,)


@pytest.mark.parametrize(
    ("rule", "host", "looks"),
    [
        (Rule(hit=hit("r"), host="a.kz", path="/x"), "b.a.kz", True),
        (Rule(hit=hit("r"), host="a.kz", path="/x"), "b.kz", False),
        (Rule(hit=hit("r"), host="a.kz"), "a.kz", False),
        (Rule(hit=hit("r"), category="16+"), "a.kz", True),
        (Rule(hit=hit("r"), kinds=frozenset({"forum"}), asked=Asked.REGISTER), "a.kz", True),
        (Rule(hit=hit("r"), kinds=frozenset({"forum"})), "a.kz", False),
    ],
)
def test_a_sight_must_look_where_a_rule_rests_on_what_only_the_page_shows(rule: Rule, host: str, looks: bool) -> None:
    assert Rules.of([rule]).needs_look(host) is looks
