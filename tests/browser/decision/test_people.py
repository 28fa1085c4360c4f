"""Everybody of the shipped samples, at moments of a bundle's life, on hosts that the bundle knows or does not know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.bundle.bundle import LIFE, build_bundle, share
from gateway.decision.question import Asked, Question
from gateway.document.url import canonical
from gateway.hosts.index import HostIndex
from gateway.hosts.lists import build_index
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.profiles.quota import Tally
from gateway.profiles.recognise import profile_of
from gateway.shipped import shipped, texts
from tests.browser.decision.asking import answer_values, differences, question_values, through_json
from tests.browser.decision.node import Node
from tests.property.questions import readings

ISSUED = datetime(2026, 11, 22, 9, tzinfo=UTC)
FAMILY = """
extends: home
people:
  dana: {age: adult}
  aru: {age: 8}
  limited: {age: 12}
  bota: {turns: {14: 2026-11-30}}
  erlan: {turns: {18: 2026-12-01}}
hosts:
  - {host: play.example, topics: games, source: test}
  - {host: quiet.play.example, kind: private, source: test}
  - {host: news.example, kind: online-publication, source: test}
block:
  - {id: no-forum, kind: forum, for: [aru, erlan]}
  - {id: no-path, host: news.example, path: /games, for: everyone}
  - {id: teen, category: 16+, for: bota}
ask: [{id: ask-news, host: news.example, for: bota}]
allow: [{id: grandma, host: grandma.example}]
timetable: [{block: daily, from: "21:30", to: "07:00", for: [bota, erlan]}]
quota: [{minutes: 60, for: [limited, bota]}]
grants:
  - {by: dana, for: bota, host: news.example, path: /quiz, until: "2026-11-27T20:00"}
  - {by: dana, for: bota, minutes: 30, until: "2026-11-24T22:00"}
"""
HOSTS = (
    "play.example",
    "quiet.play.example",
    "www.news.example",
    "grandma.example",
    "x.test",
    "t.me",
    "vk.com",
    "111.kz",
)
PATHS = ("/", "/games/1", "/quiz?a=b", "/q%75iz")


@cache
def policies() -> tuple[tuple[Policy, HostIndex], ...]:
    samples = shipped("policies") / "samples"
    files = [{"family.yaml": FAMILY}]
    for name in ("school", "operator"):
        paths = [path for path in sorted((samples / name).rglob("*.yaml")) if not path.name.endswith(".cases.yaml")]
        files.append({str(path): path.read_text() for path in paths})
    made = [compile_policy(each, texts("presets"), texts("law"), ISSUED.date()) for each in files]
    return tuple((policy, build_index(texts("hosts"), policy.hosts)) for policy in made)


def question_by(name: str) -> Question:
    """Somebody of the family asks for a page of which nothing is known but that it has no label."""
    policy, _ = policies()[0]
    return Question(
        profile=profile_of(policy, policy.people[name], ISSUED), url=canonical("https://x.test/"), moment=ISSUED
    )


def everybody() -> Iterator[tuple[int, str]]:
    return ((number, name) for number, (policy, _) in enumerate(policies()) for name in policy.people)


@given(
    who=st.deferred(lambda: st.sampled_from([*everybody()])),
    issued=st.integers(-14 * 24, 14 * 24).map(lambda hours: ISSUED + timedelta(hours=hours)),
    minutes=st.integers(-24 * 60, int(LIFE / timedelta(minutes=1)) - 1),
    host=st.sampled_from(HOSTS),
    path=st.sampled_from(PATHS),
    action=st.sampled_from(Asked),
    reading=st.none() | readings,
    used=st.integers(0, 90),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_device_decides_as_the_gateway_does(node: Node, who, issued, minutes, host, path, action, reading, used):
    number, name = who
    policy, index = policies()[number]
    person, moment = policy.people[name], issued + timedelta(minutes=minutes)
    profile = profile_of(policy, person, moment)
    tallies = {"everything": Tally(moment.astimezone(person.zone).date(), used)}
    profile = replace(profile, timetable=profile.timetable.with_tallies(tallies))
    url = canonical(f"https://{host}{path}")
    record = index.lookup_address(url)
    question = Question(profile=profile, url=url, moment=moment, action=action, host=record, reading=reading)
    asked = {**question_values(question, alone=True), "url": f"HTTPS://{host.upper()}.:443{path}"}
    bundle = through_json(build_bundle(share(policy, index, issued), person, used=tallies))
    got = node.decide(asked, bundle)
    assert differences(answer_values(question), got) == {}
