"""Whatever somebody writes as a case is tried or told; whatever a counterfactual says is so."""

from datetime import UTC, datetime
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.otherwise.otherwise import counterfactuals
from gateway.decision.sources import Sources, build_sources
from gateway.labels.data import build_label_data
from gateway.policy.parse import parse
from gateway.problems import ProblemsFound
from gateway.proof.case_file import read_case_file
from gateway.proof.trial import try_cases
from gateway.shipped import texts

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
POLICY = """extends: home
people: {dana: {age: adult}, aru: {turns: {9: 2027-03-02}}, bota: {age: 15}}
block: [{host: toys.example, for: [aru]}, {kind: forum, for: [bota]}]
allow: [{host: wiki.example, category: 16+, for: [bota]}]
timetable: [{for: [aru], block: daily, from: "21:30", to: "07:00"}]
grants: [{by: dana, for: aru, host: film.example, until: 2026-12-24}]
"""
CASES = b"""- an 18+ page: {as: aru, url: https://example.org/a, label: [18+, {mark: R, scope: part}], expect: block}
- a list: {as: bota, topics: [adult], kind: forum, exempt: educational, at: 2026-12-01T20:00, expect: block}
- a stranger: {listener: kids, unreadable: true, expect: block, category: 18+, until: 2026-12-01, action: view}
"""


@cache
def sources(*more: str) -> Sources:
    scales = build_label_data({**texts("scales"), **texts("signs")}).scales
    files = {f"{number}.yaml": text for number, text in enumerate((POLICY, *more), 1)}
    return build_sources(packs=texts("law"), presets=texts("presets"), scales=scales, moment=NOON, policy=files)


@given(st.integers(0, len(CASES) - 1), st.binary(max_size=3), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_a_case_file_with_any_bytes_changed_is_tried_or_told(at, put, gone):
    text = (CASES[:at] + put + CASES[at + gone :]).decode("utf-8", "replace")
    ruling = sources()
    assert ruling.policy is not None
    problems: list = []
    try:
        found = read_case_file(parse(text, "home.cases.yaml"), "home.cases.yaml", problems)
        trials = try_cases(found, ruling, ruling.policy, NOON) if found is not None else ()
    except ProblemsFound as fault:
        problems += fault.problems
        trials = ()
    assert trials or problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


lines = st.fixed_dictionaries(
    {"person": st.sampled_from(["dana", "aru", "bota"])},
    optional={
        "url": st.sampled_from(["https://toys.example/", "https://wiki.example/a", "https://film.example/"]),
        "kind": st.sampled_from(["forum", "film", "help-line", "private", "online-publication"]),
        "topics": st.sampled_from([["adult"], ["gambling"], ["games"]]),
        "exempt": st.just("educational"),
        "labels": st.lists(
            st.fixed_dictionaries(
                {
                    "mark": st.sampled_from(["6+", "12+", "16+", "18+"]),
                    "scope": st.sampled_from(["page", "site", "part"]),
                }
            ),
            max_size=2,
        ),
        "status": st.sampled_from(["unreadable", "unread"]),
        "moment": st.sampled_from(["2026-12-01T22:00:00+05:00", "2026-12-01T12:00:00+05:00"]),
    },
)


def asked(line, ruling):
    assert ruling.policy is not None
    person = ruling.policy.people[line["person"]]
    moment = datetime.fromisoformat(line["moment"]) if "moment" in line else NOON
    return question_of({**line, "age": person.age_at(moment)}, ruling), person


@given(lines)
@settings(max_examples=150, deadline=None)
def test_every_counterfactual_is_another_verdict_and_what_it_writes_does_it(line):
    ruling = sources()
    question, person = asked(line, ruling)
    verdict = decide(question)
    for other in counterfactuals(question, verdict, ruling.policy, person):
        assert other.verdict.action != verdict.action
        if other.write:
            again, _ = asked(line, sources(other.write + "\n"))
            assert decide(again).action == other.verdict.action, other.write
