"""Every path of the description, asked as its owner, as a stranger, with the wrong method and with rubbish."""

import json
from typing import Any

import aiohttp
import pytest

from gateway.edge.control_api.app import control_api, openapi
from gateway.edge.control_api.tokens import Tokens

DESCRIBED = openapi("1.2.3")
OPERATIONS = [(method, path) for path, methods in DESCRIBED["paths"].items() for method in methods]
OPEN = {"/", "/ca.pem", "/ca.der", "/health", "/api/v1/health"}
QUERY = {
    "/api/v1/explain": {"url": "https://tube.example/", "as": "ana"},
    "/api/v1/time": {"as": "ana"},
    "/api/v1/policy/file": {"name": "home.yaml"},
}
PATCH = json.dumps([{"op": "test", "path": "/zone", "value": "Asia/Almaty"}])
BODY = {
    "/api/v1/reload": {},
    "/api/v1/restart": {},
    "/api/v1/grants": {"for": "ana", "minutes": 30},
    "/api/v1/people/{name}/pairing": {},
}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def operation(method: str, path: str) -> dict[str, Any]:
    described: dict[str, Any] = DESCRIBED["paths"][path][method]
    return described


async def ask(client: aiohttp.ClientSession, served: Any, method: str, path: str, **more: Any) -> Any:
    body: dict[str, Any] = {"json": BODY[path]} if method == "post" else {}
    if method == "patch":
        fields = {"Content-Type": "application/json-patch+json", "If-Match": '"d1"'}
        body, more = {"data": PATCH}, {**more, "headers": {**fields, **more.get("headers", {})}}
    return client.request(method, served.url + address_of(path), params=QUERY.get(path), **{**body, **more})


def address_of(path: str) -> str:
    return path.replace("{id}", "0a1b2c3d").replace("{name}", "ana")


def test_the_description_and_the_routes_are_the_same(gateway) -> None:
    app = control_api(gateway.console(), Tokens(store=None))  # type: ignore[arg-type]
    routes = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert routes == set(OPERATIONS)


def test_what_is_open_is_said_to_be_open() -> None:
    said = {path for method, path in OPERATIONS if "security" in operation(method, path)}
    assert said == OPEN
    assert DESCRIBED["security"] == [{"token": []}]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_its_owner_is_served_as_described(served, client, method: str, path: str) -> None:
    async with await ask(client, served, method, path, headers=served.bearer) as response:
        assert response.status == 200
        (media_type,) = answers(method, path, "200")
        assert response.content_type == media_type
        if media_type == "application/json":
            assert faults_of(await response.json(), answers(method, path, "200")[media_type]["schema"]) == []


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer qorgan_00000000_" + "A" * 43},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"Authorization": "Bearer \udcff"},
    ],
    ids=["nothing", "wrong", "empty", "basic", "bytes"],
)
async def test_a_stranger_is_served_only_what_is_open(served, client, method, path, headers) -> None:
    async with await ask(client, served, method, path, headers=headers) as response:
        if path in OPEN and not headers:
            assert response.status == 200
        else:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"] == 'Bearer realm="qorgan"'
            assert response.content_type == "application/problem+json"
    assert served.gateway.asked == []


@pytest.mark.parametrize("path", sorted(DESCRIBED["paths"]))
async def test_other_methods_are_refused(served, client, path: str) -> None:
    for method in METHODS:
        if method.lower() in DESCRIBED["paths"][path]:
            continue
        async with client.request(method, served.url + address_of(path), headers=served.bearer) as response:
            assert response.status == 405, method
            assert response.content_type == "application/problem+json"
            assert set(response.headers["Allow"].split(",")) >= {name.upper() for name in DESCRIBED["paths"][path]}
    assert served.gateway.asked == []


@pytest.mark.parametrize(("method", "path"), [each for each in OPERATIONS if each[1].startswith("/api/")])
@pytest.mark.parametrize("query", ["x=1", "n=1&n=2", "url=a&url=b&as=x", "%00=%ff", "n=0&as=&url=&at="])
async def test_a_query_of_rubbish_is_refused(served, client, method: str, path: str, query: str) -> None:
    body = {"json": BODY[path]} if method == "post" else {}
    address = f"{served.url}{address_of(path)}?{query}"
    async with client.request(method, address, headers=served.bearer, **body) as response:
        assert response.status == 422
        problem = await response.json(content_type="application/problem+json")
        assert (problem["status"], problem["type"]) == (422, "about:blank")
    assert served.gateway.asked == []


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/api/v2/people", "/api//v1/people", "/API/v1/people", "/x"])
async def test_paths_that_are_not_described_do_not_exist(served, client, path: str) -> None:
    async with client.get(served.url + path) as response:
        assert response.status == 401
    async with client.get(served.url + path, headers=served.bearer) as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"


def answers(method: str, path: str, status: str) -> dict[str, Any]:
    found = operation(method, path)["responses"][status]
    found = DESCRIBED["components"]["responses"][found["$ref"].rsplit("/", 1)[1]] if "$ref" in found else found
    content: dict[str, Any] = found["content"]
    return content


TYPES = {"boolean": bool, "object": dict, "array": list, "string": str, "integer": int, "null": type(None)}


def faults_of(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """Where `value` is not as `schema` says; as much of JSON Schema as the description uses."""
    if "$ref" in schema:
        schema = DESCRIBED["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}: {value!r} is none of {schema['enum']}"]
    types = schema.get("type", list(TYPES))
    if not isinstance(value, tuple(TYPES[name] for name in ([types] if isinstance(types, str) else types))):
        return [f"{place}: {value!r} is not {types}"]
    faults = [f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value]
    if isinstance(value, dict):
        for name, described in schema.get("properties", {}).items():
            faults += faults_of(value[name], described, f"{place}/{name}") if name in value else []
        if schema.get("properties") and "status" not in schema["properties"]:
            faults += [f"{place}: {name} is not described" for name in value if name not in schema["properties"]]
    if isinstance(value, list):
        faults += [fault for item in value for fault in faults_of(item, schema.get("items", {}), f"{place}[]")]
    return faults


def test_the_check_itself_finds_faults() -> None:
    line = {"$ref": "#/components/schemas/Line"}
    assert faults_of({"moment": 1}, line)
    assert faults_of([], line)
    assert faults_of({"action": "allow"}, {"type": "object", "properties": {"action": {"enum": ["block"]}}})


def test_every_reference_of_the_description_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [found for item in value.values() for found in references(item)]
        return [found for item in value for found in references(item)] if isinstance(value, list) else []

    found = references(DESCRIBED)
    assert found
    for reference in found:
        part: Any = DESCRIBED
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_every_path_has_a_sentence_and_a_name() -> None:
    names = [operation(method, path)["operationId"] for method, path in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(operation(method, path)["summary"] for method, path in OPERATIONS)
