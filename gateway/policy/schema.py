"""The JSON Schema of the policy file, for editors."""

from typing import Any

from gateway.policy.shape import INSTALLATION_KEYS, PolicyShape


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a policy file; the installation's keys may stand in the same file."""
    schema = PolicyShape.model_json_schema(by_alias=True)
    own = {"description": "a key of the installation file, which may stand beside the policy"}
    schema["properties"] |= dict.fromkeys(sorted(INSTALLATION_KEYS), own)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Qorgan policy", **schema}
