"""Checking files alone, as an editor does."""

from datetime import date

from gateway.policy.check import check
from gateway.problems import Problem
from gateway.shipped import texts


def test_without_packs_and_a_day_the_rest_is_still_checked() -> None:
    files = {
        "home.yaml": "packs: [xx/1]\n"
        "people: {dana: {turns: {18: 2099-01-01}}, a: {born: 2018-01-01}}\n"
        "block: [{host: b.kz, for: c}]\n"
    }
    assert [problem.line for problem in check(files, {})] == [3]


def test_a_grant_is_given_by_somebody_even_without_a_day() -> None:
    files = {"home.yaml": "people: {aigerim: {age: 8}}\ngrants: [{by: aigerim, for: aigerim, host: a.kz}]\n"}
    assert check(files, {}) == []
    assert len(check(files, {}, texts("law"))) == 0


def test_the_shipped_presets_have_no_problems() -> None:
    presets = texts("presets")
    for name, text in presets.items():
        assert check({name: text}, presets) == []


def test_the_same_problem_is_said_once() -> None:
    files = {"home.yaml": "block: [{host: a.kz, for: [nobody-here]}]\n"}
    problems = check(files, {})
    assert len(problems) == len(set(problems)) == 1


def test_only_the_first_unknown_names_get_a_hint_and_all_are_told() -> None:
    names = ", ".join(f"aigeri{number}" for number in range(60))
    problems = check({"home.yaml": f"people: {{aigerim: {{age: 8}}}}\nblock: [{{host: a.kz, for: [{names}]}}]\n"}, {})
    assert len(problems) == 60
    assert [problem.hint is not None for problem in problems] == [True] * 50 + [False] * 10


def test_an_overlong_value_is_not_told_whole() -> None:
    [problem] = check({"home.yaml": f"zone: {'x' * 10_000}\n"}, {})
    assert problem.message.startswith("there is no time zone 'xxx")
    assert len(problem.message) == 240


def test_a_faulty_pack_beside_the_law_is_a_problem_of_the_policy() -> None:
    packs = {**texts("law"), "law/au/smma.yaml": "pack: au/smma\n"}
    files = {"home.yaml": "packs: [kz/169-vi, au/smma]\n"}
    found = check(files, {}, packs, date(2026, 11, 22))
    assert {problem.file for problem in found} == {"law/au/smma.yaml"}


def test_a_calendar_file_that_cannot_be_read_is_told() -> None:
    unreadable = Problem("school.ics", 1, 1, "this is no text")
    files = {"home.yaml": "holidays: [school.ics]\n"}
    assert check(files, {}, texts("law"), date(2026, 11, 22), calendars={"school.ics": unreadable}) == [unreadable]
