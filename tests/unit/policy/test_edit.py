"""Edits that no case can write."""

import pytest

from gateway.policy.edit import Edit, EditRefused, edit


def test_a_text_that_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(EditRefused, match="/a: this cannot be edited at its place: this is not valid YAML"):
        edit("a: x\n", [Edit("replace", ("a",), "\ud800")])


def test_a_long_list_is_edited_in_time_that_grows_with_it() -> None:
    """Ten thousand names of pupils, which a quadratic walk would take minutes for."""
    text = "people:\n" + "".join(f"- p{number}\n" for number in range(10_000))
    edited = edit(text, [Edit("remove", ("people", "5000")), Edit("add", ("people", "-"), "new")])
    assert edited.text == text.replace("- p5000\n", "") + "- new\n"
