"""Laws of the policy loader and of what it compiles to."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decision.question import Asked
from gateway.decision.verdict import Action
from gateway.document.url import canonical
from gateway.hosts.record import HostRecord
from gateway.policy.check import check
from gateway.policy.compile import compile_policy
from gateway.policy.parse import as_plain, parse
from gateway.policy.policy import Policy
from gateway.problems import Problem, ProblemsFound
from gateway.profiles.clue import Clues
from gateway.profiles.recognise import recognise
from gateway.shipped import texts

DAY = date(2026, 11, 22)
PRESETS, PACKS = texts("presets"), texts("law")
POLICY = """extends: home
zone: Asia/Almaty
people:
  aigerim: {age: 8, listeners: [kids], addresses: [192.168.1.20, "fd00::/64"], devices: "3c:22:fb:01:02:03"}
  daniyar: {turns: {14: 2027-03-02}, logins: [daniyar], listeners: kids}
  dana: {age: adult, logins: dana}
groups: {children: [aigerim, daniyar]}
default: aigerim
without: bypass
block: [{topic: gambling}, {host: [a.kz, "пример.қаз"], path: /x, for: children, until: 2026-12-01}]
ask: [{kind: social-network, action: register}, {category: 16+}]
allow: [{host: b.kz, for: daniyar}]
stances: {unlabelled: {0: block, 12: allow}, estimate-from: 0.5}
timetable: [{for: children, block: sun-thu, from: "21:30", to: "07:00"}]
quota: [{minutes: 90, on: [sat, sun], for: aigerim}]
grants: [{by: dana, for: aigerim, host: c.kz, until: 2026-12-01T20:00+05:00}]
hosts: [{host: d.kz, kind: forum, topics: [games], exempt: {ground: educational, evidence: list}}]
"""


def compiled(text: str) -> Policy | None:
    problems: tuple[Problem, ...] = ()
    try:
        return compile_policy({"home.yaml": text}, PRESETS, PACKS, DAY)
    except ProblemsFound as found:
        problems = found.problems
    lines = text.count("\n") + text.count("\r") + 2
    assert problems
    assert all(0 < problem.line <= lines and problem.column > 0 and problem.message for problem in problems)
    return None


def mutated(text: str, data: st.DataObject) -> str:
    """The text with one to three bytes or stretches changed, cut out, put in or doubled."""
    whole = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert", "double"])):
            case "change":
                whole[at] = data.draw(st.integers(0, 255))
            case "cut":
                del whole[at : at + data.draw(st.integers(1, 40))]
            case "insert":
                whole[at:at] = bytes([data.draw(st.integers(0, 255))])
            case _:
                whole[at:at] = whole[at : at + data.draw(st.integers(1, 80))]
        whole = whole or bytearray(b"\n")
    return whole.decode("utf-8", data.draw(st.sampled_from(["replace", "surrogateescape", "ignore"])))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_byte_changed_in_a_policy_gives_a_policy_or_problems(data: st.DataObject) -> None:
    text = mutated(POLICY, data)
    assert (compiled(text) is None) == bool(check({"home.yaml": text}, PRESETS, PACKS, DAY))


TENANT = """extends: children
line: {addresses: [10.0.0.0/30, "fd00::/64"], listeners: [s-1]}
people:
  dana: {age: adult, logins: [dana]}
  aigerim: {turns: {12: 2028-03-02}, devices: "3c:22:fb:01:02:03"}
groups: {1a: {band: 6-7, logins: "*@k", people: [temir]}}
default: aigerim
without: games
block: [{host: a.kz, for: aigerim}]
stances: {unlabelled: {0: block, 12: allow}}
grants: [{by: dana, for: everyone, host: c.kz, until: 2026-12-01T20:00}]
"""
OPERATOR = {
    "op.yaml": "extends: isp\ntenant-files: t\ntariffs: {children: {ask: [{id: games, topic: games}]}}\n",
    "t/s-2.yaml": "extends: children\nline: {addresses: 10.9.0.0/30}\npeople: {dana: {age: adult}, damir: {age: 12}}\n",
}


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_tenants_file_no_other_tenant_is_touched(data: st.DataObject) -> None:
    text = mutated(TENANT, data)
    files = {**OPERATOR, "t/s-1.yaml": text}
    policy = compile_policy(files, PRESETS, PACKS, DAY)
    assert list(policy.problems) == check(files, PRESETS, PACKS, DAY)
    other = policy.people["s-2/damir"]
    assert (other.ages[0].years, other.stances.base, other.as_child.rules.empty) == (12, "default", False)
    noon = datetime(2026, 11, 22, 7, tzinfo=ZoneInfo("UTC"))
    line = recognise(policy, Clues(address="10.9.0.1"), noon)
    assert line is not None
    assert line.age <= 12
    if policy.problems:
        assert not any(name.startswith("s-1/") for name in policy.people)
        for clues in (Clues(address="10.0.0.1"), Clues(listener="s-1"), Clues(address="192.168.0.1")):
            found = recognise(policy, clues, noon)
            assert found is not None
            assert found.age < 18


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_policy_or_problems(text: str) -> None:
    compiled(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        *"abc",
                        "people",
                        "age",
                        "block",
                        "host",
                        "for",
                        "turns",
                        "stances",
                        "unlabelled",
                        "timetable",
                        "grants",
                        "until",
                        "zone",
                        "packs",
                        "extends",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_value_under_known_keys_gives_a_policy_or_problems(value: object) -> None:
    compiled(json.dumps(value))


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_quoted_text_is_read_back_as_it_was(text: str) -> None:
    escaped = "".join(f"\\U{ord(character):08x}" for character in text)
    try:
        root = parse(f'k: "{escaped}"', "f.yaml")
    except ProblemsFound:
        assert any("\ud800" <= character <= "\udfff" for character in text)
    else:
        assert as_plain(root) == {"k": text}


POLICY_COMPILED = compile_policy({"home.yaml": POLICY}, PRESETS, PACKS, DAY)
NAMES = st.none() | st.sampled_from(["kids", "dana", "DANIYAR", "", "*", "stranger"])
ADDRESSES = (
    st.none() | st.ip_addresses().map(str) | st.sampled_from(["192.168.1.20", "fd00::1", "x", "::ffff:192.168.1.20"])
)


@given(NAMES, ADDRESSES, NAMES, NAMES, NAMES, st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
@settings(max_examples=300, deadline=None)
def test_any_clue_finds_somebody_where_a_default_holds(
    listener: str | None, address: str | None, login: str | None, token: str | None, device: str | None, naive: datetime
) -> None:
    clues = Clues(listener=listener, address=address, login=login, token=token, device=device)
    profile = recognise(POLICY_COMPILED, clues, naive.replace(tzinfo=ZoneInfo("UTC")))
    assert profile is not None
    assert profile.age >= 0


@given(st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1)), st.integers(0, 4000))
@settings(max_examples=300, deadline=None)
def test_nobody_grows_younger(naive: datetime, days: int) -> None:
    zone = ZoneInfo("Asia/Almaty")
    for person in (*POLICY_COMPILED.people.values(), *POLICY_COMPILED.clues.listeners.values()):
        moment = naive.replace(tzinfo=zone)
        assert person.age_at(moment) <= person.age_at(moment + timedelta(days=days))


@given(st.datetimes(datetime(2024, 3, 2), datetime(2050, 1, 1)))
@settings(max_examples=300, deadline=None)
def test_a_block_ends_when_it_says_and_not_before(naive: datetime) -> None:
    timetable = POLICY_COMPILED.people["daniyar"].as_child.timetable
    moment = naive.replace(tzinfo=ZoneInfo("Asia/Almaty"))
    blocked = timetable.block_at(moment)
    if blocked is not None:
        assert blocked.until is not None
        assert blocked.until > moment
        assert timetable.block_at(blocked.until) is None
        assert timetable.block_at(blocked.until - timedelta(seconds=1)) is not None


RULES = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(["block", "ask"]),
        "condition": st.sampled_from(
            ["host: a.kz", "host: a.kz, path: /x", "topic: games", "kind: forum", "category: 12+"]
        ),
        "for": st.sampled_from(["", ", for: aigerim", ", for: everyone"]),
    }
)


@given(st.lists(RULES, max_size=5), RULES, st.sampled_from(["6+", "12+", "18+", None]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_rule_that_tightens_never_loosens(
    rules: list[dict[str, str]], added: dict[str, str], category: str | None, is_known: bool
) -> None:
    def strictest(written: list[dict[str, str]]) -> list[Action]:
        text = "people: {aigerim: {age: 8}, daniyar: {age: 15}}\nallow: [{host: a.kz}]\n"
        for verb in ("block", "ask"):
            lines = [f"  - {{{rule['condition']}{rule['for']}}}\n" for rule in written if rule["verb"] == verb]
            text += f"{verb}:\n{''.join(lines)}" if lines else ""
        policy = compiled(text)
        assert policy is not None
        record = HostRecord(host="a.kz", kind="forum", topics=frozenset({"games"})) if is_known else None
        url = canonical("https://a.kz/x/y")
        people = [*policy.people.values(), *([policy.default] if policy.default else [])]
        return [
            max(
                (hit.says for hit in person.as_child.rules.match(url, record, Asked.VIEW, category)),
                default=Action.ALLOW,
            )
            for person in people
        ]

    before, after = strictest(rules), strictest([*rules, added])
    assert all(was <= now for was, now in zip(before, after, strict=True))
    assert all(now >= before[0] and now >= before[1] for now in before[2:])
