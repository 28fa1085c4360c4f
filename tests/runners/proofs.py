"""Cases of proofs: a `policy`, which laws are `broken` (by their sentences), and what is so `on_purpose`.

On purpose is told as "sentence | what | example | people". Of a broken law the counterexample's lines are asked again,
and must get the verdicts that the proof gave them.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.sources import Sources, build_sources
from gateway.hosts.lists import read_hosts
from gateway.labels.data import build_label_data
from gateway.proof.proof import Proof
from gateway.proof.prove import prove
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


def on_purpose(proof: Proof) -> list[str]:
    return [
        " | ".join((law.sentence, found.excuse.what, found.words, " ".join(found.people)))
        for law in proof.laws
        for found in law.on_purpose.values()
        if "Art. 2" not in found.excuse.what and "site-sign" not in found.excuse.what
    ]


def run(case: dict[str, Any]) -> None:
    sources = sources_of(case["policy"])
    assert sources.policy is not None
    proof = prove(sources, sources.policy, NOON)
    broken = {law.sentence: law.counterexample for law in proof.laws if law.counterexample is not None}
    assert sorted(broken) == sorted(case.get("broken", [])), broken
    for example in broken.values():
        for line, verdict in zip(example.lines, example.verdicts, strict=True):
            assert decide(question_of(line, sources)) == verdict
    assert on_purpose(proof) == case.get("on_purpose", [])
    if "groups" in case:
        assert [" ".join(group.names) for group in proof.groups] == case["groups"]
