"""The gate by itself: rulings, failures, time limits, and what is written down."""

import asyncio
from datetime import UTC, date, datetime
from functools import cache
from types import ModuleType

import pytest

from gateway.decision.question import Question
from gateway.decision.sight import Sight
from gateway.decision.splice import Seen, Why
from gateway.decision.verdict import Action, Layer, Reason, Verdict
from gateway.document.document import Headers, UnreadableReason
from gateway.document.url import canonical
from gateway.edge import gate as gate_module
from gateway.edge import inquiry as inquiry_module
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Judged, Patience, Ruling
from gateway.hosts.lists import build_index
from gateway.hosts.record import HostRecord, Learned
from gateway.labels.data import build_label_data
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.policy.compile import compile_policy
from gateway.profiles.clue import Clues
from gateway.shipped import texts

PAGE = canonical("https://kids.test/page")
HTML = Headers([("content-type", "text/html; charset=utf-8")])
PLAIN = b"<!doctype html><html lang=en><head><title>Otters</title></head><body><p>Otters swim.</p></body></html>"
RTA = b"<!doctype html><html><head><meta name=rating content=RTA-5042-1996-1400-1577-RTA></head><body>x</body></html>"
CHILD, ADULT, STRANGER = Clues(listener="child"), Clues(listener="adult"), Clues(listener="nobody")


def noon() -> datetime:
    return datetime(2026, 11, 22, 7, tzinfo=UTC)


@cache
def ruling(age: int = 8) -> Ruling:
    text = f"""
extends: home
zone: Asia/Almaty
default: nobody
timetable:
  - {{block: daily, from: "21:30", to: "07:00"}}
people:
  dana: {{age: adult, listeners: [adult]}}
  aigerim: {{age: {age}, listeners: [child]}}
hosts:
  - {{host: bank.test, kind: private, source: test}}
"""
    policy = compile_policy({"policy.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22))
    labels = build_label_data({**texts("scales"), **texts("signs")})
    return Ruling(policy=policy, labels=labels, hosts=build_index({}, policy.hosts))


class Sites:
    """A probe with what it knows at once, and what a visit finds."""

    def __init__(self, *, known: HostRecord | None = None, found: HostRecord | None = None, seconds: float = 0) -> None:
        self._known, self._found, self._seconds = known, found, seconds

    def known(self, host: str, *, port: int = 443) -> HostRecord | None:
        return self._known

    async def record(self, host: str, *, port: int = 443, scheme: str = "https") -> HostRecord | None:
        await asyncio.sleep(self._seconds)
        return self._found


def rated(min_age: int) -> HostRecord:
    label = Label(
        scale="rta", mark="RTA", min_age=min_age, scope=Scope.SITE, trust=Trust.A, carrier="meta", raw="RTA", place="x"
    )
    return HostRecord(host="kids.test", reading=Reading(status=Status.RATED, labels=(label,)), learned=Learned.VISIT)


async def document(gate: Gate, body: bytes, clues: Clues = CHILD) -> Judged:
    asked = gate.judge_request(clues, PAGE)
    assert asked.inquiry is not None
    return await gate.judge_document(asked.inquiry, 200, HTML, body)


async def test_a_page_is_judged_by_what_it_says() -> None:
    gate = Gate(ruling(), clock=noon)
    assert (await document(gate, PLAIN)).passes
    blocked = await document(gate, RTA)
    assert blocked.verdict.action is Action.BLOCK
    assert blocked.verdict.layer is Layer.LAW
    assert blocked.verdict.revision == ruling().revision


def test_a_request_of_an_adult_is_final_at_once() -> None:
    judged = Gate(ruling(), clock=noon).judge_request(ADULT, PAGE)
    assert judged.final
    assert judged.passes


def test_a_request_of_a_minor_waits_for_the_page() -> None:
    judged = Gate(ruling(), clock=noon).judge_request(CHILD, PAGE)
    assert not judged.final


@pytest.mark.parametrize(
    ("clues", "url", "seen"),
    [
        (CHILD, "https://bank.test/", Sight.PASS),
        (CHILD, "https://kids.test/", Sight.LOOK),
        (ADULT, "https://kids.test/", Sight.PASS),
        (STRANGER, "https://kids.test/", Sight.REFUSE),
    ],
)
def test_how_much_is_seen_of_a_host(clues: Clues, url: str, seen: Sight) -> None:
    found = Gate(ruling(), clock=noon).judge_host(clues, canonical(url))
    assert found is not None
    assert found.sight is seen


async def test_a_request_ends_under_the_ruling_it_began_with() -> None:
    gate = Gate(ruling(), clock=noon)
    asked = gate.judge_request(CHILD, PAGE)
    gate.swap(None)
    assert asked.inquiry is not None
    assert (await gate.judge_document(asked.inquiry, 200, HTML, PLAIN)).passes
    later = gate.judge_request(CHILD, PAGE)
    assert later.verdict.reason is Reason.FAULT
    assert not gate.judge_again(asked.inquiry).passes


def test_an_open_connection_ends_with_its_hours() -> None:
    hour = [9]  # in UTC; Almaty is five hours ahead
    gate = Gate(ruling(), clock=lambda: datetime(2026, 11, 22, hour[0], tzinfo=UTC))
    asked = gate.judge_request(CHILD, PAGE)
    assert asked.inquiry is not None
    assert gate.judge_again(asked.inquiry).verdict.reason is not Reason.SCHEDULE
    hour[0] = 17
    assert gate.judge_again(asked.inquiry).verdict.reason is Reason.SCHEDULE


@pytest.mark.parametrize("clues", [CHILD, ADULT])
def test_without_a_ruling_nobody_passes(clues: Clues) -> None:
    gate = Gate(None)
    assert gate.judge_host(clues, PAGE) is None
    judged = gate.judge_request(clues, PAGE)
    assert (judged.verdict.action, judged.verdict.reason, judged.final) == (Action.BLOCK, Reason.FAULT, True)
    assert judged.verdict.layer is Layer.SYSTEM


def test_a_stranger_is_told_so() -> None:
    judged = Gate(ruling(), clock=noon).judge_request(STRANGER, PAGE)
    assert judged.verdict.reason is Reason.NO_PROFILE
    assert judged.final
    assert not judged.passes


@pytest.mark.parametrize(
    ("room", "step"), [(inquiry_module, "person_of"), (gate_module, "sight_with"), (gate_module, "decide")]
)
@pytest.mark.parametrize("clues", [CHILD, ADULT])
def test_a_broken_step_closes_for_everybody(
    room: ModuleType, step: str, clues: Clues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, step, broken)
    gate = Gate(ruling(), clock=noon)
    judged = gate.judge_request(clues, PAGE)
    assert judged.verdict.reason is Reason.FAULT
    assert "RuntimeError" in judged.verdict.detail
    assert "secret" not in judged.verdict.detail
    assert gate.counters.registry.get_sample_value("qorgan_faults_total", {"place": "judge_request"}) == 1


async def test_a_broken_reader_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "read_whole", broken)
    assert (await document(Gate(ruling(), clock=noon), PLAIN)).verdict.reason is Reason.FAULT


async def test_a_reader_that_takes_too_long_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(*_: object) -> None:
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result(10)

    monkeypatch.setattr(gate_module, "read_whole", slow)
    gate = Gate(ruling(), clock=noon, patience=Patience(reading_seconds=0.05, inline_bytes=10))
    judged = await document(gate, PLAIN)
    released.set()
    assert judged.verdict.reason is Reason.FAULT
    assert "TimeoutError" in judged.verdict.detail


async def test_small_pages_are_read_without_a_thread_and_large_ones_in_one() -> None:
    small, large = (
        Gate(ruling(), clock=noon, patience=Patience(inline_bytes=10_000)),
        Gate(ruling(), clock=noon, patience=Patience(inline_bytes=1)),
    )
    small.close()  # no thread is left to read with
    large.close()
    assert (await document(small, PLAIN)).passes
    assert (await document(large, PLAIN)).verdict.reason is Reason.FAULT


async def test_an_unlabelled_page_asks_what_a_visit_found() -> None:
    assert not (await document(Gate(ruling(), clock=noon, probe=Sites(found=rated(18))), PLAIN)).passes
    assert (await document(Gate(ruling(), clock=noon, probe=Sites(found=None)), PLAIN)).passes


def test_what_is_known_of_a_host_refuses_before_the_site_is_asked() -> None:
    judged = Gate(ruling(), clock=noon, probe=Sites(known=rated(18))).judge_request(CHILD, PAGE)
    assert judged.final
    assert judged.verdict.reason is Reason.LABEL


async def test_a_visit_that_takes_too_long_is_not_waited_for() -> None:
    gate = Gate(
        ruling(), clock=noon, probe=Sites(found=rated(18), seconds=10), patience=Patience(visiting_seconds=0.05)
    )
    assert (await document(gate, PLAIN)).passes
    assert gate.counters.registry.get_sample_value("qorgan_faults_total", {"place": "probe"}) == 1


async def test_only_pages_need_a_label_of_their_own() -> None:
    gate = Gate(ruling(age=5), clock=noon)  # the preset blocks unlabelled pages under six
    asked = gate.judge_request(CHILD, PAGE)
    assert asked.inquiry is not None
    picture = Headers([("content-type", "image/png")])
    assert (await gate.judge_head(asked.inquiry, 200, picture, opened=False)).passes
    assert not (await gate.judge_head(asked.inquiry, 200, picture, opened=True)).passes
    labelled = Headers([("content-type", "image/png"), ("rating", "RTA-5042-1996-1400-1577-RTA")])
    assert not (await gate.judge_head(asked.inquiry, 200, labelled, opened=False)).passes
    assert not (await document(gate, PLAIN)).passes


async def test_what_cannot_be_read_is_closed_for_minors() -> None:
    gate = Gate(ruling(), clock=noon)
    asked = gate.judge_request(CHILD, PAGE)
    assert asked.inquiry is not None
    judged = await gate.judge_unread(asked.inquiry, 200, HTML, UnreadableReason.TOO_LARGE, "too long")
    assert judged.verdict.reason is Reason.UNREADABLE
    assert not judged.passes


async def test_only_what_is_not_a_plain_allow_is_written_down() -> None:
    written: list[tuple[Verdict, Question | None]] = []
    gate = Gate(ruling(), clock=noon, record=lambda verdict, question: written.append((verdict, question)))
    await document(gate, PLAIN)
    gate.judge_request(ADULT, PAGE)
    assert written == []
    await document(gate, RTA)
    gate.refuse("two names")
    assert [verdict.reason for verdict, _ in written] == [Reason.LABEL, Reason.BAD_REQUEST]
    assert written[0][1] is not None
    assert written[0][1].profile.person == "aigerim"
    assert written[1][1] is None


async def test_a_journal_that_fails_changes_no_verdict() -> None:
    gate = Gate(ruling(), clock=noon, record=broken)
    assert (await document(gate, RTA)).verdict.reason is Reason.LABEL
    assert gate.counters.registry.get_sample_value("qorgan_faults_total", {"place": "record"}) == 1


def test_trouble_closes_for_minors_and_not_for_adults() -> None:
    gate = Gate(ruling(), clock=noon, trouble=lambda: "the database cannot be written")
    assert gate.judge_request(CHILD, PAGE).verdict.reason is Reason.FAULT
    assert gate.judge_request(ADULT, PAGE).passes
    assert gate.judge_host(CHILD, PAGE) == Seen(Sight.REFUSE, Why.TROUBLE)


def test_younger_never_gets_more_when_something_is_broken() -> None:
    for age in (0, 5, 8, 12, 17):
        assert not Gate(None).judge_request(CHILD, PAGE).passes
        assert not Gate(ruling(age), clock=noon, trouble=lambda: "x").judge_request(CHILD, PAGE).passes


def broken(*_: object) -> None:
    raise RuntimeError("secret text of a page")


def test_a_fault_is_logged_by_its_place_and_never_by_its_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gate_module, "decide", broken)
    gate = Gate(ruling(), clock=noon)
    for _ in range(50):
        gate.judge_request(CHILD, PAGE)
    assert len(caplog.records) == 1  # the same fault is told once in a while
    assert "RuntimeError in test_gate.py" in caplog.text
    assert "secret" not in caplog.text
