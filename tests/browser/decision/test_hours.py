"""The cases of hours, minutes and ages, asked of the add-on with a bundle issued then, and with one a week older."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.bundle.bundle import build_bundle, share
from gateway.decision.question import Question
from gateway.hosts.index import HostIndex
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.policy.policy import Policy
from gateway.profiles.grant import Grant
from gateway.profiles.quota import NONE_USED, Tally
from gateway.profiles.recognise import profile_of, with_grants
from tests.browser.decision.asking import answer_values, differences, question_values, through_json
from tests.browser.decision.node import Node
from tests.runners.profiles import page_of, policy_of, timetable_of

CASES = Path(__file__).parents[2] / "cases" / "profiles"
WEEK = timedelta(days=7)


def cases(key: str) -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            if key in case and "person" in case:
                yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def given_in(case: dict[str, Any]) -> tuple[Grant, ...]:
    base = {"id": "1", "by": "dana", "people": frozenset({case["person"]}), "host": "", "where": "given"}
    ends = ("since", "until")
    return tuple(
        Grant(**{**base, **grant, **{key: datetime.fromisoformat(grant[key]) for key in ends}})
        for grant in case.get("given", ())
    )


def used_in(case: dict[str, Any], policy: Policy) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for text in case.get("active", ()):
        moment = datetime.fromisoformat(text)
        for service in timetable_of(policy, case, moment).services_of(*page_of(case)):
            tallies[service] = tallies.get(service, NONE_USED).count(moment.astimezone(policy.zone))
    return tallies


def compare(node: Node, case: dict[str, Any], question: Question, policy: Policy, used: dict[str, Tally]) -> None:
    """The question's profile is a bare one of the person."""
    moment, given = question.moment, given_in(case)
    profile = with_grants(question.profile, given)
    profile = replace(profile, timetable=profile.timetable.with_tallies(used))
    wanted = answer_values(replace(question, profile=profile))
    for issued in (moment, moment - WEEK):
        shared = share(policy, HostIndex(), issued)
        bundle = build_bundle(shared, policy.people[case["person"]], given=given, used=used)
        got = node.decide(question_values(question), through_json(bundle))
        assert differences(wanted, got) == {}, f"at {moment}, issued {issued}"
        assert got["verdict"]["expired"] is False


def policy_in(case: dict[str, Any]) -> Policy:
    return policy_of(case["policy"], tuple(case.get("calendars", {}).items()))


@pytest.mark.parametrize("case", [*cases("hours"), *cases("soon"), *cases("active")])
def test_hours_and_minutes(node: Node, case: dict[str, Any]) -> None:
    policy = policy_in(case)
    used = used_in(case, policy)
    _, record = page_of(case)
    for text in [*case.get("hours", ()), *case.get("soon", ()), *case.get("then", ())]:
        moment = datetime.fromisoformat(text)
        profile = profile_of(policy, policy.people[case["person"]], moment)
        question = Question(profile=profile, url=None, moment=moment, host=record)
        compare(node, case, question, policy, {} if text in case.get("hours", ()) else used)


@pytest.mark.parametrize("case", [*cases("ages")])
def test_ages(node: Node, case: dict[str, Any]) -> None:
    policy = policy_in(case)
    for text, age in case["ages"].items():
        moment = datetime.fromisoformat(text)
        for min_age in (age, age + 1):
            profile = profile_of(policy, policy.people[case["person"]], moment)
            question = Question(profile=profile, url=None, moment=moment, reading=labelled(min_age))
            compare(node, case, question, policy, {})


def labelled(min_age: int) -> Reading:
    label = Label(
        scale="kz",
        mark="mark",
        min_age=min_age,
        scope=Scope.PAGE,
        trust=Trust.B,
        carrier="meta",
        raw="mark",
        place="byte 1",
    )
    return Reading(status=Status.RATED, labels=(label,))
