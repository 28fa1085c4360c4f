"""Grants by the API: given, listed, taken back; what is refused, and how."""

import pytest


async def test_a_grant_is_given_and_told(served, client) -> None:
    asked = {"for": "ana", "minutes": 30, "by": "dana"}
    async with client.post(f"{served.url}/api/v1/grants", json=asked, headers=served.bearer) as response:
        assert response.status == 200
        [grant] = (await response.json())["grants"]
    assert grant == {
        "id": "0a1b2c3d",
        "by": "dana",
        "for": ["ana"],
        "minutes": 30,
        "host": None,
        "path": None,
        "since": "2026-11-22T16:30:00+00:00",
        "until": "2026-11-22T19:00:00+00:00",
    }
    assert served.gateway.asked == [("give", asked)]


@pytest.mark.parametrize(
    ("body", "status", "field", "says"),
    [
        ({"for": "ana"}, 422, "", "either minutes or a host"),
        ({"for": "ana", "minutes": 999}, 422, "minutes", "at most 240"),
        ({"for": "ana", "host": "a b"}, 422, "host", "a character that no host has"),
        ([], 422, None, "JSON object"),
        ("x", 422, None, "JSON object"),
        ({"for": "many", "minutes": 1}, 409, None, "take some back"),
    ],
)
async def test_what_cannot_be_granted_is_a_problem(served, client, body, status, field, says) -> None:
    async with client.post(f"{served.url}/api/v1/grants", json=body, headers=served.bearer) as response:
        assert response.status == status
        problem = await response.json(content_type="application/problem+json")
    assert problem["status"] == status
    assert says in problem["detail"]
    if field is not None:
        assert [fault["field"] for fault in problem["faults"]] == [field]


async def test_a_grant_is_taken_back_once(served, client) -> None:
    async with client.delete(f"{served.url}/api/v1/grants/0a1b2c3d", headers=served.bearer) as response:
        assert (response.status, (await response.json())["revoked"]["by"]) == (200, "dana")
    async with client.delete(f"{served.url}/api/v1/grants/..%2Fx", headers=served.bearer) as response:
        assert response.status == 404


async def test_what_time_somebody_has(served, client) -> None:
    async with client.get(f"{served.url}/api/v1/time?as=ana", headers=served.bearer) as response:
        time = await response.json()
    assert time["blocked"]["until"] == "2026-11-23T07:00:00+00:00"
    assert (time["flags"], time["until"]) == (["quota-ends-soon"], "2026-11-22T09:04:00+00:00")
    assert time["limits"][0]["left"] == 4
    for query, status in (("as=bob", 404), ("as=", 422), ("", 422)):
        async with client.get(f"{served.url}/api/v1/time?{query}", headers=served.bearer) as response:
            assert response.status == status
