"""What is left of a file when something in it is at fault: for every place at which something can be."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.check import check
from gateway.shipped import texts

ENTRIES = (
    "people: {{aru: {{age: {0}}}, bek: {{age: {1}, logins: [bek]}}}}",
    "groups: {{team: {{people: [aru, bek], listeners: {2}}}}}",
    "block: [{{host: a.kz, for: aru, {3}: x}}, {{id: two, host: b.kz, for: [team, bek]}}]",
    "grants: [{{by: bek, for: team, host: {4}}}]",
    "stances: {{unreadable: {5}}}",
    "default: aru",
)
GOOD = ("7", "adult", "[hall]", "id", "c.kz", "block")
BAD = ("x", "-5", "{}", "hots", "'a b'", "allow")


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_each_slip_is_one_problem_and_makes_no_other(slips: list[bool]) -> None:
    written = [bad if slip else good for slip, good, bad in zip(slips, GOOD, BAD, strict=True)]
    problems = check({"home.yaml": "\n".join(ENTRIES).format(*written)}, texts("presets"))
    assert len(problems) == sum(slips), problems


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_an_unknown_name_is_told_beside_every_slip(slips: list[bool]) -> None:
    written = [bad if slip else good for slip, good, bad in zip(slips, GOOD, BAD, strict=True)]
    text = "\n".join(ENTRIES).format(*written) + "\nquota: [{minutes: 5, for: stranger}]"
    problems = check({"home.yaml": text}, texts("presets"))
    assert len(problems) == sum(slips) + 1, problems
    assert any("'stranger'" in problem.message for problem in problems)
