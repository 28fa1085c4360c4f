"""Every path of the description, asked by a device, by strangers, with the wrong method and with rubbish."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.edge.verdict_api.routes import openapi
from tests.edge.verdict_api.conftest import Device, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESCRIBED = openapi()
OPERATIONS = [(method, path) for path, methods in DESCRIBED["paths"].items() for method in methods]
OPEN = {path for _, path in OPERATIONS if not path.startswith("/addon/v1/")} | {
    "/addon/v1/pair",
    "/addon/v1/openapi.json",
}
FOR_DEVICES = [each for each in OPERATIONS if each[1] not in OPEN]
LABEL = {
    "scale": "kz", "mark": "18+", "min_age": 18, "scope": "page", "trust": "A", "carrier": "meta", "raw": "18+",
    "place": "byte 9",
}  # fmt: skip
BODY: dict[str, Any] = {
    "/addon/v1/verdict": {"url": "https://tube.example/", "reading": {"status": "rated", "labels": [LABEL]}},
    "/addon/v1/labels": {"url": "https://tube.example/openapi", "labels": [LABEL]},
    "/addon/v1/heartbeat": {"version": "1", "browser": "Firefox 153", "state": "on"},
    "/addon/v1/ask": {"host": "tube.example", "reason": "homework"},
}


def operation(method: str, path: str) -> dict[str, Any]:
    described: dict[str, Any] = DESCRIBED["paths"][path][method]
    return described


def whole(schema: Any) -> Any:
    """A schema with every reference in its place."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            part: Any = DESCRIBED
            for step in schema["$ref"].removeprefix("#/").split("/"):
                part = part[step]
            return whole(part)
        return {name: whole(value) for name, value in schema.items()}
    return [whole(item) for item in schema] if isinstance(schema, list) else schema


async def test_the_description_and_the_routes_are_the_same(served: Served) -> None:
    found = await served.ask("GET", "/addon/v1/openapi.json")
    assert found.body == DESCRIBED
    for method, path in OPERATIONS:
        answer = await served.ask(method.upper(), path, {} if method == "post" else None)
        assert answer.status not in (405, 500), path
        assert (answer.status == 401) == (path not in OPEN), path


async def test_what_is_open_is_said_to_be_open() -> None:
    assert {path for method, path in OPERATIONS if operation(method, path).get("security") == []} == OPEN
    assert DESCRIBED["security"] == [{"device": []}]


@pytest.mark.parametrize(("method", "path"), FOR_DEVICES)
async def test_a_device_is_served_as_described(child: Device, method: str, path: str) -> None:
    answer = await child.served.ask(method.upper(), path, BODY.get(path), child.token)
    (status,) = (status for status in operation(method, path)["responses"] if status.startswith("20"))
    assert answer.status == int(status), answer.body
    schema = whole(operation(method, path)["responses"][status]["content"]["application/json"]["schema"])
    Draft202012Validator(schema).validate(answer.body)


@pytest.mark.parametrize(("method", "path"), FOR_DEVICES)
async def test_nobody_else_is_served(child: Device, method: str, path: str) -> None:
    served = child.served
    wrong = ["qorgan-device_" + "A" * 43, served.token, child.token[:-1], child.token + "A", child.id]
    for token in wrong:
        answer = await served.ask(method.upper(), path, BODY.get(path), token)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="qorgan-device"')
    for field in ("", f"Basic {child.token}", "Bearer", "Bearer "):
        assert (await served.ask(method.upper(), path, BODY.get(path), Authorization=field)).status == 401


async def test_a_device_orders_nothing_at_the_control_api(child: Device) -> None:
    for path in ("/api/v1/devices", "/api/v1/asks", "/api/v1/people", "/api/v1/openapi.json"):
        assert (await child.served.ask("GET", path, None, child.token)).status == 401
    assert (await child.served.ask("POST", "/api/v1/people/dana/pairing", {}, child.token)).status == 401
    assert (await child.served.ask("DELETE", f"/api/v1/devices/{child.id}", None, child.token)).status == 401


@pytest.mark.parametrize("path", ["/addon", "/addon/", "/addon/v1/", "/addon/v2/verdict", "/addon/../api/v1/people"])
async def test_other_paths_do_not_exist(child: Device, path: str) -> None:
    # Wrong tokens of one address are counted at the control API, and soon refused unread.
    assert (await child.served.ask("GET", path, None, child.token)).status in (401, 429)
    assert (await child.served.ask("PUT", "/addon/v1/verdict", {}, child.token)).status in (401, 429)
    assert (await child.served.ask("GET", path, None, child.served.token)).status in (200, 404)


LONG = "https://a.example/" + "a" * 8_192
RUBBISH: list[tuple[str, Any]] = [
    ("verdict", None),
    ("verdict", []),
    ("verdict", {}),
    ("verdict", {"url": "javascript:alert(1)"}),
    ("verdict", {"url": LONG}),
    ("verdict", {"url": 7}),
    ("verdict", {"url": "https://a.example/", "action": "buy"}),
    ("verdict", {"url": "https://a.example/", "age": 30}),
    ("verdict", {"url": "https://a.example/", "reading": {"status": "rated"}}),
    ("verdict", {"url": "https://a.example/", "reading": {"status": "rated", "labels": [{**LABEL, "min_age": -1}]}}),
    ("verdict", {"url": "https://a.example/", "reading": {"status": "rated", "labels": [{**LABEL, "min_age": "8"}]}}),
    ("labels", {"url": "https://a.example/", "labels": [LABEL] * 65}),
    ("labels", {"url": "https://a.example/", "labels": [{**LABEL, "trust": "S"}]}),
    ("heartbeat", {"version": "1", "browser": "x", "state": "o\nn"}),
    ("heartbeat", {"version": "1" * 31, "browser": "x", "state": "on"}),
    ("ask", {"host": "a.example/path"}),
    ("ask", {"host": "a.example", "reason": "please\u202e"}),
    ("ask", {"host": "a.example", "reason": "p" * 201}),
]


@pytest.mark.parametrize(("path", "body"), RUBBISH)
async def test_rubbish_is_refused_with_a_sentence_that_does_not_repeat_it(served: Served, path: str, body: Any) -> None:
    device = await served.device("sanzhar")
    answer = await served.ask("POST", f"/addon/v1/{path}", body, device.token)
    assert answer.status in (400, 415, 422)
    assert answer.body["detail"]
    assert "aaaaa" not in str(answer.body)
    assert "javascript" not in str(answer.body)


async def test_a_body_has_a_bound_and_needs_its_type(child: Device) -> None:
    field = {"Authorization": f"Bearer {child.token}"}
    url = f"{child.served.url}/addon/v1/verdict"
    async with child.served.client.post(url, data=b"[" * (2 << 20), headers=field) as response:
        assert response.status in (413, 415)
    typed = {**field, "Content-Type": "application/json"}
    async with child.served.client.post(url, data=b" " * (2 << 20), headers=typed) as response:
        assert response.status == 413
    async with child.served.client.post(f"{url}?x=1", json=BODY["/addon/v1/verdict"], headers=field) as response:
        assert response.status == 422
