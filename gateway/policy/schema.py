"""The JSON Schema of the policy file, for editors."""

from collections.abc import Iterable
from typing import Any

from gateway.policy.extended import OF_TARIFFS, OF_TENANTS
from gateway.policy.shape import INSTALLATION_KEYS, PolicyShape


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a policy file; the installation's keys may stand in the same file.

    A tenant's own file holds the keys of `$defs.Tenant`, which are among them.
    """
    schema = PolicyShape.model_json_schema(by_alias=True)
    keys = schema["properties"]
    schema["$defs"] |= {
        "Tenant": _house(keys, OF_TENANTS, "An operator's subscriber: what it says holds for its own people alone."),
        "Tariff": _house(keys, OF_TARIFFS, "What an operator lets tenants extend; its rules name nobody."),
    }
    for key, model in (("tenants", "Tenant"), ("tariffs", "Tariff")):
        keys[key] |= {"additionalProperties": {"$ref": f"#/$defs/{model}"}}
    own = {"description": "a key of the installation file, which may stand beside the policy"}
    schema["properties"] |= dict.fromkeys(sorted(INSTALLATION_KEYS), own)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Qorgan policy", **schema}


def _house(keys: dict[str, Any], known: Iterable[str], description: str) -> dict[str, Any]:
    properties = {key: keys[key] for key in sorted(known)}
    return {"type": "object", "description": description, "properties": properties, "additionalProperties": False}
