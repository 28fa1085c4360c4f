"""A list of a policy as whoever loads it sees it."""

from datetime import timedelta

import pytest

from gateway.policy.lists import ListSource


@pytest.mark.parametrize(("origin", "remote"), [("https://lists.example/a", True), ("lists/a", False)])
def test_where_a_list_is_from_and_where_it_is_written(origin: str, remote: bool) -> None:
    source = ListSource(
        name="a", origin=origin, file="home.yaml", line=3, column=9, every=timedelta(days=1), at_most=100
    )
    assert source.is_remote is remote
    problem = source.problem("it is gone", "name another")
    assert problem.show() == "home.yaml:3:9: it is gone\n    hint: name another"
