"""Random questions get the same answer in Python and in the add-on."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.bundle.bundle import LIFE, build_bundle, share, strict
from gateway.decision.decide import decide
from gateway.decision.question import Question
from gateway.hosts.index import HostIndex
from gateway.profiles.calendar import Days
from gateway.profiles.grant import Extra, Grant
from gateway.profiles.pages import EVERYTHING, Pages, Subject
from gateway.profiles.quota import Quota, Tally
from gateway.profiles.timetable import Timetable
from tests.browser.decision.asking import (
    answer_values,
    bundle_of,
    differences,
    person_of,
    policy_for,
    question_values,
    through_json,
    verdict_values,
)
from tests.browser.decision.node import Node
from tests.property.questions import questions, records
from tests.property.test_hours import GAMES, timetables


def answers_differ(node: Node, question: Question) -> dict[str, object]:
    got = node.decide(question_values(question), bundle_of(question))
    return differences(answer_values(question), got)


bounded = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)


@given(question=questions, part_of=st.none() | records)
@bounded
def test_a_question_has_one_answer(node: Node, question: Question, part_of) -> None:
    question = replace(question, part_of=part_of)
    assert answers_differ(node, question) == {}


def grant_of(extra: Extra) -> Grant:
    since = extra.start if extra.by_start else None
    people = frozenset({"aru"})
    return Grant(id="1", by="dana", people=people, host="", until=extra.until, minutes=extra.minutes, since=since)


@st.composite
def quotas(draw: st.DrawFn, day: int) -> Quota:
    days = Days(
        week=draw(st.frozensets(st.integers(0, 6))),
        dates=draw(st.frozensets(st.integers(day - 3, day + 6), max_size=3)),
        holidays=draw(st.booleans()),
    )
    games = Pages(topics=frozenset({"games"}))
    subject = draw(st.sampled_from([EVERYTHING, Subject(only=games), Subject(but=games)]))
    return Quota(draw(st.sampled_from([0, 1, 30, 60])), "quota 1", "home.yaml:2", days, subject)


@given(
    data=st.data(),
    question=questions,
    found=timetables(),
    record=st.sampled_from([None, GAMES]),
    minutes=st.sampled_from([0, 26, 30, 57, 60, 90]),
    ahead=st.integers(-3, 3),
)
@bounded
def test_hours_and_minutes_are_the_same_where_clocks_change(node: Node, data, question, found, record, minutes, ahead):
    timetable, moment = found
    day = moment.astimezone(timetable.zone).date()
    limits = data.draw(st.lists(quotas(day.toordinal()), max_size=2))
    tallies = {quota.service: Tally(day + timedelta(days=ahead), minutes) for quota in limits}
    grants = tuple(map(grant_of, timetable.extras))
    bare = Timetable.of(timetable.written, timetable.zone, limits, timetable.calendar)
    profile = replace(question.profile, age=12, grants=grants, timetable=bare.with_grants(grants).with_tallies(tallies))
    question = replace(question, profile=profile, moment=moment, host=record, part_of=None, url=None)
    assert answers_differ(node, question) == {}


@given(question=questions)
@bounded
def test_an_expired_bundle_is_strict_and_never_looser(node: Node, question: Question) -> None:
    profile = question.profile
    shared = share(policy_for(profile), HostIndex(), question.moment - LIFE)
    bundle = through_json(build_bundle(shared, person_of(profile)))
    bundle["strict"]["adults_opened"] = profile.stances.adults_opened
    held = replace(profile, stances=strict(profile.stances), grants=())
    wanted = decide(replace(question, profile=held))
    got = node.decide(question_values(question), bundle)["verdict"]
    assert got["expired"] is True
    assert {**verdict_values(wanted), "detail": got["detail"]} == {
        key: value for key, value in got.items() if key not in ("expired", "lacks")
    }
    assert got["detail"].startswith("The bundle is out of its time") or profile.age >= 18
    assert wanted.action >= decide(question).action
