"""Cases of bare addresses: which names were `seen` at an address and how, the `certificate` that it shows, and a `url`.

`want` is `open` (its bytes decide), or as which host it is refused, and why. `policy` are lines of a policy file for a
child of eight.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from gateway.document.url import canonical
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Ruling
from gateway.hosts.address_book import AddressBook
from gateway.hosts.lists import build_index
from gateway.labels.data import build_label_data
from gateway.policy.compile import compile_policy
from gateway.profiles.clue import Clues
from gateway.shipped import texts

LABELS = build_label_data({**texts("scales"), **texts("signs")})
PEOPLE = """
extends: home
zone: Asia/Almaty
people:
  dana: {age: adult, listeners: [adult]}
  aigerim: {age: 8, listeners: [child]}
"""


def run(case: dict[str, Any]) -> None:
    policy = compile_policy({"home.yaml": PEOPLE + case["policy"]}, texts("presets"), texts("law"), date(2026, 11, 22))
    ruling = Ruling(policy=policy, labels=LABELS, hosts=build_index({}, policy.hosts))
    gate = Gate(ruling, clock=lambda: datetime(2026, 11, 22, 7, tzinfo=UTC))
    try:
        check(case, gate)
    finally:
        gate.close()


def check(case: dict[str, Any], gate: Gate) -> None:
    book, url = AddressBook(), canonical(case["url"])
    for name, how in case.get("seen", {}).items():
        book.note(name, (case.get("address", "203.0.113.7"),), 1_000.0, shown=how == "shown")
    residents = book.at(url.host, 1_000.0 + case.get("after-seconds", 0))
    residents = replace(residents, certified=case.get("certificate", ()))
    first = gate.judge_request(Clues(listener=case.get("listener", "child")), url)
    assert not first.final, first.verdict
    assert first.inquiry is not None
    judged = gate.judge_address(first.inquiry, residents, "GET")
    if case["want"] == "open":
        assert judged is None, judged
        return
    assert judged is not None, "it is open"
    assert judged.final, judged.verdict
    assert not judged.passes, judged.verdict
    assert judged.inquiry is not None
    assert judged.inquiry.question.url is not None
    assert judged.inquiry.question.url.host == case["want"]["refused-as"]
    assert case["want"].get("reason", judged.verdict.reason.value) == judged.verdict.reason.value
