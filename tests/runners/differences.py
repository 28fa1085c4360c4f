"""Cases of differences: two policies (`old`, `new`), and the lines that `qorgan diff` prints but for the last.

`records`: entries of a journal, each with the fields of Recorded; `review`: the lines that are printed of them.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.decision.sources import build_sources
from gateway.hosts.lists import read_hosts
from gateway.labels.data import build_label_data
from gateway.proof.difference import Side, compare
from gateway.proof.recorded import Recorded, review
from gateway.proof.to_words import show_difference, show_review
from gateway.shipped import texts

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)  # 12:00 in Almaty, a Sunday


@cache
def side_of(policy: str) -> Side:
    sources = build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=build_label_data({**texts("scales"), **texts("signs")}).scales,
        moment=NOON,
        policy={"home.yaml": policy},
        hosts=read_hosts(texts("hosts")),
    )
    assert sources.policy is not None
    return Side(sources, sources.policy)


def run(case: dict[str, Any]) -> None:
    old, new = side_of(case["old"]), side_of(case["new"])
    difference = compare(old, new, NOON)
    *lines, last = show_difference(difference, 0.5)
    assert lines == case["want"], "\n".join(lines)
    assert last == f"{difference.asked:,} questions in 0.5 s"
    assert difference.empty == all(line.startswith("the same") for line in lines)
    if "records" in case:
        records = [Recorded(**{"moment": NOON, **each, **_moment(each)}) for each in case["records"]]
        lines = list(show_review(review(records, old, new)))
        assert lines[2:] == case["review"], "\n".join(lines)


def _moment(record: dict[str, Any]) -> dict[str, datetime]:
    return {"moment": datetime.fromisoformat(record["moment"])} if "moment" in record else {}
