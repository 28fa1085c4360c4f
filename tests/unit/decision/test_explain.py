from dataclasses import replace
from datetime import UTC, date

from gateway.decision.decide import decide
from gateway.decision.explain import _ACTIONS, _LAYERS, _REASONS, explain
from gateway.decision.otherwise.otherwise import counterfactuals
from gateway.decision.question import Estimate
from gateway.decision.verdict import Action, Layer, Reason
from gateway.hosts.record import HostRecord
from gateway.labels.label import Reading, Scope, Status
from gateway.law.build import build_codex
from gateway.profiles.hours import Hours
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts

OPEN = "allowed, because it has no age label, and the stance for such pages says so"
EXEMPT = "allowed, because the law does not apply to it (Art. 2)"
EVIDENCE = '{ground: educational, evidence: "name the list or the reviewer"}'


def told(question):
    verdict = decide(question)
    return explain(question, verdict, counterfactuals(question, verdict)).splitlines()


def test_every_word_of_a_verdict_has_its_sentence():
    assert set(_ACTIONS) == set(Action)
    assert set(_REASONS) == set(Reason)
    assert set(_LAYERS) == set(Layer)


def test_a_block_by_a_label(ask, label):
    lines = told(ask(labels=(label(16, raw="16 жасқа"),)))
    assert lines[0] == "blocked: https://www.page.example/a/b for aru (age 15)"
    assert lines[1] == "  because   its age label is above the person's age (label)"
    assert lines[2] == "  says      the law"
    assert lines[3] == "  category  16+, from the age of 16"
    assert lines[4] == (
        "  label     16+ of the scale kz, for those of 16 and over; speaks for the page; "
        "read as '16 жасқа' in visible-sign, byte 7"
    )
    assert lines[5].startswith("  ground    kz.169-VI.9.3-label says block; Law 169-VI Art. 14, ")
    assert "law/kz/169-vi.yaml:" in lines[5]
    assert lines[6:] == [
        "  otherwise from the age of 16: allowed, because its age label fits the person's age",
        f"  otherwise without its labels: {OPEN}",
        "  otherwise labelled 14+ or less: allowed, because its age label fits the person's age",
        "  otherwise with a grant by a guardian: allowed, because a guardian has granted it",
        "            | grants:",
        "            |   - {by: a guardian, for: aru, host: www.page.example, until: 2026-11-22}",
        f"  otherwise with evidence that it is educational (Art. 2): {EXEMPT}",
        "            | hosts:",
        f"            |   - {{host: www.page.example, exempt: {EVIDENCE}}}",
        "  revision  r1",
    ]


def test_an_allow_says_from_which_age_down_it_would_end(ask, label):
    assert "  otherwise up to the age of 11: blocked, because its age label is above the person's age" in told(
        ask(labels=(label(12),))
    )


def test_the_labels_of_the_host_are_left_out_as_well(ask, label):
    site = Reading(status=Status.RATED, labels=(label(18, scale="rta", scope=Scope.SITE),))
    lines = told(ask(reading=None, host=HostRecord(host="page.example", reading=site)))
    assert any(line.startswith("  otherwise without its labels: allowed") for line in lines)
    assert "  note      Decided without seeing the page, by what is known of its host." in lines


def test_what_is_overruled_and_what_is_flagged(ask, label):
    record = HostRecord(host="page.example", kind="online-publication")
    sign = label(18, scope=Scope.SITE)
    lines = told(ask(labels=(sign,), host=record))
    assert any(line.startswith("  overruled kz.169-VI.15.3-site says block") for line in lines)
    assert any(line.endswith("by stance.site-sign-binds") for line in lines)
    assert "  flags     missing-sign" in told(ask(host=record))


def test_an_estimate_is_no_category(ask):
    lines = told(ask(estimate=Estimate(16, 1.0), url=None, host=HostRecord(host="page.example")))
    assert lines[0] == "blocked: page.example for aru (age 15)"
    assert "  says      the gateway itself, not the law" in lines
    assert "  age       from 16; this is no category of the law" in lines


def test_a_topic_stays_blocked_without_labels_and_a_label_without_the_topic(ask, label):
    record = HostRecord(host="page.example", topics=frozenset({"adult"}))
    lines = told(ask(labels=(label(18),), host=record))
    assert not [line for line in lines if "without its labels" in line or "not listed" in line]
    bare = told(ask(host=record))
    assert f"  otherwise if page.example were not listed under adult: {OPEN}" in bare


def test_the_hour_says_when_it_ends_and_what_comes_then(ask):
    night = Timetable.of([Hours(start=1, end=0, rule="night", where="home.yaml:4")], UTC)
    question = ask(url=None)
    lines = told(replace(question, profile=replace(question.profile, timetable=night)))
    assert lines[0] == "blocked: what was asked about for aru (age 15)"
    assert "  until     2026-11-23T00:00:00+00:00" in lines
    assert f"  otherwise from Monday 2026-11-23 at 00:00: {OPEN}" in lines
    assert f"  otherwise with 30 more minutes granted by a guardian: {OPEN}" in lines
    assert f"  otherwise without 'night' (home.yaml:4): {OPEN}" in lines


def test_a_fault_is_explained_too(ask):
    question = ask(reading="broken", age=15)
    lines = told(question)
    assert "  because   the gateway failed, and fails closed (fault)" in lines
    assert "  revision  none" in lines


def test_where_the_acts_of_two_countries_hold_the_one_that_decides_is_named(ask, label):
    codex = build_codex(texts("law"), ("kz/169-vi", "ru/436-fz"), date(2026, 11, 22))
    question = ask(labels=(label(16),))
    question = replace(question, profile=replace(question.profile, codex=codex))
    assert "  says      the law: kz/169-vi; the acts of KZ, RU were asked" in told(question)
    unlabelled = replace(question, reading=Reading(status=Status.UNLABELLED))
    assert "  says      the household or school" in told(unlabelled)
