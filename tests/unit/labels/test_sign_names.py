"""Names of files and classes, and what the file that describes them may say."""

import pytest

from gateway.labels.data import build_label_data
from gateway.labels.shape import NamesFile
from gateway.labels.sign_names import sign_names_of
from gateway.labels.traces import Traces
from gateway.problems import ProblemsFound
from gateway.shipped import texts

NAMES = build_label_data({**texts("scales"), **texts("signs")}).names


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/img/18plus.png", (18, True)),
        ("https://cdn.site.test/a/18+.svg?v=3", (18, True)),
        ("sprite.svg#icon-age-16", (16, True)),
        ("FOOTER_AGE_18.PNG", (18, True)),
        ("ft_18.png", (18, False)),
        ("6plus-32x32.1a2b3c4d.webp", (6, True)),
        ("plus-18.svg", None),
        ("iphone-16-plus.png", None),
        ("age-18-24.png", None),
        ("13plus.png", None),
        ("18.png", None),
        ("", None),
        ("#", None),
        ("///", None),
    ],
)
def test_a_file_name_shows_an_age_or_none(address: str, found: tuple[int, bool] | None) -> None:
    assert NAMES.age_in_file(address) == found


def test_a_class_shows_an_age_only_clearly() -> None:
    assert NAMES.age_in_class("icon-18plus") == 18
    assert NAMES.age_in_class("ft_18") is None
    assert NAMES.age_in_class("18plus" + "x" * 300) is None
    assert NAMES.is_limit("b-film__age-limit big")
    assert not NAMES.is_limit("average-rating page-mark")


@pytest.mark.parametrize("name", ["18plus", "plus18", "age-18", "age_16", "AGE18", "age-limit", "ageRating", "ft_18"])
def test_whatever_is_read_is_seen_in_the_bytes_first(name: str) -> None:
    assert NAMES.may_be_in(Traces(f"<i class='{name}'>".encode()))


@pytest.mark.parametrize("name", ["page-18", "image-limit", "message", "surplus", "a+b"])
def test_what_is_no_name_of_an_age_is_passed_over(name: str) -> None:
    assert not NAMES.may_be_in(Traces(f"<i class='{name}'>".encode()))


def test_a_form_has_one_age() -> None:
    kept = {"source": "s", "checked": "2026-11-22", "scales": (), "weak": (), "classes": (), "areas": (), "beside": ()}
    with pytest.raises(ValueError, match=r"one \{age\}"):
        sign_names_of(NamesFile.model_validate({**kept, "forms": ("age",)}))


def test_a_file_that_names_no_scale_is_a_problem() -> None:
    files = {**texts("scales"), **texts("signs")}
    files["signs/names.yaml"] = files["signs/names.yaml"].replace("scales: [kz,", "scales: [kzz,")
    with pytest.raises(ProblemsFound, match="no scale 'kzz'"):
        build_label_data(files)
