import pytest

from gateway.actions.build import build_recipes
from gateway.problems import ProblemsFound
from gateway.shipped import texts


def test_what_is_shipped_is_sound_and_says_where_it_is_from() -> None:
    recipes = build_recipes(texts("actions"))
    assert recipes.everywhere
    assert {"instagram.com", "vk.com", "tiktok.com", "youtube.com", "x.com"} <= set(recipes.by_host)


def test_every_file_has_a_request_of_each_action_that_it_tells_and_one_that_only_views() -> None:
    for path, text in texts("actions").items():
        told = {word for word in ("register", "search") if f"- action: {word}" in text}
        tried = {word for word in ("register", "search", "view") if f"asks: {word}}}" in text}
        assert told | {"view"} == tried, path


def test_every_problem_of_every_file_is_found() -> None:
    with pytest.raises(ProblemsFound) as found:
        build_recipes({"actions/a.yaml": "site: [", "actions/b.yaml": "site: B\n"})
    assert {problem.file for problem in found.value.problems} == {"actions/a.yaml", "actions/b.yaml"}
