"""Hints."""

import pytest
from pydantic import BaseModel, ValidationError

from gateway.policy.faults import did_you_mean, known_words, problems_of
from gateway.policy.parse import as_plain, parse


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("blok", "did you mean block?"),
        ("BLOCK", "did you mean block?"),
        ("asia/almaty", "did you mean Asia/Almaty?"),
        ("xyz", None),
        ("b" * 100_000, None),
    ],
)
def test_the_nearest_word_is_named(word: str, hint: str | None) -> None:
    assert did_you_mean(word, ["block", "allow", "Asia/Almaty"]) == hint


def test_without_a_near_word_a_few_known_ones_are_named() -> None:
    assert known_words("xyz", ["b", "a"]) == "known here: a, b"
    assert known_words("xyz", []) is None
    assert known_words("xyz", [f"word{number}" for number in range(25)]) is None


class Shown(BaseModel, strict=True, extra="forbid"):
    name: str
    inner: dict[str, "Shown"] = {}


def messages(text: str) -> list[str]:
    root = parse(text, "f.yaml")
    with pytest.raises(ValidationError) as found:
        Shown.model_validate(as_plain(root))
    problems = problems_of(found.value, Shown, root, "f.yaml")
    return [f"{problem.line}:{problem.column}: {problem.message}, {problem.hint}" for problem in problems]


def test_a_value_that_is_missing_says_what_belongs_there() -> None:
    assert messages("name:\n") == ["1:6: a value is missing; this must be text, None"]


def test_keys_are_looked_up_at_their_own_level() -> None:
    assert messages("name: x\ninner: {inner: {nam: y, name: z}}\n") == [
        "2:17: the key 'nam' is not known here, did you mean name?"
    ]


def test_a_key_below_a_plain_value_has_no_hint() -> None:
    assert messages("name: x\ninner: {a: {name: b, name2: {c: d}}}\n") == [
        "2:22: the key 'name2' is not known here, did you mean name?"
    ]


def test_a_fault_that_has_no_words_of_ours_is_told_as_it_comes() -> None:
    class Fixed(BaseModel, strict=True):
        code: bytes

    root = parse("code: [1]\n", "f.yaml")
    with pytest.raises(ValidationError) as found:
        Fixed.model_validate(as_plain(root))
    assert [problem.message for problem in problems_of(found.value, Fixed, root, "f.yaml")] == [
        "Input should be a valid bytes"
    ]


def test_among_very_many_words_none_is_looked_for() -> None:
    assert did_you_mean("word", (f"word{number}" for number in range(2_001))) is None


def test_the_faults_of_one_file_are_bounded() -> None:
    assert len(messages("\n".join(["name: x", *(f"key{number}: 1" for number in range(70))]))) == 50
