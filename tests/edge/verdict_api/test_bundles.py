"""Bundles as a device fetches them, checked by the add-on's own modules; and what people ask for."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.decision.node import node
from tests.edge.verdict_api.conftest import Device, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")

VERIFY = Path(__file__).parents[3] / "addons" / "browser" / "decision" / "verify.js"
SCRIPT = """
import { verifyBundle } from "%s";
const { bytes, signature, key } = JSON.parse(process.argv[1]);
const bundle = await verifyBundle(Buffer.from(bytes, "base64"), Buffer.from(signature, "base64url"), key);
console.log(JSON.stringify(bundle === null ? null : { device: bundle.device, person: bundle.person, age: bundle.age }));
"""


async def test_a_device_gets_its_own_bundle_signed_with_the_key_that_it_pinned(child: Device) -> None:
    async with child.served.client.get(
        f"{child.served.url}/addon/v1/bundle", headers={"Authorization": f"Bearer {child.token}"}
    ) as response:
        content, headers = await response.read(), response.headers
    told = {
        "bytes": base64.b64encode(content).decode(),
        "signature": headers["Qorgan-Signature"],
        "key": child.paired["public_key"],
    }

    def verified(told: object) -> object:
        command = [node(), "--input-type=module", "-e", SCRIPT % VERIFY.as_uri(), json.dumps(told)]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout)

    assert verified(told) == {"device": child.id, "person": "aigerim", "age": 8}
    spoilt = content.replace(b'"age":8', b'"age":9', 1)
    assert spoilt != content
    assert verified({**told, "bytes": base64.b64encode(spoilt).decode()}) is None
    names = {"sanzhar", "daniyar", "dana"}
    assert not any(name.encode() in content for name in names)


async def test_a_bundle_is_sent_again_only_when_it_is_another(served: Served) -> None:
    device = await served.device("aigerim")
    first = await device.get("bundle")
    assert (first.status, first.body["device"]) == (200, device.id)
    same = await device.get("bundle", If_None_Match=f'"x", {first.headers["ETag"]}')
    assert (same.status, same.headers["ETag"]) == (304, first.headers["ETag"])
    other = await served.device("aigerim")
    assert (await other.get("bundle", If_None_Match=first.headers["ETag"])).status == 200
    wanted = {"for": "aigerim", "host": "open.example"}
    given = (await served.ask("POST", "/api/v1/grants", wanted, served.token)).body["grants"][0]
    second = await device.get("bundle", If_None_Match=first.headers["ETag"])
    assert second.status == 200
    assert [grant["host"] for grant in second.body["grants"]] == ["open.example"]
    assert (await device.alive())["bundle"] == second.headers["ETag"]
    await served.ask("DELETE", f"/api/v1/grants/{given['id']}", None, served.token)
    assert (await device.alive())["bundle"] != second.headers["ETag"]


async def test_a_new_policy_makes_another_bundle_and_a_person_who_is_gone_gets_none(served: Served) -> None:
    file = served.data.parent / "qorgan.yaml"
    before, device = file.read_text(), await served.device("sanzhar")
    first = await device.alive()
    try:
        file.write_text(before.replace("sanzhar: {age: 10}", "sanzhar: {age: 11}"))
        await served.keeper.reloader.reload()
        second = await device.alive()
        assert second["bundle"] != first["bundle"]
        assert second["revision"] != first["revision"]
        file.write_text(before.replace("  sanzhar: {age: 10}\n", ""))
        await served.keeper.reloader.reload()
        gone = await device.get("bundle")
        assert (gone.status, "no longer knows" in gone.body["detail"]) == (409, True)
        assert (await device.alive())["bundle"] is None
        verdict = await device.verdict("https://tube.example/")
        assert (verdict["action"], verdict["reason"]) == ("block", "no-profile")
    finally:
        file.write_text(before)
        await served.keeper.reloader.reload()
    assert (await device.verdict("https://tube.example/"))["action"] == "allow"


async def test_a_child_asks_once_a_host_and_a_grant_answers(served: Served) -> None:
    device = await served.device("daniyar")

    async def listed() -> list[tuple[str, str, str]]:
        known = (await served.ask("GET", "/api/v1/asks", None, served.token)).body["asks"]
        return [(each["person"], each["host"], each["reason"]) for each in known if each["person"] == "daniyar"]

    first = await device.post("ask", host="Video.Example.", reason="for school")
    again = await device.post("ask", host="video.example", reason="please please")
    assert (first.body["answer"], again.body["id"]) == ("open", first.body["id"])
    refused = await device.post("ask", host="chat.example")
    assert await listed() == [("daniyar", "video.example", "for school"), ("daniyar", "chat.example", "")]
    wanted = {"for": "erlan", "host": "example"}
    other = (await served.ask("POST", "/api/v1/grants", wanted, served.token)).body["grants"][0]
    assert len(await listed()) == 2
    await served.ask("DELETE", f"/api/v1/grants/{other['id']}", None, served.token)
    wanted = {"for": "daniyar", "host": "video.example"}
    given = (await served.ask("POST", "/api/v1/grants", wanted, served.token)).body["grants"][0]
    assert (await served.ask("DELETE", f"/api/v1/asks/{refused.body['id']}", None, served.token)).status == 200
    assert (await served.ask("DELETE", f"/api/v1/asks/{refused.body['id']}", None, served.token)).status == 404
    assert await listed() == []
    answers = {each["host"]: each["answer"] for each in (await device.alive())["asks"]}
    assert answers == {"video.example": "granted", "chat.example": "refused"}
    assert (await device.verdict("https://www.video.example/"))["action"] == "allow"
    await served.ask("DELETE", f"/api/v1/grants/{given['id']}", None, served.token)
    assert (await device.post("ask", host="chat.example")).body["answer"] == "open"


async def test_nobody_asks_for_more_than_a_guardian_reads(served: Served) -> None:
    devices = [await served.device("erlan") for _ in range(2)]
    answers = [await devices[number // 6].post("ask", host=f"{number}.many.example") for number in range(12)]
    assert [answer.status for answer in answers] == [200] * 10 + [409] * 2
