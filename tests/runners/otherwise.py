"""Cases of counterfactuals: under `policy` a line is asked (`ask`), and what would make another verdict is wanted.

Of `want` each must be there, as "change: action"; of `never` nothing may be there as the beginning of a change. `only`
names the kinds that may be there. Whatever is to be written is laid beside the policy, and must then do what it says
(but with `laid: false`, where the policy itself says the contrary already).
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.otherwise.otherwise import counterfactuals
from gateway.decision.sources import Sources, build_sources
from gateway.hosts.lists import read_hosts
from gateway.labels.data import build_label_data
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@cache
def sources_of(*policy: str) -> Sources:
    return build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=build_label_data({**texts("scales"), **texts("signs")}).scales,
        moment=MOMENT,
        policy={f"{number}.yaml": text for number, text in enumerate(policy, 1)},
        hosts=read_hosts(texts("hosts")),
    )


def asked(line: dict[str, Any], sources: Sources) -> Any:
    assert sources.policy is not None
    person = sources.policy.people[line["person"]]
    moment = datetime.fromisoformat(line["moment"]) if "moment" in line else MOMENT
    return question_of({"age": person.age_at(moment), **line}, sources)


def run(case: dict[str, Any]) -> None:
    sources = sources_of(case["policy"])
    question = asked(case["ask"], sources)
    verdict = decide(question)
    assert verdict.action.word == case["action"], verdict
    found = counterfactuals(question, verdict, sources.policy, sources.policy.people[case["ask"]["person"]])
    told = [f"{other.change}: {other.verdict.action.word}" for other in found]
    for wanted in case.get("want", []):
        assert wanted in told, f"wanted {wanted}\ngot    " + "\n       ".join(told)
    for unwanted in case.get("never", []):
        assert not [line for line in told if line.startswith(unwanted)], told
    if "only" in case:
        assert {other.kind.value for other in found} <= set(case["only"]), told
    for other in found:
        assert other.verdict.action != verdict.action
        if other.write and case.get("laid", True):
            laid = sources_of(case["policy"], other.write + "\n")
            assert decide(asked(case["ask"], laid)).action == other.verdict.action, other.write
    for written in case.get("write", []):
        assert written in [other.write for other in found], [other.write for other in found]
