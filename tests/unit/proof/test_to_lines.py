"""Trials of a household's cases as a terminal shows them."""

from datetime import UTC, datetime

from gateway.decision.sources import build_sources
from gateway.labels.data import build_label_data
from gateway.policy.parse import parse
from gateway.proof.case_file import read_case_file
from gateway.proof.to_lines import show_trials
from gateway.proof.trial import try_cases
from gateway.shipped import texts

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
POLICY = "people: {dana: {age: adult}, aru: {age: 8}}\ndefault: nobody\nblock: [{host: toys.example}]\n"
CASES = """
- toys: {as: aru, url: toys.example, expect: allow}
- a label: {as: aru, label: 12+, expect: allow}
- fine: {as: aru, label: 6+, expect: allow}
- a guest: {address: 10.0.0.9, expect: allow, category: 6+}
- another guest: {listener: guests, expect: block}
"""


def shown(*, explained: bool) -> list[str]:
    scales = build_label_data({**texts("scales"), **texts("signs")}).scales
    sources = build_sources(
        packs=texts("law"), presets=texts("presets"), scales=scales, moment=NOON, policy={"home.yaml": POLICY}
    )
    file = read_case_file(parse(CASES, "home.cases.yaml"), "home.cases.yaml", [])
    assert sources.policy is not None
    assert file is not None
    trials = try_cases(file, sources, sources.policy, NOON)
    assert [trial.passed for trial in trials] == [False, False, True, False, True]
    return list(show_trials(trials, sources.policy, explained=explained))


def test_what_was_expected_what_came_and_why() -> None:
    lines = shown(explained=False)
    assert lines[:4] == [
        "  FAILED  toys  (home.cases.yaml:2)",
        "          expected  allow, got block",
        "          why       blocked, because a rule of the house blocks it",
        "          by        block toys.example (home.yaml:3)",
    ]
    assert lines[7].startswith("          by        kz.169-VI.9.3-label (law/kz/169-vi.yaml:")
    assert "; Law 169-VI Art. 12" in lines[7]
    assert lines[8].startswith("  ok      fine: allow, by kz.169-VI.9.3-label (law/kz/169-vi.yaml:")
    assert lines[9:] == [
        "  FAILED  a guest  (home.cases.yaml:5)",
        "          expected  allow, got block",
        "          category  6+, got none",
        "          why       blocked, because nobody is known here",
        "  ok      another guest: block, nobody is known here",
    ]


def test_the_whole_explanation_on_demand() -> None:
    lines = shown(explained=True)
    rule = "          |   otherwise without 'block toys.example' (home.yaml:3): allowed, because it has no age label"
    assert any(line.startswith(rule) for line in lines)
    assert not any("|" in line for line in lines[lines.index("  FAILED  a guest  (home.cases.yaml:5)") :])
