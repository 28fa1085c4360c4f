"""Forms of values: what a YAML entry may name."""

import pytest

from gateway.labels.data import build_label_data
from gateway.labels.scales import Scales
from gateway.labels.value_form import FormEntry, FormFault, compile_form, fold_name, text_of
from gateway.shipped import texts


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


def test_a_form_without_values_takes_every_mark(scales: Scales) -> None:
    assert compile_form(FormEntry(), scales).others
    assert not compile_form(FormEntry(values={"x": None}), scales).others


@pytest.mark.parametrize("name", ["ageRating", "age_rating", "AGE-RATING", "AgeRating", "__agerating"])
def test_spellings_of_a_name_are_one(name: str) -> None:
    assert fold_name(name) == "agerating"


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (18, "18"), (18.0, "18"), (4.8, "4.8"), (" Mature ", "mature"), (1e400, "inf")]
)
def test_scalars_are_written_as_forms_list_them(value: str | float, text: str) -> None:
    assert text_of(value) == text
