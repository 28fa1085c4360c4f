"""Acts of two countries that disagree on who is a child; and evidence that is none."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.decision.decide import decide
from gateway.decision.verdict import Action, Reason
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.law.build import build_codex

PACK = """
pack: {id}/act
title: An act
jurisdiction: {id}
status: in-force
in_force: 2020-01-01
text_version: as of 2026
checked: 2026-11-22
sources: [a gazette]
categories:
  "0+": {{min_age: 0}}
  "{adult}+": {{min_age: {adult}}}
articles:
  - id: {id}.adult
    kind: adult
    title: Who is grown up
    cites: [Art. 1]
    binds: all
    values:
      - {{from: 2020-01-01, reference: gazette 1, age: {adult}}}
    checked: 2026-11-22
  - id: {id}.ladder
    kind: label-ladder
    title: Everyone by their age
    cites: [Art. 2]
    binds: all
    values:
      - {{from: 2020-01-01, reference: gazette 1, steps: {{"0+": [Art. 3], "{adult}+": [Art. 4]}}}}
    checked: 2026-11-22
"""
PACKS = {f"law/{place}/act.yaml": PACK.format(id=place, adult=age) for place, age in (("aa", 21), ("bb", 18))}


@pytest.mark.parametrize(
    ("age", "rules"),
    [
        (17, ["aa.ladder", "bb.ladder"]),
        (18, ["aa.ladder"]),
        (19, ["aa.ladder"]),
        (20, ["aa.ladder"]),
        (21, ["aa.adult"]),
    ],
)
def test_an_act_is_silent_about_those_whom_it_calls_grown_up(ask, label, age, rules):
    both = build_codex(PACKS, ["aa/act", "bb/act"], date(2026, 11, 22))
    assert both.child_below == 21
    question = ask(labels=(label(21),), age=age)
    verdict = decide(replace(question, profile=replace(question.profile, codex=both)))
    assert [ground.rule for ground in verdict.grounds] == rules
    assert verdict.action == (Action.ALLOW if age == 21 else Action.BLOCK)


@pytest.mark.parametrize("evidence", ["", "  "])
def test_an_exemption_without_evidence_is_none(ask, label, evidence):
    record = HostRecord(host="page.example", exempt=Exempt(ExemptGround.EDUCATIONAL, evidence))
    assert decide(ask(labels=(label(18),), host=record)).reason == Reason.LABEL


def test_an_exemption_tells_its_evidence(ask, label):
    record = HostRecord(host="page.example", exempt=Exempt(ExemptGround.EDUCATIONAL, "the ministry's list"))
    verdict = decide(ask(labels=(label(18),), host=record))
    assert verdict.reason == Reason.EXEMPT
    assert verdict.detail == "Exempt as educational by this evidence: the ministry's list."
    unread = decide(ask(reading=None, host=record))
    assert unread.detail.startswith("Decided without seeing the page")
    assert unread.detail.endswith("the ministry's list.")
    assert decide(ask(labels=(label(6),), host=HostRecord(host="page.example"))).detail == ""
