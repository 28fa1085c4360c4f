"""The recipes that are shipped: each is sound, reads its samples as they say, and is honest about where it is from."""

import pytest

from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.recipe_file import read_recipe
from gateway.labels.recipe_samples import try_recipe
from gateway.problems import ProblemsFound
from gateway.shipped import texts

SHIPPED = texts("sites")


@pytest.fixture(scope="module")
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


@pytest.mark.parametrize("path", SHIPPED)
def test_every_sample_reads_as_it_says(path: str, data: LabelData) -> None:
    try:
        try_recipe(SHIPPED[path], path, data)
    except ProblemsFound as found:
        pytest.fail("\n".join(problem.show() for problem in found.problems))


@pytest.mark.parametrize("path", SHIPPED)
def test_every_recipe_has_a_sample_that_reads_something_and_one_that_reads_nothing(path: str, data: LabelData) -> None:
    _, file, _ = read_recipe(SHIPPED[path], path, data.scales)
    assert {bool(sample.reads) for sample in file.samples} == {True, False}


@pytest.mark.parametrize("path", SHIPPED)
def test_every_sample_that_reads_something_can_fail(path: str, data: LabelData) -> None:
    with pytest.raises(ProblemsFound, match="the recipe reads"):
        try_recipe(SHIPPED[path].replace("reads: [{", "reads: [{mark: X, min_age: 1}, {"), path, data)


def test_no_two_recipes_are_for_one_host(data: LabelData) -> None:
    hosts = [host for path, text in SHIPPED.items() for host in read_recipe(text, path, data.scales)[0].hosts]
    assert len(hosts) == len(set(hosts))
    assert set(data.sites.recipes) == set(hosts)
