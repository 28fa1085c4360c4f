"""Step 9 where a case cannot go: a part of a page goes by the hours of the page."""

from dataclasses import replace
from datetime import UTC

import pytest

from gateway.decision.decide import decide
from gateway.decision.verdict import Action, Reason
from gateway.hosts.record import HostRecord
from gateway.profiles.hours import Hours
from gateway.profiles.pages import Pages, Subject
from gateway.profiles.timetable import Timetable

HOMEWORK = Subject(but=Pages(topics=frozenset({"education"})))


@pytest.mark.parametrize(
    ("page", "action"),
    [
        (None, Action.BLOCK),
        (HostRecord(host="lessons.example", topics=frozenset({"education"})), Action.ALLOW),
        (HostRecord(host="play.example", topics=frozenset({"games"})), Action.BLOCK),
    ],
)
def test_a_part_is_closed_when_its_page_is(ask, page: HostRecord | None, action: Action) -> None:
    question = ask()
    hours = Timetable.of([Hours(subject=HOMEWORK, rule="homework", where="home.yaml:1")], UTC)
    profile = replace(question.profile, timetable=hours)
    verdict = decide(replace(question, profile=profile, part_of=page))
    assert verdict.action == action
    assert (verdict.reason == Reason.SCHEDULE) == (action == Action.BLOCK)


def test_without_an_address_the_known_host_counts(ask) -> None:
    question = ask(url=None, host=HostRecord(host="lessons.example", topics=frozenset({"education"})))
    hours = Timetable.of([Hours(subject=HOMEWORK, rule="homework", where="home.yaml:1")], UTC)
    assert decide(replace(question, profile=replace(question.profile, timetable=hours))).action == Action.ALLOW
