"""`qorgan schema`: a JSON Schema that editors understand, and that agrees with what `check` says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.policy.parse import as_plain, parse

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
ROOT = Path(__file__).parents[3]


def read(text: str) -> object:
    """A policy as it is parsed: YAML 1.2, where hours and `no` are text."""
    return as_plain(parse(text, "policy.yaml"))


@pytest.fixture(scope="module")
def schema(qorgan: Qorgan) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(qorgan("schema").out)
    return found


def samples() -> Iterator[Path]:
    yield from (ROOT / "policies" / "presets").glob("*.yaml")
    yield ROOT / "policies" / "demo" / "qorgan.yaml"
    yield from (path for path in (ROOT / "docker").rglob("qorgan.yaml"))


def test_it_is_a_schema_of_draft_2020_12(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_every_key_says_what_it_means(schema: dict[str, Any]) -> None:
    for name, definition in {"the policy": schema, **schema["$defs"]}.items():
        for key, value in definition.get("properties", {}).items():
            assert value.get("description"), f"{name}: {key}"


@pytest.mark.parametrize("path", sorted(samples()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_shipped_fits(schema: dict[str, Any], path: Path) -> None:
    policy = read(path.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(policy)) == []


@pytest.mark.parametrize(
    "text",
    [
        "agee: 8",
        "people: [aigerim]",
        "people: {aigerim: {age: old}}",
        "people: {aigerim: {agee: 8}}",
        "block: {host: site.test}",
        "block: [{hots: site.test}]",
        "block: [{host: site.test, for: 8}]",
        "timetable: [{block: daily, from: 7}]",
    ],
)
def test_what_check_refuses_by_its_shape_does_not_fit(
    qorgan: Qorgan, schema: dict[str, Any], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(text + "\n")
    assert qorgan("check", file).status == 1
    assert list(Draft202012Validator(schema).iter_errors(read(text)))
