"""What a faulty tenant keeps while the others get what is written; files that have no text."""

from datetime import date

import pytest

from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.problems import Problem, ProblemsFound
from gateway.profiles.clue import Clues
from gateway.shipped import texts

DAY = date(2026, 11, 22)
OPERATOR = {"op.yaml": "extends: isp\ntenant-files: t\n"}
GOOD = {
    "t/s-1.yaml": "line: {addresses: 10.0.0.1}\npeople: {aigerim: {age: 8, logins: aigerim}}\ngroups: {k: aigerim}\n",
    "t/s-2.yaml": "line: {addresses: 10.0.0.2}\npeople: {damir: {age: 12}}\n",
}


def compiled(files: dict[str, str], before: Policy | None = None, unread: dict[str, Problem] | None = None) -> Policy:
    return compile_policy(
        {**OPERATOR, **files}, texts("presets"), texts("law"), DAY, unread=unread or {}, before=before
    )


def who(policy: Policy, **clues: str) -> str | None:
    person = policy.clues.person_for(Clues(**clues))
    return person.name if person else None


@pytest.mark.parametrize(
    "text", ["people: [", "peeple: {}\n", "line: {addresses: 10.0.0.1}\nblock: [{host: a.kz, for: nobody-here}]\n", ""]
)
def test_a_tenant_that_becomes_faulty_keeps_what_it_had_and_the_others_get_the_new(text: str) -> None:
    before = compiled(GOOD)
    after = compiled({"t/s-1.yaml": text, "t/s-2.yaml": GOOD["t/s-2.yaml"].replace("12", "13")}, before)
    assert after.problems
    assert all(problem.file == "t/s-1.yaml" for problem in after.problems)
    assert who(after, login="aigerim") == "s-1/aigerim"
    assert who(after, address="10.0.0.1") == "s-1/unknown"
    assert after.groups == {"s-1/k": frozenset({"s-1/aigerim"})}
    assert after.people["s-1/aigerim"] is before.people["s-1/aigerim"]
    assert after.people["s-2/damir"].ages[0].years == 13
    assert who(after, address="10.9.9.9") == "unknown"
    assert after.default is not None
    assert after.default.stances.base == "default"


def test_a_tenant_that_was_never_good_is_strict_until_it_is_mended() -> None:
    broken = compiled({**GOOD, "t/s-1.yaml": GOOD["t/s-1.yaml"] + "block: [{host: a.kz, for: x}]\n"})
    assert who(broken, login="aigerim") == "s-1/unknown"
    assert "s-1/aigerim" not in broken.people
    assert who(compiled(GOOD, broken), login="aigerim") == "s-1/aigerim"


def test_a_kept_clue_that_another_tenant_has_now_is_the_other_s() -> None:
    before = compiled(GOOD)
    moved = {"t/s-1.yaml": "[", "t/s-2.yaml": "line: {addresses: [10.0.0.1, 10.0.0.2]}\n"}
    after = compiled(moved, before)
    assert who(after, address="10.0.0.1") == "s-2/unknown"
    assert who(after, login="aigerim") == "s-1/aigerim"


def test_a_tenant_that_goes_is_gone() -> None:
    after = compiled({"t/s-2.yaml": GOOD["t/s-2.yaml"]}, compiled(GOOD))
    assert list(after.parts) == ["s-2"]
    assert who(after, login="aigerim") == "unknown"


def test_the_file_of_a_tenant_that_cannot_be_read_is_its_problem_alone() -> None:
    problem = Problem("t/s-1.yaml", 1, 1, "the file cannot be read: Permission denied")
    files = {"t/s-2.yaml": GOOD["t/s-2.yaml"]}
    assert compiled(files, unread={"t/s-1.yaml": problem}).problems == (problem,)
    assert who(compiled(files, compiled(GOOD), {"t/s-1.yaml": problem}), login="aigerim") == "s-1/aigerim"


def test_any_other_file_that_cannot_be_read_is_everybody_s() -> None:
    problem = Problem("rules.yaml", 1, 1, "the file cannot be read: Permission denied")
    with pytest.raises(ProblemsFound) as found:
        compiled(GOOD, unread={"rules.yaml": problem})
    assert found.value.problems == (problem,)


def test_tenants_who_add_nothing_share_their_limits() -> None:
    people = "people: {aigerim: {age: 8}}\n"
    policy = compiled(
        {
            **{f"t/s-{number}.yaml": f"line: {{addresses: 10.0.0.{number}}}\n{people}" for number in range(9)},
            "t/own.yaml": f"line: {{addresses: 10.0.1.1}}\n{people}block: [{{host: a.kz}}]\n",
            "t/zone.yaml": f"line: {{addresses: 10.0.1.2}}\n{people}zone: Europe/Berlin\n",
        }
    )
    limits = {id(person.as_child) for person in policy.people.values()}
    assert len(limits) == 3
