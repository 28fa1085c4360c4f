"""The JSON Schema shown to editors, and whether it agrees with the checker."""

from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from gateway.edge.installation_shape import InstallationShape
from gateway.policy.check import check
from gateway.policy.extended import OF_TARIFFS, OF_TENANTS
from gateway.policy.parse import as_plain, parse
from gateway.policy.schema import json_schema
from gateway.policy.shape import INSTALLATION_KEYS, PolicyShape
from gateway.shipped import texts


def properties(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {name: model.get("properties", {}) for name, model in schema["$defs"].items()}
    return found | {"": schema["properties"]}


def test_every_key_says_what_it_means() -> None:
    for model, keys in properties(json_schema()).items():
        for key, entry in keys.items():
            assert entry.get("description"), f"{model}.{key} has no description"


def test_unknown_keys_are_refused_as_the_checker_refuses_them() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert all(model["additionalProperties"] is False for model in schema["$defs"].values() if "properties" in model)


def test_keys_are_hyphenated_and_words_of_the_language_stay_whole() -> None:
    schema = json_schema()
    assert "for" in schema["$defs"]["RuleShape"]["properties"]
    assert "from" in schema["$defs"]["TimetableShape"]["properties"]
    assert "local-allow-up-to" in schema["$defs"]["StancesShape"]["properties"]


def test_the_installations_keys_are_allowed_and_are_not_the_policys() -> None:
    assert set(json_schema()["properties"]) >= INSTALLATION_KEYS
    assert not INSTALLATION_KEYS & set(PolicyShape.model_fields)


def test_every_key_of_the_installation_file_is_known_as_such() -> None:
    model: type[BaseModel] = InstallationShape
    assert {field.alias or name for name, field in model.model_fields.items()} <= INSTALLATION_KEYS


def test_the_keys_of_tenants_and_tariffs_are_the_policy_s() -> None:
    known = {field.alias or name for name, field in PolicyShape.model_fields.items()}
    assert OF_TARIFFS < OF_TENANTS < known


CASES = Path(__file__).parents[2] / "cases" / "policy"


def good_files() -> list[tuple[str, str]]:
    """Every file of every case that has no problem."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            files = case.get("files") or {"home.yaml": case["policy"]}
            found += [(f"{path.stem}: {case['name']}", text) for text in files.values() if "problems" not in case]
    return found


@pytest.mark.parametrize(("name", "text"), good_files())
def test_what_the_checker_accepts_the_schema_accepts(name: str, text: str) -> None:
    plain = as_plain(parse(text, name))
    jsonschema.validate(plain if plain is not None else {}, json_schema())


@pytest.mark.parametrize(
    "text",
    [
        "tenants: {s-1: {hosts: []}}",
        "tariffs: {a: {people: {}}}",
        "groups: {a: {pupils: [x]}}",
        "line: {devices: [x]}",
        "tenant-files: {a: b}",
        "stances: {unreadable: allow}",
        "block: [{hots: a.kz}]",
    ],
)
def test_what_the_schema_refuses_the_checker_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_plain(parse(text, "x")), json_schema())
    assert check({"home.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22))
