"""The compiled policy as a value."""

from datetime import date

import pytest

from gateway.policy.compile import compile_policy
from gateway.problems import ProblemsFound
from gateway.shipped import texts

DAY = date(2026, 11, 22)


def revision(files: dict[str, str], presets: dict[str, str] | None = None, day: date = DAY) -> str:
    return compile_policy(files, texts("presets") if presets is None else presets, texts("law"), day).revision


def test_the_revision_is_the_same_for_the_same_texts() -> None:
    files = {"a.yaml": "zone: Asia/Almaty\n", "b.yaml": "people: {aigerim: {age: 8}}\n"}
    assert revision(files) == revision(dict(reversed(files.items())))


@pytest.mark.parametrize(
    "files",
    [{"a.yaml": "zone: Asia/Almaty\n"}, {"b.yaml": ""}, {"a.yaml": "", "b.yaml": ""}, {"a.yaml": "# a\n"}],
)
def test_the_revision_changes_with_any_text_or_name(files: dict[str, str]) -> None:
    assert revision(files) != revision({"a.yaml": ""})


def test_the_revision_changes_with_a_preset_and_with_the_law() -> None:
    assert revision({"a.yaml": ""}) != revision({"a.yaml": ""}, presets={})
    assert revision({"a.yaml": "packs: []\n"}) != revision({"a.yaml": "packs: []  \n"})


def test_people_whom_nothing_names_share_their_limits() -> None:
    people = "".join(f"  p{number}: {{age: {number % 20}}}\n" for number in range(50))
    policy = compile_policy(
        {"a.yaml": f"extends: school\npeople:\n{people}block: [{{host: a.kz, for: p7}}]\n"},
        texts("presets"),
        texts("law"),
        DAY,
    )
    limits = {id(person.as_child) for person in policy.people.values()}
    assert len(limits) == 2


def test_problems_of_a_pack_are_problems_of_the_policy() -> None:
    packs = dict(texts("law")) | {"law/kz/169-vi.yaml": "pack: 012\n"}
    with pytest.raises(ProblemsFound) as found:
        compile_policy({"a.yaml": "zone: nowhere\n"}, {}, packs, DAY)
    assert [problem.file for problem in found.value.problems] == ["a.yaml", "law/kz/169-vi.yaml"]


def test_a_default_pack_that_is_not_there_is_a_problem() -> None:
    with pytest.raises(ProblemsFound, match="there is no such law pack"):
        compile_policy({"a.yaml": ""}, {}, {}, DAY)


def test_no_file_at_all_is_a_policy() -> None:
    assert compile_policy({}, {}, texts("law"), DAY).people == {}
