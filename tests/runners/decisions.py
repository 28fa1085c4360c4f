"""Cases of decisions: a line of `decide --jsonl` in (`ask`), a part of the answer out (`want`).

`policy` is the text of a policy file under which it is asked. Of `grounds` the wanted ones must come first, each with
the wanted keys; `rules` names the rules of all grounds in order, `!` before one that is overruled.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.decision.jsonl import answer
from gateway.decision.sources import Sources, build_sources
from gateway.labels.data import build_label_data
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@cache
def sources_of(policy: str | None) -> Sources:
    return build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=build_label_data({**texts("scales"), **texts("signs")}).scales,
        moment=MOMENT,
        policy=None if policy is None else {"home.yaml": policy},
    )


def run(case: dict[str, Any]) -> None:
    got = answer(case["ask"], sources_of(case.get("policy")))
    got["rules"] = [("!" if "overruled_by" in ground else "") + ground["rule"] for ground in got["grounds"]]
    assert got["id"] == (case["ask"].get("id") if isinstance(case["ask"], dict) else None)
    for key, wanted in case["want"].items():
        if key == "grounds":
            for ground, part in zip(got["grounds"], wanted, strict=False):
                assert part.items() <= ground.items(), f"wanted {part}\ngot    {ground}"
            assert len(wanted) <= len(got["grounds"]), f"wanted {wanted}\ngot    {got['grounds']}"
        else:
            assert got.get(key) == wanted, f"{key}: wanted {wanted!r}\nin {got}"
