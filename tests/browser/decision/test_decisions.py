"""Every case of a decision is asked of the add-on as well, and its whole answer must be Python's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.decision.from_line import question_of
from gateway.decision.line import BadLine
from tests.browser.decision.asking import answer_values, bundle_of, differences, question_values
from tests.browser.decision.node import Node
from tests.runners.decisions import sources_of

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted((CASES / "decisions").glob("*.yaml"))


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def listed(file: str) -> set[str]:
    differing = read(Path(__file__).with_name("differences.yaml"))
    assert all(group["reason"].strip() for group in differing)
    return {name for group in differing if group["file"] == file for name in group["cases"]}


def differing(path: Path, node: Node) -> Iterator[tuple[str, object]]:
    """The cases of a file that the add-on answers in another way, and how."""
    for case in read(path):
        try:
            question = question_of(case["ask"], sources_of(case.get("policy")))
        except BadLine as bad:
            yield case["name"], str(bad)
            continue
        got = node.decide(question_values(question), bundle_of(question))
        if found := differences(answer_values(question), got):
            yield case["name"], found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_cases_get_the_same_answer_but_for_those_that_are_listed(path: Path, node: Node) -> None:
    wanted = listed(f"decisions/{path.name}")
    found = dict(differing(path, node))
    assert {name: how for name, how in found.items() if name not in wanted} == {}, "differs, and is not listed"
    assert wanted - found.keys() == set(), "is listed, and differs no more"


def test_every_list_is_of_a_file() -> None:
    files = {f"decisions/{path.name}" for path in FILES}
    assert {group["file"] for group in read(Path(__file__).with_name("differences.yaml"))} <= files
