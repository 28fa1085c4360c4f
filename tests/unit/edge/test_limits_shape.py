"""`limits:` of the installation file: what it sets, and what it refuses."""

from dataclasses import fields
from pathlib import Path

import pytest

from gateway.edge.installation import read_installation
from gateway.edge.limits_shape import LimitsShape
from gateway.edge.mitm.settings import Limits
from gateway.problems import ProblemsFound


def limits_of(folder: Path, text: str) -> Limits:
    file = folder / "qorgan.yaml"
    file.write_text(text, encoding="utf-8")
    return read_installation(file).shape.limits.to_limits()


def test_without_a_word_the_limits_are_the_usual_ones(tmp_path: Path) -> None:
    assert limits_of(tmp_path, "workers: 1\n") == Limits()


def test_every_limit_can_be_set() -> None:
    known = {name.removesuffix("_a_second") for name in LimitsShape.model_fields}
    assert known == {field.name for field in fields(Limits)}
    assert all(field.description for field in LimitsShape.model_fields.values())


def test_what_is_set_is_what_the_proxy_gets(tmp_path: Path) -> None:
    text = (
        "limits: {head-seconds: 4, body-seconds: 2.5, h2-resets: 50, h2-resets-a-second: 5, websocket-bytes: 2000000}"
    )
    limits = limits_of(tmp_path, text)
    assert (limits.head_seconds, limits.body_seconds, limits.websocket_bytes) == (4, 2.5, 2_000_000)
    assert limits.h2_resets == (50, 5)
    assert limits.h2_chatter == Limits().h2_chatter


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("limits:\n  head-bytes: 100\n", (2, 15), "at least 8192"),
        ("limits:\n  head-bytes: 100000000\n", (2, 15), "at most 1048576"),
        ("limits:\n  h2-streams: 10.5\n", (2, 15), "whole number"),
        ("limits:\n  h2-streams: -1\n", (2, 15), "at least 1"),
        ("limits:\n  head-seconds: fast\n", (2, 17), "number"),
        ("limits:\n  head-seconds: .nan\n", (2, 17), ""),
        ("limits:\n  head-second: 4\n", (2, 3), "not known"),
        ("limits:\n  hold-bytes: 20000000\n  hold-bytes-in-all: 17000000\n", (2, 15), "above hold-bytes-in-all"),
        ("limits:\n  connections: 100\n", (2, 16), "above connections"),
        ("limits: 5\n", (1, 9), ""),
    ],
)
def test_what_cannot_be_is_told_with_its_place(tmp_path: Path, text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        limits_of(tmp_path, text)
    (problem,) = found.value.problems
    assert (problem.line, problem.column) == place
    assert message in problem.message
