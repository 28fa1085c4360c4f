"""Every case of a decision is asked of the add-on as well, and its whole answer must be Python's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.bundle.bundle import build_bundle, share
from gateway.decision.from_line import question_of
from gateway.decision.line import BadLine
from gateway.decision.question import Question
from gateway.decision.sources import Sources
from gateway.profiles.person import Age
from tests.browser.decision.asking import answer_values, bundle_of, differences, question_values, through_json
from tests.browser.decision.node import Node
from tests.runners import decisions, otherwise

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted(path for kind in ("decisions", "otherwise") for path in (CASES / kind).glob("*.yaml"))
OF_THE_LINE = {"packs", "preset", "stances", "kind", "topics", "audience", "exempt"}  # what no policy and no list says


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def listed(file: str) -> set[str]:
    differing = read(Path(__file__).with_name("differences.yaml"))
    assert all(group["reason"].strip() for group in differing)
    return {name for group in differing if group["file"] == file for name in group["cases"]}


def question_in(case: dict[str, Any], kind: str) -> tuple[Question, Sources]:
    """The question of a case. Raises BadLine when it asks none."""
    if kind == "otherwise":
        sources = otherwise.sources_of(case["policy"])
        return otherwise.asked(case["ask"], sources), sources
    sources = decisions.sources_of(case.get("policy"))
    return question_of(case["ask"], sources), sources


def asked_of(question: Question, line: dict[str, Any], sources: Sources) -> Iterator[tuple[Any, Any]]:
    """The question and the bundle: one out of the profile, and, where the policy has the person, that person's own."""
    yield question_values(question), bundle_of(question)
    if sources.policy is not None and "person" in line and OF_THE_LINE.isdisjoint(line):
        person = replace(sources.policy.people[line["person"]], ages=(Age(question.profile.age),))
        shared = share(sources.policy, sources.hosts, question.moment)
        bundle = build_bundle(shared, person, used=question.profile.timetable.tallies)
        yield question_values(question, alone=True), through_json(bundle)


def differing(path: Path, node: Node) -> Iterator[tuple[str, object]]:
    """The cases of a file that the add-on answers in another way, and how."""
    for case in read(path):
        try:
            question, sources = question_in(case, path.parent.name)
        except BadLine as bad:
            yield case["name"], str(bad)
            continue
        for asked, bundle in asked_of(question, case["ask"], sources):
            if found := differences(answer_values(question), node.decide(asked, bundle)):
                yield case["name"], found


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_cases_get_the_same_answer_but_for_those_that_are_listed(path: Path, node: Node) -> None:
    wanted = listed(named(path))
    found = dict(differing(path, node))
    assert {name: how for name, how in found.items() if name not in wanted} == {}, "differs, and is not listed"
    assert wanted - found.keys() == set(), "is listed, and differs no more"


def test_every_list_is_of_a_file() -> None:
    files = {named(path) for path in FILES}
    assert {group["file"] for group in read(Path(__file__).with_name("differences.yaml"))} <= files
