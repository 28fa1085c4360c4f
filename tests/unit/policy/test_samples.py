"""The samples that ship do what they say."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.profiles.clue import Clues
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import recognise
from gateway.shipped import texts

SAMPLES = Path(__file__).parents[3] / "policies" / "samples"
DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)


def compiled(name: str) -> Policy:
    paths = sorted(path for path in (SAMPLES / name).rglob("*.yaml") if not path.name.endswith(".cases.yaml"))
    files = {path.relative_to(SAMPLES).as_posix(): path.read_text() for path in paths}
    policy = compile_policy(files, texts("presets"), texts("law"), DAY)
    assert policy.problems == policy.notes == ()
    return policy


def who(policy: Policy, **clues: str) -> Profile:
    profile = recognise(policy, Clues(**clues), NOON)
    assert profile is not None
    return profile


@pytest.mark.parametrize(
    "path", sorted(path for path in SAMPLES.iterdir() if path.is_dir()), ids=lambda path: path.name
)
def test_a_sample_has_no_problems(path: Path) -> None:
    assert compiled(path.name).people


def test_a_school_knows_its_people_by_login_and_its_rooms_by_network() -> None:
    school = compiled("school")
    assert (who(school, login="N.Ivanova@lyceum.kz").person, who(school, login="s.kim@lyceum.kz").age) == (
        "n.ivanova",
        18,
    )
    assert who(school, login="t.akhmetov@lyceum.kz").age == 17
    assert (who(school, address="10.7.2.40").person, who(school, address="10.7.2.40").age) == ("unknown@2b", 7)
    assert who(school, address="10.8.0.1").age == 7
    assert [grant.host for grant in school.people["t.akhmetov"].grants] == ["archive.example"]


def test_an_operator_knows_each_family_by_its_line() -> None:
    operator = compiled("operator")
    assert (who(operator, address="100.64.10.1").person, who(operator, address="100.64.10.1").age) == (
        "s-1000/child",
        6,
    )
    assert (who(operator, address="100.64.10.5").person, who(operator, address="100.64.10.5").age) == (
        "s-1001/unknown",
        10,
    )
    assert who(operator, address="100.64.10.6").person == "s-1001/daniyar"
    assert who(operator, address="2001:db8:1001::7").person == "s-1001/unknown"
    assert who(operator, login="ruslan-1002", address="100.64.10.9").age == 18
    assert who(operator, address="100.64.99.1").age == 6
    assert operator.people["s-1001/aigerim"].stances.local_allow_up_to == 16
    assert operator.people["s-1002/asel"].stances.local_allow_up_to == 0
    closed = who(operator, address="100.64.10.5").timetable.block_at(datetime(2026, 11, 22, 18, tzinfo=UTC))
    assert closed is not None
    assert who(operator, address="100.64.10.9").timetable.block_at(datetime(2026, 11, 22, 18, tzinfo=UTC)) is None
