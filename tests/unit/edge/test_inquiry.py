"""Values of one request: what is written out by hand forgets no field, and a profile follows its person's years."""

from dataclasses import fields
from datetime import UTC, date, datetime
from unittest.mock import sentinel

import pytest

from gateway.decision.question import Question
from gateway.edge.inquiry import Inquiry, Ruling
from gateway.hosts.lists import build_index
from gateway.labels.data import build_label_data
from gateway.policy.compile import compile_policy
from gateway.profiles.clue import Clues
from gateway.profiles.recognise import recognise
from gateway.shipped import texts

POLICY = """
extends: home
zone: Asia/Almaty
people:
  dana: {age: adult, listeners: [adult]}
  aigerim: {born: 2014-12-05, listeners: [child]}
default: aigerim
"""


def full(kind: type) -> dict[str, object]:
    return {field.name: getattr(sentinel, field.name) for field in fields(kind)}


def test_a_question_that_was_read_keeps_all_else() -> None:
    before = full(Question)
    assert Question(**before).with_reading(sentinel.new) == Question(**{**before, "reading": sentinel.new})


@pytest.mark.parametrize(("given", "is_part"), [(None, sentinel.is_part), (True, True), (False, False)])
def test_an_inquiry_about_another_question_keeps_all_else(given: bool | None, is_part: object) -> None:
    before = full(Inquiry)
    expected = Inquiry(**{**before, "question": sentinel.new, "is_part": is_part})
    assert Inquiry(**before).about(sentinel.new, is_part=given) == expected


@pytest.fixture(scope="module")
def ruling() -> Ruling:
    policy = compile_policy({"policy.yaml": POLICY}, texts("presets"), texts("law"), date(2026, 11, 22))
    return Ruling(
        policy=policy,
        labels=build_label_data({**texts("scales"), **texts("signs")}),
        hosts=build_index({}, policy.hosts),
    )


def test_a_profile_is_made_anew_on_the_birthday_alone(ruling: Ruling) -> None:
    clues = Clues(listener="child")
    days = [datetime(2026, 12, day, hour, tzinfo=UTC) for day in (3, 4, 5, 6) for hour in (1, 12, 20)]
    made = [ruling.recognise(clues, moment) for moment in days]
    assert made == [recognise(ruling.policy, clues, moment) for moment in days]
    assert len({profile.age for profile in made if profile is not None}) == 2
    assert len({id(profile) for profile in made}) == 2
    assert ruling.recognise(clues, days[0]) == made[0], "the clock was set back"


def test_people_are_told_apart_and_a_stranger_is_whoever_the_default_names(ruling: Ruling) -> None:
    moment = datetime(2026, 11, 22, 7, tzinfo=UTC)
    for name, person in (("adult", "dana"), ("child", "aigerim"), ("nobody", "aigerim")):
        found = ruling.recognise(Clues(listener=name), moment)
        assert found is not None
        assert found.person == person
    assert ruling.recognise(Clues(person="somebody else"), moment) is None
