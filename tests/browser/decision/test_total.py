"""The add-on's decision never throws: what cannot be understood is closed, but for somebody known to be an adult."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.decision.verdict import Reason
from tests.browser.decision.asking import bundle_of, question_values
from tests.browser.decision.node import Node
from tests.browser.decision.test_people import question_by

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
REASONS = {reason.value for reason in Reason}
bounded = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)


def parts() -> tuple[dict[str, Any], dict[str, Any]]:
    question = question_by("aru")
    return question_values(question), bundle_of(question)


def is_verdict(verdict: dict[str, Any]) -> bool:
    return verdict["reason"] in REASONS and verdict["grounds"][0]["says"] == verdict["action"]


@given(data=st.data(), value=json_values)
@bounded
def test_a_question_with_anything_in_any_place(node: Node, data: st.DataObject, value: object) -> None:
    question, bundle = parts()
    key = data.draw(st.sampled_from([*question, "used"]))
    got = node.decide({**question, key: value}, bundle)
    assert is_verdict(got["verdict"])
    assert is_verdict(got["whole"])


@given(data=st.data(), value=json_values)
@bounded
def test_a_bundle_with_anything_in_any_place(node: Node, data: st.DataObject, value: object) -> None:
    question, bundle = parts()
    key = data.draw(st.sampled_from([*bundle]))
    assert is_verdict(node.decide(question, {**bundle, key: value})["verdict"])


@given(question=json_values, bundle=json_values)
@bounded
def test_nonsense_is_closed(node: Node, question: object, bundle: object) -> None:
    verdict = node.decide(question, bundle)["verdict"]
    assert (verdict["action"], verdict["layer"]) == ("block", "system")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"action": "steal"}, "fault"),
        ({"channel": "pigeon"}, "fault"),
        ({"moment": "yesterday"}, "fault"),
        ({"moment": None}, "fault"),
        ({"reading": {"status": "fine", "labels": []}}, "fault"),
        ({"reading": {"status": "rated", "labels": [{"scope": "page", "min_age": "6", "trust": "B"}]}}, "fault"),
        ({"reading": {"status": "rated", "labels": [{"scope": "world", "min_age": 6, "trust": "B"}]}}, "fault"),
        ({"url": "javascript:1"}, "bad-request"),
        ({"url": "https://user@a.example/"}, "bad-request"),
        ({"host": {"host": "a.example", "topics": "adult"}}, "fault"),
        ({"estimate": {"min_age": None, "confidence": 1}}, "fault"),
    ],
)
def test_what_cannot_be_understood_is_closed_for_a_child_and_open_to_an_adult(
    node: Node, change: dict[str, Any], reason: str
) -> None:
    question, bundle = parts()
    verdict = node.decide({**question, **change}, bundle)["verdict"]
    assert (verdict["action"], verdict["reason"]) == ("block", reason)
    if "moment" not in change:
        grown = node.decide({**question, **change}, {**bundle, "age": 18, "adult": bundle["child"]})["verdict"]
        assert (grown["action"], grown["reason"]) == ("allow", "adult")


def test_without_a_bundle_nobody_is_known(node: Node) -> None:
    verdict = node.decide(parts()[0], None)["verdict"]
    assert (verdict["action"], verdict["reason"]) == ("block", "no-profile")


def test_a_rule_that_takes_something_out_closes_a_page_out_of_which_nothing_can_be_taken(node: Node) -> None:
    question, bundle = parts()
    bundle["child"]["rules"] = [{"rule": "cut", "where": "home.yaml:1", "says": "mask", "reason": "local-ask"}]
    got = node.decide(question, bundle)
    assert (got["verdict"]["action"], got["verdict"]["effect"]) == ("mask", "block-item")
    assert (got["whole"]["action"], got["whole"]["effect"]) == ("block", "block")


def test_names_of_javascript_s_own_are_no_hosts_or_topics(node: Node) -> None:
    question, bundle = parts()
    record = {"host": "constructor", "kind": "constructor", "topics": ["__proto__", "constructor"]}
    assert node.decide({**question, "host": record}, bundle)["verdict"]["reason"] == "unlabelled"
    del question["host"]
    asked = {**question, "url": "https://constructor/"}
    assert node.decide(asked, bundle)["verdict"]["reason"] == "unlabelled"


def test_a_bundle_holds_from_its_issue_to_its_end(node: Node) -> None:
    question, bundle = parts()
    moments = {"2026-11-21T08:59:59Z": True, "2026-11-21T09:00:00Z": False, "2026-12-06T08:59:59Z": False}
    moments["2026-12-06T09:00:00Z"] = True
    for moment, expired in moments.items():
        assert node.decide({**question, "moment": moment}, bundle)["verdict"]["expired"] is expired, moment


def test_a_clock_that_is_put_forward_makes_nobody_older(node: Node) -> None:
    question, bundle = parts()
    bundle |= {"age": 17, "steps": [{"on": "2026-11-30", "age": 18}], "adult": bundle["child"]}
    reasons = {
        "2026-11-29T12:00:00Z": "unlabelled",
        "2026-11-30T12:00:00Z": "adult",
        "2027-11-30T12:00:00Z": "unlabelled",
    }
    for moment, reason in reasons.items():
        assert node.decide({**question, "moment": moment}, bundle)["verdict"]["reason"] == reason, moment


def test_a_verdict_says_which_lists_it_did_not_see(node: Node) -> None:
    question, bundle = parts()
    bundle["lacks"] = [{"name": "adult sites", "topics": ["adult"], "kind": None}]
    assert node.decide(question, bundle)["verdict"]["lacks"] == []
    del question["host"]
    assert node.decide(question, bundle)["verdict"]["lacks"] == ["adult sites"]


def test_what_the_device_counted_itself_is_used_up(node: Node) -> None:
    question, bundle = question_values(question_by("limited")), bundle_of(question_by("limited"))
    assert node.decide(question, bundle)["verdict"]["action"] == "allow"
    used = {"everything": {"day": "2026-11-22", "minutes": 60}}
    verdict = node.decide({**question, "used": used}, bundle)["verdict"]
    assert (verdict["reason"], verdict["until"]) == ("quota", "2026-11-23T00:00:00+05:00")
    less = {"everything": {"day": "2026-11-22", "minutes": 59}}
    bundle["used"] = used
    assert node.decide({**question, "used": less}, bundle)["verdict"]["reason"] == "quota"
