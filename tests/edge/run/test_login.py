"""People who are told apart by name and password at a listener that asks for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.edge.passwords import hash_of

Running = Any  # tests/edge/conftest.py


def test_a_login_tells_people_apart(launch: Callable[..., Running], tmp_path: Path) -> None:
    people = {
        "aigerim": {"age": 8, "logins": ["aigerim"], "listeners": ["adult", "teen", "child"]},
        "dana": {"age": "adult", "logins": ["Dana"]},
    }
    logins = {"aigerim": hash_of("apple"), "dana": hash_of("quince")}
    running = launch(tmp_path, people=people, logins=logins, login="child")
    url = running.url("adult.demo.test")
    assert running.curl("child", url).status == 0  # the CONNECT is answered with 407
    assert "407" in running.curl("child", url).headers
    assert running.curl("child", url, "--proxy-user", "dana:apple").status == 0
    assert running.curl("child", url, "--proxy-user", "dana:quince").status == 200
    assert running.curl("child", url, "--proxy-user", "aigerim:apple").status == 451
    assert running.curl("child", url, "--proxy-user", "nobody:apple").status == 0
    assert running.curl("teen", url, "--proxy-user", "dana:quince").status == 451  # this listener asks nobody
