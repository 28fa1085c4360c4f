"""Values read by their forms: what is let in, what says openly that it says nothing, and the cap."""

import pytest

from gateway.labels.data import build_label_data
from gateway.labels.json_tree import TooMuch
from gateway.labels.scales import Scales
from gateway.labels.value_form import FormEntry, ValueForm, Words, compile_form
from gateway.labels.value_reader import MOST_TEXTS, ValueReader
from gateway.shipped import texts

WORDS = Words(inner=frozenset({"value"}), systems=frozenset({"system"}))


@pytest.fixture(scope="module")
def scales() -> Scales:
    return build_label_data({**texts("scales"), **texts("signs")}).scales


@pytest.fixture
def reader(scales: Scales) -> ValueReader:
    return ValueReader(scales, WORDS, None)


@pytest.fixture(scope="module")
def form(scales: Scales) -> ValueForm:
    return compile_form(FormEntry(values={"nothing": None, "x": "18+"}, others=True), scales)


def test_values_close_the_list_unless_others_are_let_in(scales: Scales, form: ValueForm, reader: ValueReader) -> None:
    closed = compile_form(FormEntry(values={"x": "18+"}), scales)
    assert reader.read(closed, "16+") is None
    mark = reader.read(form, "16+")
    assert mark is not None
    assert mark.min_age == 16


@pytest.mark.parametrize("value", [None, "", "  ", False, [], {}, "all ages", "Nothing", {"a": 1}])
def test_what_says_openly_that_it_says_nothing_is_silent(value: object, form: ValueForm, reader: ValueReader) -> None:
    assert reader.is_silent(form, value)


@pytest.mark.parametrize("value", ["y", 99, True, "4.8"])
def test_what_might_mean_something_is_not_silent(value: object, form: ValueForm, reader: ValueReader) -> None:
    assert not reader.is_silent(form, value)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), -18, 10**17, "9" * 10_000, [["18+"] * 3] * 3, "\x00"])
def test_no_value_is_too_odd(value: object, form: ValueForm, reader: ValueReader) -> None:
    mark = reader.read(form, value)
    assert mark is None or mark.min_age == 18


def test_a_system_is_asked_for_its_own_marks(form: ValueForm, reader: ValueReader) -> None:
    mark = reader.read(form, {"system": "MPAA", "value": "R"})
    assert mark is not None
    assert (mark.scale, mark.min_age) == ("mpa", 17)


def test_more_different_ratings_than_anybody_has_are_refused(form: ValueForm, reader: ValueReader) -> None:
    for number in range(MOST_TEXTS):
        reader.read(form, f"rating {number}")
    with pytest.raises(TooMuch, match="different ratings"):
        reader.read(form, "one more")


def test_the_same_rating_may_be_there_as_often_as_it_likes(form: ValueForm, reader: ValueReader) -> None:
    assert {reader.read(form, "16+") for _ in range(2 * MOST_TEXTS)} == {reader.read(form, "16+")}
