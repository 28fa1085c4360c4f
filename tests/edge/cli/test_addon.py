"""`qorgan addon data`: the label data as JSON on standard output, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py


def test_the_data_is_printed_as_json(qorgan: Qorgan) -> None:
    data = json.loads(qorgan("addon", "data").out)
    assert data["form"] == 1
    assert data["scales"]
    assert data["sites"]


def test_addon_alone_says_what_it_can_do(qorgan: Qorgan) -> None:
    done = qorgan("addon", "--help")
    assert "data" in done.out
