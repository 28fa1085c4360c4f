"""The decision cases leave nothing out: each article and each stance speaks in one of them and not in its twin.

A twin is the same case with one thing changed: another age, kind, label, moment, stance, …
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from gateway.decision.jsonl import answer
from gateway.law.pack import pack_id, read_pack
from gateway.shipped import texts
from tests.conftest import CASES, runner_of

# Named answers where the law is silent, with every value that a line may give them (DESIGN, section 9).
STANCES: dict[str, list[object]] = {
    "base": ["default", "strict", "lenient"],
    "site-sign-binds": [True, False],
    "unlabelled-online-publication": ["flag", "block", "none"],
    "simulcast-is-broadcast": [True, False],
    "unlabelled": ["allow", "ask", "block"],
    "unreadable": ["ask", "block"],
    "foreign": ["exact", "step", "ignore"],
    "local-allow-up-to": [6, 16],
    "estimate-from": [0.5, 0.9],
    "registration-scope": ["text", "ministry"],
    "adults-opened": [True, False],
}
OTHER_NAMES = {"site-label-binding": "site-sign-binds", "unknown-page": "unlabelled", "scope": "registration-scope"}


class Case(NamedTuple):
    name: str
    ask: dict[str, Any]
    policy: str | None
    answer: dict[str, Any]

    @property
    def rules(self) -> set[str]:
        return {ground["rule"] for ground in self.answer["grounds"]}


@cache
def cases() -> tuple[Case, ...]:
    sources_of = runner_of("decisions").__globals__["sources_of"]
    found = []
    for path in sorted(Path(CASES, "decisions").glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            if isinstance(case["ask"], dict):
                policy = case.get("policy")
                told = {**answer(case["ask"], sources_of(policy)), "id": None}
                found.append(Case(case["name"], case["ask"], policy, told))
    return tuple(found)


def twins(case: Case) -> Iterator[Case]:
    """The cases that ask the same but for one key."""
    for other in cases():
        if other.policy == case.policy and other is not case:
            keys = (case.ask.keys() | other.ask.keys()) - {"id"}
            if sum(case.ask.get(key) != other.ask.get(key) for key in keys) == 1:
                yield other


def articles() -> list[str]:
    packs = [read_pack(text, path) for path, text in texts("law").items()]
    return [article.id for pack in packs for article in pack.articles if article.enabled and article.kind != "note"]


@pytest.mark.parametrize("article", articles())
def test_each_article_speaks_in_a_case_and_is_silent_in_its_twin(article: str) -> None:
    speaking = [case for case in cases() if article in case.rules]
    assert speaking, "no decision case in which it speaks"
    assert any(article not in twin.rules for case in speaking for twin in twins(case)), "no twin in which it is silent"


EACH_VALUE = [(name, value) for name, values in STANCES.items() for value in values]


@pytest.mark.parametrize(("stance", "value"), EACH_VALUE)
def test_each_value_of_a_stance_has_a_case_and_makes_a_difference(stance: str, value: object) -> None:
    stating = [case for case in cases() if stated(case).get(stance) == value]
    assert stating, "no decision case states it"
    assert any(twin.answer != case.answer for case in stating for twin in twins(case)), "it never makes a difference"


def stated(case: Case) -> dict[str, object]:
    given = case.ask.get("stances") or {}
    named = {name.replace("_", "-"): value for name, value in given.items()} if isinstance(given, dict) else {}
    return {OTHER_NAMES.get(name, name): value for name, value in named.items()}


@pytest.mark.parametrize("pack", sorted(pack_id(path) for path in texts("law")))
def test_each_pack_is_asked_by_itself(pack: str) -> None:
    default = [["kz/169-vi"], None] if pack == "kz/169-vi" else [[pack]]
    assert any(case.ask.get("packs") in default for case in cases())
