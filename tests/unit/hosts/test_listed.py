"""Lists at the gate: a host's entries at the host tier, those of a path or an expression once the path is known."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.decision.sight import Sight
from gateway.decision.verdict import Action, Reason
from gateway.document.url import canonical
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Ruling
from gateway.hosts.lists import build_index
from gateway.hosts.record import HostRecord, alike
from gateway.labels.data import build_label_data
from gateway.policy.compile import compile_policy
from gateway.profiles.clue import Clues
from gateway.shipped import texts
from tests.runners.lists import listed_of

CHILD = Clues(listener="child")
LISTS = {
    "sites": {"file": "domains", "text": "bad.test\n", "topics": ["gambling"]},
    "pages": {"file": "urls", "text": "mixed.test/games\n", "topics": ["gambling"]},
    "words": {"file": "expressions", "text": "/casino-[0-9]+\n", "topics": ["gambling"]},
}


@pytest.fixture(scope="module")
def gate() -> Gate:
    text = "extends: home\npeople:\n  aigerim: {age: 8, listeners: [child]}\n"
    policy = compile_policy({"policy.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22))
    labels = build_label_data({**texts("scales"), **texts("signs")})
    hosts = build_index(texts("hosts"), policy.hosts, listed_of(LISTS))
    ruling = Ruling(policy=policy, labels=labels, hosts=hosts)
    return Gate(ruling, clock=lambda: datetime(2026, 11, 22, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    ("host", "seen"), [("www.bad.test", Sight.REFUSE), ("mixed.test", Sight.LOOK), ("other.test", Sight.LOOK)]
)
def test_a_host_is_refused_for_its_own_entries_only(gate: Gate, host: str, seen: Sight) -> None:
    found = gate.judge_host(CHILD, canonical(f"https://{host}/"))
    assert found is not None
    assert found.sight is seen


@pytest.mark.parametrize(
    ("address", "blocked"),
    [
        ("https://www.bad.test/", True),
        ("https://mixed.test/games/1", True),
        ("https://mixed.test/", False),
        ("https://other.test/casino-7", True),
        ("https://other.test/casino", False),
        ("https://www.unicef.org/casino-7", False),
    ],
)
def test_an_address_is_blocked_for_its_path_and_by_expressions(gate: Gate, address: str, blocked: bool) -> None:
    judged = gate.judge_request(CHILD, canonical(address))
    assert (judged.verdict.action is Action.BLOCK) == blocked
    assert not blocked or judged.verdict.reason is Reason.TOPIC


def test_a_record_made_alike_is_a_record() -> None:
    record = HostRecord(host="", kind="forum", topics=frozenset({"games"}), source="a list")
    assert alike(record)("a.test") == replace(record, host="a.test")
