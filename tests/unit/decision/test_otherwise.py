"""What the cases of tests/cases/otherwise cannot say: questions without an address, used-up minutes, many rules."""

from dataclasses import replace
from datetime import UTC, date

import pytest

from gateway.decision import decide as decision
from gateway.decision.decide import decide
from gateway.decision.otherwise import asking as asked
from gateway.decision.otherwise.asking import Kind
from gateway.decision.otherwise.by_age import day_of_age
from gateway.decision.otherwise.otherwise import counterfactuals
from gateway.decision.otherwise.writing import word
from gateway.decision.verdict import Action, Reason
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.labels.label import Reading, Status
from gateway.law.build import build_codex
from gateway.policy.compile import compile_policy
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Stances
from gateway.profiles.person import Age, Limits, Person
from gateway.profiles.spent_time import Blocked
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts


def found(question, kind=None):
    others = counterfactuals(question, decide(question))
    return [other for other in others if kind is None or other.kind is kind]


def with_profile(question, **changes):
    return replace(question, profile=replace(question.profile, **changes))


def test_a_film_without_an_address_has_no_grant_and_nothing_to_write(ask, label):
    question = ask(labels=(label(16),), url=None, host=None)
    assert found(question, Kind.GRANT) == []
    [exempt] = found(question, Kind.EXEMPT)
    assert exempt.write == ""


class Unmoved(Timetable):
    """A timetable that blocks whatever is granted."""

    empty = False

    def at(self, *_asked):
        return Blocked("closed for good", "home.yaml:9", None, Reason.SCHEDULE)

    def with_grants(self, _grants):
        return self


def test_minutes_that_would_open_nothing_are_not_told(ask):
    closed = with_profile(ask(), timetable=Unmoved())
    assert decide(closed).reason is Reason.SCHEDULE
    assert found(closed, Kind.GRANT) == []


def test_a_page_that_cannot_be_read_may_be_closed_without_a_label_too(ask):
    question = with_profile(
        ask(reading=Reading(status=Status.UNREADABLE)), stances=Stances(unlabelled=((0, Action.BLOCK),))
    )
    assert not [other for other in found(question) if other.change.startswith("if it could be read")]


def test_evidence_that_changes_nothing_is_not_told(ask):
    exempt = Exempt(ExemptGround.EDUCATIONAL, "a list")
    assert found(ask(host=HostRecord(host="page.example", exempt=exempt)), Kind.EXEMPT) == []


def test_a_law_without_art_2_knows_no_exemption(ask, label):
    codex = build_codex({}, [], date(2026, 11, 22))
    question = with_profile(ask(labels=(label(18),)), codex=codex)
    assert decide(question).action == Action.BLOCK
    assert found(question, Kind.EXEMPT) == []


def test_of_three_rules_that_all_close_no_pair_is_enough(ask):
    rules = [
        Rule(hit=Hit(f"rule {number}", f"home.yaml:{number}", Action.BLOCK, Reason.LOCAL_BLOCK), host="page.example")
        for number in (1, 2, 3)
    ]
    assert found(with_profile(ask(), rules=Rules.of(rules)), Kind.RULE) == []
    two = found(with_profile(ask(), rules=Rules.of(rules[:2])), Kind.RULE)
    assert [other.change for other in two] == ["without 'rule 1' (home.yaml:1) and 'rule 2' (home.yaml:2)"]


def hours(*written):
    """The timetable of somebody for whom these hours are written, from line 3 of home.yaml on."""
    lines = "".join(f"  - {each}\n" for each in written)
    files = {"home.yaml": f"people: {{aru: {{age: 15}}}}\ntimetable:\n{lines}zone: UTC\n"}
    policy = compile_policy(files, texts("presets"), texts("law"), date(2026, 11, 22))
    return policy.people["aru"].as_child.timetable


def test_hours_that_others_hide_still_close_when_those_are_gone(ask):
    written = ('{block: daily, from: "08:00", to: "10:00"}', '{block: daily, from: "07:00", to: "12:00"}')
    both = hours(*written)
    first = decide(with_profile(ask(), timetable=both)).grounds[0].where
    left = both.without({first})
    assert decide(with_profile(ask(), timetable=left)).grounds[0].where not in (first, "")
    assert decide(with_profile(ask(), timetable=left)).reason is Reason.SCHEDULE
    [pair] = found(with_profile(ask(), timetable=both), Kind.RULE)
    assert "'timetable 1' (home.yaml:3)" in pair.change
    assert "'timetable 2' (home.yaml:4)" in pair.change
    assert both.places == {"home.yaml:3", "home.yaml:4"}
    assert (
        both.key
        == hours('{block: daily, from: "08:00", to: "10:00"}', '{block: daily, from: "07:00", to: "12:00"}').key
    )
    assert both.key != left.key


def test_a_decision_that_failed_has_no_otherwise(ask):
    assert found(ask(reading="broken")) == []


def test_the_questions_are_bounded(ask, label, monkeypatch):
    count = 0

    def counting(question):
        nonlocal count
        count += 1
        return decision.decide(question)

    monkeypatch.setattr(asked, "decide", counting)
    night = hours('{block: daily, from: "00:00", to: "01:00"}')
    rules = Rules.of(
        Rule(hit=Hit(f"rule {number}", f"home.yaml:{number}", Action.BLOCK, Reason.LOCAL_BLOCK), host="page.example")
        for number in range(5, 25)
    )
    for question in (ask(labels=(label(18),)), ask(), with_profile(ask(), rules=rules), ask(age=18)):
        count = 0
        found(with_profile(question, timetable=night))
        assert 10 < count < 200


@pytest.mark.parametrize(
    ("ages", "years", "day"),
    [
        ((Age(9, date(2027, 3, 2)),), 9, date(2027, 3, 2)),
        ((Age(9, date(2027, 3, 2)),), 18, date(2036, 3, 2)),
        ((Age(9, date(2027, 3, 2)),), 8, None),
        ((Age(8),), 9, None),
        ((Age(9, date(2027, 3, 2)), Age(12)), 13, None),
    ],
)
def test_the_day_of_an_age(ask, ages, years, day):
    nothing = Limits(rules=Rules(), timetable=Timetable())
    person = Person(name="aru", ages=ages, zone=UTC, stances=Stances(), as_child=nothing, as_adult=nothing)
    assert day_of_age(person, years, ask().moment) == day


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("aigerim", "aigerim"),
        ("Айгерім", "Айгерім"),
        ("a b", "a b"),
        ("film.example", "film.example"),
        ("12", '"12"'),
        ("012", '"012"'),
        ("true", '"true"'),
        ("null", '"null"'),
        ("1.5", '"1.5"'),
        ("o'neill", '"o\'neill"'),
        ("tariff/aru", '"tariff/aru"'),
        ("[::1]", '"[::1]"'),
        ("", '""'),
    ],
)
def test_words_as_yaml_reads_them_back(text, written):
    from gateway.policy.parse import parse

    assert word(text) == written
    [item] = parse(f"[{written}]", "home.yaml").items
    assert item.value == text
