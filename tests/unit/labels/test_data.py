"""Scales and signs from YAML: what is wrong with a file is told with its place."""

import pytest

from gateway.labels.data import build_label_data
from gateway.problems import ProblemsFound
from gateway.shipped import texts

SHIPPED = {**texts("scales"), **texts("signs")}


def problems_with(**changed: str) -> list[str]:
    files = {**SHIPPED, **{name.replace("__", "/") + ".yaml": text for name, text in changed.items()}}
    with pytest.raises(ProblemsFound) as caught:
        build_label_data(files)
    return [f"{each.file}:{each.line}:{each.column}: {each.message}" for each in caught.value.problems]


def test_the_shipped_files_compile() -> None:
    data = build_label_data(SHIPPED)
    assert {"kz", "rars", "fsk", "usk", "pegi", "iarc", "esrb", "mpa", "us-tv", "bbfc", "kz-film"} <= set(
        data.scales.ids
    )
    assert {language.code for language in data.signs.languages} == {"kk", "ru", "en"}


def test_the_kazakh_wording_is_marked_as_unverified() -> None:
    verified = {language.code: language.verified for language in build_label_data(SHIPPED).signs.languages}
    assert verified["kk"] is False


def test_a_key_that_is_unknown_is_told_with_its_place() -> None:
    (problem,) = problems_with(scales__pegi=SHIPPED["scales/pegi.yaml"].replace("title:", "titel:", 1))[:1]
    assert problem.startswith("scales/pegi.yaml:")
    assert "titel" in problem or "title" in problem


def test_an_age_that_is_text_is_told_with_its_line() -> None:
    text = "id: x\ntitle: X\nsource: nowhere\nchecked: 2026-11-22\nmarks:\n  - {mark: X, min_age: old}\n"
    (problem,) = problems_with(scales__x=text)
    assert problem.startswith("scales/x.yaml:6:")


def test_broken_yaml_is_told_with_its_line() -> None:
    (problem, *_) = problems_with(scales__x="id: [x\n")
    assert problem.startswith("scales/x.yaml:")


def test_two_systems_with_one_spelling_are_told() -> None:
    text = "id: x\ntitle: X\nsource: nowhere\nchecked: 2026-11-22\nmarks:\n  - {mark: PG-13, min_age: 13}\n"
    (problem,) = problems_with(scales__x=text)
    assert "spelling of the scale" in problem


def test_two_files_of_one_system_are_told() -> None:
    assert any(
        "another file has the scale 'fsk'" in each for each in problems_with(scales__x=SHIPPED["scales/fsk.yaml"])
    )


def test_a_warning_without_a_trace_is_told() -> None:
    (problem,) = problems_with(signs__en=SHIPPED["signs/en.yaml"].replace("traces: [children]", "traces: [kids]"))
    assert "no trace" in problem


def test_a_warning_with_two_ages_is_told() -> None:
    text = SHIPPED["signs/en.yaml"].replace("prohibited for children", "prohibited for children {age}")
    (problem,) = problems_with(signs__en=text)
    assert "either {age} in its form or a min_age" in problem


def test_a_missing_file_of_places_is_told() -> None:
    files = {name: text for name, text in SHIPPED.items() if name != "signs/places.yaml"}
    with pytest.raises(ProblemsFound) as caught:
        build_label_data(files)
    assert {problem.file for problem in caught.value.problems} == {"signs/places.yaml"}


def test_every_mark_names_an_age_that_a_label_can_have() -> None:
    scales = build_label_data(SHIPPED).scales
    for scale_id in scales.ids:
        scale = scales[scale_id]
        for mark in (*scale.everywhere.values(), *scale.in_context.values()):
            assert 0 <= mark.min_age <= 21
            assert scales.find(mark.mark, scale=scale_id) is not None, (
                f"{scale_id}: {mark.mark} is not found by its name"
            )
