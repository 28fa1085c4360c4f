"""Grants that are given after the policy was written."""

from datetime import UTC, date, datetime, timedelta

from gateway.policy.compile import compile_policy
from gateway.profiles.grant import Grant
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import profile_of, with_grants
from gateway.shipped import texts

NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)  # 12:00 in Almaty
POLICY = compile_policy(
    {
        "home.yaml": "people: {aigerim: {age: 8}, daniyar: {age: 15}}\n"
        "groups: {children: [aigerim]}\n"
        'timetable: [{block: daily, from: "8:00", to: "20:00"}]\n'
    },
    {},
    texts("law"),
    date(2026, 11, 22),
)


def profile(name: str) -> Profile:
    return profile_of(POLICY, POLICY.people[name], NOON)


def grant(*people: str, minutes: int = 0) -> Grant:
    return Grant(
        id="1", by="dana", people=frozenset(people), host="a.kz", until=NOON + timedelta(minutes=10), minutes=minutes
    )


def test_a_grant_reaches_its_person_and_groups_and_nobody_else() -> None:
    by_name, by_group = grant("aigerim"), grant("children")
    assert with_grants(profile("aigerim"), [by_name, by_group]).grants == (by_name, by_group)
    assert with_grants(profile("daniyar"), [by_name, by_group]) == profile("daniyar")


def test_a_grant_of_minutes_lifts_the_hours() -> None:
    assert profile("aigerim").timetable.block_at(NOON) is not None
    assert with_grants(profile("aigerim"), [grant("aigerim", minutes=15)]).timetable.block_at(NOON) is None


def test_a_grant_of_a_host_leaves_the_hours() -> None:
    assert with_grants(profile("aigerim"), [grant("aigerim")]).timetable == profile("aigerim").timetable
