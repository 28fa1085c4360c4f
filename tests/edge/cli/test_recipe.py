"""`qorgan labels --recipe`: a recipe tried on a saved page, and what is said of one that is wrong."""

from pathlib import Path

import pytest

RECIPE = """\
site: Films
hosts: [films.test]
source: a test
checked: 2026-11-22
declares:
  - says: the page of a film gives its age
    css: p.age
    after: "Возраст:"
    trust: B
    source: a test
    verified: true
samples:
  - url: https://films.test/film/1
    body: '<p class="age">Возраст: 16+</p>'
    reads: [{mark: 16+, min_age: 16}]
"""
PAGE = '<h1>Film</h1><p class="age">Возраст: 12+</p>'


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "saved.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def written(folder: Path, text: str) -> Path:
    file = folder / "films.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_recipe_is_tried_on_a_saved_page(qorgan, tmp_path: Path, page: Path) -> None:
    done = qorgan("labels", "--recipe", written(tmp_path, RECIPE), page)
    assert (done.status, done.err) == (0, "")
    assert "site-recipe" in done.out
    assert "Возраст: 12+" in done.out


def test_without_the_recipe_the_page_is_read_without_it(qorgan, page: Path) -> None:
    assert "site-recipe" not in qorgan("labels", page).out


def test_the_address_may_be_given(qorgan, tmp_path: Path, page: Path) -> None:
    done = qorgan("labels", "--recipe", written(tmp_path, RECIPE), "--url", "https://www.films.test/film/2", page)
    assert done.status == 0
    assert "site-recipe" in done.out


def test_an_address_of_another_host_is_wrong_usage(qorgan, tmp_path: Path, page: Path) -> None:
    done = qorgan("labels", "--recipe", written(tmp_path, RECIPE), "--url", "https://site.test/", page)
    assert done.status == 2
    assert "the recipe says nothing of https://site.test/; it is for films.test" in done.err


def test_what_is_wrong_with_a_recipe_is_shown_with_a_caret(qorgan, tmp_path: Path, page: Path) -> None:
    file = written(tmp_path, RECIPE.replace("trust: B", "trust: Z"))
    done = qorgan("labels", "--recipe", file, page)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"{file}:9:12: 'Z' is not one of: A, B, C, D\n        trust: Z\n               ^")


def test_a_sample_that_reads_otherwise_is_shown(qorgan, tmp_path: Path, page: Path) -> None:
    file = written(tmp_path, RECIPE.replace("{mark: 16+, min_age: 16}", ""))
    done = qorgan("labels", "--recipe", file, page)
    assert done.status == 1
    assert f"{file}:13:5: the recipe reads 16+ (16, page) here, and the sample says nothing" in done.err


def test_a_recipe_that_is_missing_is_told(qorgan, tmp_path: Path, page: Path) -> None:
    done = qorgan("labels", "--recipe", tmp_path / "none.yaml", page)
    assert done.status == 1
    assert "the file or folder is missing" in done.err


def test_a_folder_is_no_recipe(qorgan, tmp_path: Path, page: Path) -> None:
    written(tmp_path, RECIPE)
    (tmp_path / "other.yaml").write_text(RECIPE, encoding="utf-8")
    done = qorgan("labels", "--recipe", tmp_path, page)
    assert done.status == 2
    assert "name one recipe file" in done.err
