"""The JSON Schema shown to editors."""

from typing import Any

from pydantic import BaseModel

from gateway.edge.installation import InstallationShape
from gateway.policy.schema import json_schema
from gateway.policy.shape import INSTALLATION_KEYS, PolicyShape


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
