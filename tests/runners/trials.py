"""Cases of household cases: a `policy` and the text of a case file (`cases`).

`got`: one line for each of its cases, "ok" or what was missed; `problems`: line:column: message for files that cannot
be used.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.decision.sources import Sources, build_sources
from gateway.hosts.lists import read_hosts
from gateway.labels.data import build_label_data
from gateway.policy.check import in_order
from gateway.policy.parse import parse
from gateway.problems import Problem, ProblemsFound
from gateway.proof.case_file import read_case_file
from gateway.proof.trial import Trial, try_cases
from gateway.shipped import texts

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)  # 12:00 in Almaty, a Sunday


@cache
def sources_of(policy: str) -> Sources:
    return build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=build_label_data({**texts("scales"), **texts("signs")}).scales,
        moment=NOON,
        policy={"home.yaml": policy},
        hosts=read_hosts(texts("hosts")),
    )


def told(trial: Trial) -> str:
    return "; ".join(f"{key} {wanted}, got {got}" for key, wanted, got in trial.misses) or "ok"


def tried(policy: str, text: str) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    sources = sources_of(policy)
    assert sources.policy is not None
    try:
        found = read_case_file(parse(text, "home.cases.yaml"), "home.cases.yaml", problems)
        if found is None:
            return [], in_order(problems)
        return [told(trial) for trial in try_cases(found, sources, sources.policy, NOON)], problems
    except ProblemsFound as fault:
        return [], list(fault.problems)


def run(case: dict[str, Any]) -> None:
    got, problems = tried(case["policy"], case["cases"])
    shown = [
        f"{each.line}:{each.column}: {each.message}" + (f" ({each.hint})" if each.hint else "") for each in problems
    ]
    assert shown == case.get("problems", [])
    assert got == case.get("got", [])
