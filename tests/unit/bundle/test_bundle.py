"""What stands in a bundle, and what never does."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from gateway.bundle.bundle import build_bundle, share, to_bytes
from gateway.bundle.from_words import word_values
from gateway.bundle.zone import zone_values
from gateway.enforce.words import WORDS
from gateway.hosts.lists import build_index
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, 0, 0, 123, tzinfo=UTC)
HOME = """
extends: home
people:
  dana-secret: {age: adult, logins: [dana-secret]}
  aru: {turns: {9: 2026-11-30}, devices: ["02:00:00:aa:bb:cc"], addresses: [10.9.8.7], language: kk}
  bota-secret: {age: 12, tokens: ["sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}
  erlan: {turns: {18: 2026-11-25}}
groups: {kids: [aru, bota-secret]}
hosts: [{host: bank.example, kind: private, source: test}, {host: play.example, topics: games, source: test}]
block:
  - {id: no-games, topic: games, for: bota-secret}
  - {id: mine, host: mine.example, for: [aru]}
timetable:
  - {block: weekdays, from: "20:00", to: "07:00", for: [aru]}
quota: [{minutes: 60, for: kids}]
grants: [{by: dana-secret, for: kids, host: club.example, until: "2026-11-29T20:00"}]
"""


@cache
def policy() -> Policy:
    return compile_policy({"home.yaml": HOME}, texts("presets"), texts("law"), MOMENT.date())


def bundle_of(name: str, **more: object) -> dict[str, object]:
    shared = share(policy(), build_index(texts("hosts"), policy().hosts), MOMENT)
    return json.loads(to_bytes(build_bundle(shared, policy().people[name], **more)))


def test_nobody_else_stands_in_it() -> None:
    given = Grant(
        id="g1",
        by="dana-secret",
        people=frozenset({"kids"}),
        host="a.example",
        until=MOMENT + timedelta(days=1),
        where="given by dana-secret at noon",
    )
    other = Grant(id="g2", by="dana-secret", people=frozenset({"bota-secret"}), host="hers.example")
    bundle = bundle_of("aru", given=[given, other], used={"everything": Tally(date(2026, 11, 22), 20, 29_000_000)})
    text = json.dumps(bundle)
    for secret in ("secret", "02:00:00", "10.9.8.7", "sha256", "29000000", "hers.example", "no-games"):
        assert secret not in text, secret
    assert [grant["id"] for grant in bundle["grants"]] == ["grant 1", "g1"]
    assert bundle["used"] == {"everything": {"day": "2026-11-22", "minutes": 20}}
    assert (bundle["person"], bundle["language"]) == ("aru", "kk")


def test_only_the_birthday_that_is_due_stands_in_it() -> None:
    assert (bundle_of("aru")["age"], bundle_of("aru")["steps"]) == (8, [{"on": "2026-11-30", "age": 9}])
    assert (bundle_of("bota-secret")["age"], bundle_of("bota-secret")["steps"]) == (12, [])


def test_who_turns_18_has_both_limits() -> None:
    limits = {name: (bundle["child"] is not None, bundle["adult"] is not None) for name, bundle in everybody().items()}
    assert limits == {
        "aru": (True, False),
        "bota-secret": (True, False),
        "erlan": (True, True),
        "dana-secret": (False, True),
    }


def everybody() -> dict[str, dict[str, object]]:
    return {name: bundle_of(name) for name in policy().people}


def test_its_bytes_are_the_same_whatever_the_order_of_its_keys() -> None:
    bundle = bundle_of("aru")
    assert to_bytes(bundle) == to_bytes(dict(reversed(bundle.items())))
    assert b'"issued":"2026-11-22T09:00:00+00:00"' in to_bytes(bundle)
    assert len(to_bytes(bundle)) < 100_000


def test_the_words_are_those_of_the_block_page() -> None:
    for language, words in word_values().items():
        assert words["label.title"] == WORDS[language].say("label.title")
        forms = words["age"]
        for count in range(120):
            assert WORDS[language].count("age", count) in [form.format(count=count) for form in forms.values()]


def test_a_zone_is_a_table() -> None:
    zone = zone_values(ZoneInfo("Europe/Berlin"), MOMENT, MOMENT + timedelta(days=365))
    assert zone == {
        "name": "Europe/Berlin",
        "offsets": [
            {"from": "2026-11-22T09:00:00+00:00", "seconds": 3600},
            {"from": "2027-03-28T01:00:00+00:00", "seconds": 7200},
            {"from": "2027-10-31T01:00:00+00:00", "seconds": 3600},
        ],
    }


def test_a_zone_ends_with_the_calendar() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    assert zone_values(UTC, end - timedelta(days=9), end)["offsets"][0]["seconds"] == 0
