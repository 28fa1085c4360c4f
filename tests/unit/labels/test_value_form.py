"""Forms of values: what a YAML entry may name, and what a value says openly that it does not say."""

import pytest

from gateway.labels.data import build_label_data
from gateway.labels.scales import Scales
from gateway.labels.value_form import FormEntry, FormFault, Words, compile_form
from gateway.shipped import texts

WORDS = Words(inner=frozenset({"value"}), systems=frozenset({"system"}))


@pytest.fixture(scope="module")
def scales() -> Scales:
    return build_label_data({**texts("scales"), **texts("signs")}).scales


def test_a_scale_that_does_not_exist_is_told(scales: Scales) -> None:
    with pytest.raises(FormFault, match="there is no scale 'pgei'") as caught:
        compile_form(FormEntry(scale="pgei"), scales)
    assert caught.value.at == ("scale",)
    assert "pegi" in (caught.value.hint or "")


def test_a_mark_that_does_not_exist_is_told_with_its_value(scales: Scales) -> None:
    with pytest.raises(FormFault, match="is no mark of the scale pegi") as caught:
        compile_form(FormEntry(scale="pegi", values={"x": "PEGI 17"}), scales)
    assert caught.value.at == ("values", "x")


def test_values_close_the_list_unless_others_are_let_in(scales: Scales) -> None:
    closed = compile_form(FormEntry(values={"x": "18+"}), scales)
    opened = compile_form(FormEntry(values={"x": "18+"}, others=True), scales)
    assert closed.read("16+", scales, WORDS) is None
    mark = opened.read("16+", scales, WORDS)
    assert mark is not None
    assert mark.min_age == 16


@pytest.mark.parametrize("value", [None, "", "  ", False, [], {}, "all ages", "Nothing", {"a": 1}])
def test_what_says_openly_that_it_says_nothing_is_silent(value: object, scales: Scales) -> None:
    assert compile_form(FormEntry(values={"nothing": None}, others=True), scales).is_silent(value, scales)


@pytest.mark.parametrize("value", ["x", 99, True, "4.8"])
def test_what_might_mean_something_is_not_silent(value: object, scales: Scales) -> None:
    assert not compile_form(FormEntry(values={"nothing": None}, others=True), scales).is_silent(value, scales)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), -18, 10**17, "9" * 10_000, [["18+"] * 3] * 3, "\x00"])
def test_no_value_is_too_odd(value: object, scales: Scales) -> None:
    mark = compile_form(FormEntry(), scales).read(value, scales, WORDS)
    assert mark is None or mark.min_age == 18
