from datetime import UTC, datetime

import pytest

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.jsonl import answer, judge, to_line
from gateway.decision.sources import Sources, build_sources
from gateway.hosts.record import HostRecord
from gateway.labels.data import build_label_data
from gateway.labels.label import Scope, Status, Trust
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def build(**more) -> Sources:
    scales = build_label_data({**texts("scales"), **texts("signs")}).scales
    return build_sources(packs=texts("law"), presets=texts("presets"), scales=scales, moment=MOMENT, **more)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return build()


def test_the_answer_has_exactly_the_keys_of_the_contract(sources):
    got = answer({"id": 7, "age": 15, "labels": [{"mark": "18+"}]}, sources)
    assert list(got) == ["id", "action", "effect", "reason", "category", "flags", "grounds"]
    assert got["id"] == 7
    assert [list(ground) for ground in got["grounds"]] == [["rule", "cites", "says", "where"]]


def test_until_is_there_only_when_something_ends(ask, label):
    verdict = decide(ask())
    assert "until" not in to_line(1, verdict)


def test_a_bad_line_is_a_problem_with_its_place(sources):
    got, problem = judge({"id": "a", "age": 8, "packs": ["kz/169-v"]}, sources, "questions.jsonl", 4)
    assert got["reason"] == "bad-request"
    assert problem == Problem(
        "questions.jsonl", 4, 1, "'packs': kz/169-v: there is no such law pack", "did you mean kz/169-vi?"
    )
    assert judge({"age": 8}, sources)[1] is None


@pytest.mark.parametrize("line", [None, 5, "x", [], [{"age": 5}]])
def test_what_is_no_object_is_answered_without_an_id(sources, line):
    got = answer(line, sources)
    assert (got["id"], got["action"], got["reason"]) == (None, "block", "bad-request")


def test_a_moment_is_the_sources_own_when_the_line_has_none(sources):
    assert question_of({"age": 8}, sources).moment == MOMENT
    assert question_of({"age": 8, "moment": "2026-01-02T03:04:05.5+05:00"}, sources).moment.isoformat() == (
        "2026-01-02T03:04:05.500000+05:00"
    )


def test_labels_as_they_are_read(sources):
    line = {"age": 8, "labels": [{"mark": "fsk 16"}, {"mark": "18+", "scope": "ad"}, {"mark": "6-", "scope": "item"}]}
    reading = question_of(line, sources).reading
    assert [
        (label.scale, label.mark, label.min_age, label.scope, label.trust, label.part) for label in reading.labels
    ] == [
        ("fsk", "FSK 16", 16, Scope.PAGE, Trust.B, None),
        ("kz", "18+", 18, Scope.PART, Trust.D, None),
        ("kz", "6-", 0, Scope.PART, Trust.B, "part 2"),
    ]
    assert reading.status is Status.RATED


def test_hosts_are_known_only_under_a_policy_or_preset():
    known = build(hosts=[HostRecord(host="porn.example", topics=frozenset({"adult"}))])
    line = {"age": 8, "url": "https://www.porn.example/"}
    assert answer(line, known)["reason"] == "unlabelled"
    assert answer({**line, "preset": "home"}, known)["reason"] == "topic"
    assert answer({**line, "preset": "home", "kind": "help-line"}, known)["reason"] == "help-line"


def test_a_policy_lays_its_hosts_over_what_is_known():
    policy = {"home.yaml": "extends: home\nhosts:\n  - {host: porn.example, kind: help-line}\n"}
    known = build(hosts=[HostRecord(host="porn.example", topics=frozenset({"adult"}))], policy=policy)
    assert answer({"age": 8, "url": "https://porn.example/"}, known)["reason"] == "help-line"


def test_a_faulty_policy_is_refused_at_once():
    with pytest.raises(ProblemsFound):
        build(policy={"home.yaml": "extends: hom\n"})
