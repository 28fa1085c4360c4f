"""What may be granted while the gateway runs, and from when to when it holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway.edge.granting import BadGrant, grants_of, read_asked
from gateway.edge.standing import Standing
from gateway.policy.compile import compile_policy
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally
from gateway.profiles.recognise import profile_of
from gateway.shipped import texts
from tests.unit.edge.test_standing import Kept, minutes_of

POLICY = compile_policy(
    {
        "home.yaml": """
zone: Asia/Almaty
people:
  dana: {age: adult}
  aigerim: {age: 8}
  daniyar: {age: 15}
groups: {children: [aigerim, daniyar], nobody-yet: []}
timetable: [{block: daily, from: "21:30", to: "07:00"}]
quota: [{minutes: 60}]
"""
    },
    texts("presets"),
    texts("law"),
    date(2026, 11, 22),
)
TWO_ADULTS = compile_policy(
    {"home.yaml": "people: {dana: {age: adult}, timur: {age: 40}, aigerim: {age: 8}}\n"},
    {},
    texts("law"),
    date(2026, 11, 22),
)
NO_ADULT = compile_policy({"home.yaml": "people: {aigerim: {age: 8}}\n"}, {}, texts("law"), date(2026, 11, 22))


def almaty(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+05:00").astimezone(UTC)


@pytest.fixture
def standing() -> Standing:
    return Standing(Kept(), minutes_of(Kept()))


def given(standing: Standing, at: str = "23T12:00", policy: Any = POLICY, **asked: Any) -> tuple[Grant, ...]:
    wanted = {("for" if key == "to" else key): value for key, value in asked.items()}
    return grants_of(read_asked(wanted), policy, standing, almaty(at))


def open_at(standing: Standing, name: str, at: str) -> bool:
    moment = almaty(at)
    profile = standing.profile_now(profile_of(POLICY, POLICY.people[name], moment))
    return profile.timetable.block_at(moment) is None


async def test_minutes_given_at_night_open_at_once_and_for_so_long(standing: Standing) -> None:
    await standing.give(given(standing, "23T22:00", to="aigerim", minutes=30), almaty("23T22:00"))
    assert [open_at(standing, "aigerim", at) for at in ("23T22:00", "23T22:29", "23T22:30", "24T22:15")] == [
        True,
        True,
        False,
        False,
    ]
    assert not open_at(standing, "daniyar", "23T22:00")


async def test_minutes_given_before_the_night_begin_with_it(standing: Standing) -> None:
    await standing.give(given(standing, "23T21:00", to="aigerim", minutes=15), almaty("23T21:00"))
    assert [open_at(standing, "aigerim", at) for at in ("23T21:44", "23T21:45")] == [True, False]


async def test_minutes_given_twice_add_up(standing: Standing) -> None:
    for _ in range(2):
        await standing.give(given(standing, "23T21:00", to="aigerim", minutes=15), almaty("23T21:00"))
    assert [open_at(standing, "aigerim", at) for at in ("23T21:59", "23T22:00")] == [True, False]


async def test_minutes_given_raise_the_limit_of_their_day_alone(standing: Standing) -> None:
    standing.minutes._put("aigerim", "everything", Tally(date(2026, 11, 23), 70, 0))
    assert not open_at(standing, "aigerim", "23T12:00")
    await standing.give(given(standing, to="aigerim", minutes=15), almaty("23T12:00"))
    assert open_at(standing, "aigerim", "23T12:00")
    standing.minutes._put("aigerim", "everything", Tally(date(2026, 11, 23), 75, 0))
    assert not open_at(standing, "aigerim", "23T20:00")
    standing.minutes._put("aigerim", "everything", Tally(date(2026, 11, 24), 60, 0))
    assert not open_at(standing, "aigerim", "24T12:00")


def test_a_grant_dies_with_its_day(standing: Standing) -> None:
    [minutes] = given(standing, to="aigerim", minutes=30)
    [host] = given(standing, to="aigerim", host="games.example")
    assert minutes.until == host.until == almaty("24T00:00")
    [late] = given(standing, "23T23:50", to="aigerim", minutes=30)
    assert late.until == almaty("24T00:20")


def test_a_host_is_granted_until_a_moment_in_the_policys_zone(standing: Standing) -> None:
    [grant] = given(standing, to="aigerim", host="Games.Example", path="/chess", until="2026-12-01T20:00", by="dana")
    assert (grant.host, grant.path, grant.by, grant.minutes) == ("games.example", "/chess", "dana", 0)
    assert grant.until == datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert grant.where == "given by dana at 2026-11-23T12:00+05:00"


def test_a_group_gets_one_for_each(standing: Standing) -> None:
    grants = given(standing, to="children", minutes=15)
    assert [sorted(grant.people) for grant in grants] == [["aigerim"], ["daniyar"]]
    assert len({grant.id for grant in grants}) == 2


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "for: the key 'for' is missing"),
        ({"to": "aigerim"}, "a grant gives either minutes or a host"),
        ({"to": "aigerim", "minutes": 15, "host": "a.kz"}, "a grant gives either minutes or a host"),
        ({"to": "aigerim", "minutes": 0}, "minutes: this must be at least 1"),
        ({"to": "aigerim", "minutes": 241}, "minutes: this must be at most 240"),
        ({"to": "aigerim", "minutes": "15"}, "minutes: this must be a whole number"),
        ({"to": "aigerim", "minutes": True}, "minutes: this must be a whole number"),
        ({"to": "aigerim", "minutes": 15, "path": "/x"}, "a path belongs to a host"),
        (
            {"to": "aigerim", "minutes": 15, "until": "2026-12-01"},
            "extra minutes end with the day; only a host is granted until a moment",
        ),
        ({"to": "aigerim", "host": "https://a.kz/"}, "host: 'https://a.kz/' is an address, not a host"),
        ({"to": "aigerim", "host": "a.kz", "path": "x"}, "path: 'x' is not a path"),
        ({"to": "aigerim", "host": "a.kz", "until": "tomorrow"}, "until: 'tomorrow' is not a moment"),
        ({"to": "aigerim", "host": "a.kz", "until": "2026-11-22"}, "until: this moment is past"),
        ({"to": "aigerim", "host": "a.kz", "until": "2028-11-22"}, "until: a grant ends within 366 days"),
        ({"to": "aigerm", "minutes": 15}, "for: the policy knows nobody called 'aigerm'; did you mean aigerim?"),
        ({"to": "nobody-yet", "minutes": 15}, "for: the policy knows nobody called 'nobody-yet'"),
        ({"to": "aigerim", "minutes": 15, "by": "daniyar"}, "by: daniyar is under 18 and cannot give a grant"),
        ({"to": "aigerim", "minutes": 15, "by": "dan"}, "by: the policy knows nobody called 'dan'"),
        ({"to": "aigerim", "minutes": 15, "colour": 1}, "colour: the key 'colour' is not known here"),
        ({"to": "", "minutes": 15}, "for: this must not be empty"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(standing: Standing, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(BadGrant, match="^" + says.replace("(", r"\(").replace("?", r"\?")):
        given(standing, **asked)


def test_of_several_adults_the_one_who_gives_is_named(standing: Standing) -> None:
    with pytest.raises(BadGrant, match="by: say who gives it: dana, timur"):
        given(standing, policy=TWO_ADULTS, to="aigerim", minutes=15)
    assert given(standing, policy=TWO_ADULTS, to="aigerim", minutes=15, by="timur")[0].by == "timur"
    with pytest.raises(BadGrant, match="by: the policy has nobody of 18 or over"):
        given(standing, policy=NO_ADULT, to="aigerim", minutes=15)


def test_the_longest_grant_is_a_year(standing: Standing) -> None:
    until = (almaty("23T12:00") + timedelta(days=366)).isoformat()
    assert given(standing, to="aigerim", host="a.kz", until=until)
