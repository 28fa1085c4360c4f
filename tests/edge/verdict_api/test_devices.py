"""How a device is paired, known again, heard of and revoked; who cannot be one; what survives a restart."""

import asyncio
import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gateway.edge.control_api.console import Revoked, UnknownPerson
from gateway.edge.installation import read_installation
from gateway.edge.status_page import status_page
from gateway.edge.verdict_api.codes import ALPHABET, hash_of, new_code, read_code
from gateway.edge.verdict_api.devices import Devices, WrongCode
from gateway.edge.verdict_api.pace import TooOften
from gateway.policy.policy import Policy
from gateway.store.database import Database
from gateway.store.devices import DeviceStore
from tests.edge.verdict_api.conftest import CONFIG, Device, Served, start

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_code_makes_one_device_of_its_person(served: Served) -> None:
    offered = await served.code("aigerim")
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", offered["code"])
    assert offered["url"] == f"{served.url}/addon/pair#{offered['code'].replace('-', '')}"
    assert "only a browser on this machine" in offered["note"]
    paired = await served.pair(offered["code"].lower().replace("-", " "))
    assert paired.status == 200
    assert (paired.body["person"], paired.body["gateway"]) == ("aigerim", served.url)
    assert set(paired.body["public_key"]) == {"kty", "crv", "x", "y"}
    again = await served.pair(offered["code"])
    assert (again.status, "wrong, was used already or is too old" in again.body["detail"]) == (403, True)


async def test_nobody_whom_the_policy_does_not_know_is_paired(served: Served) -> None:
    answer = await served.ask("POST", "/api/v1/people/nobody/pairing", {}, served.token)
    assert answer.status == 404
    for body in ({"enrol": False}, {"days": 3}, {"enrol": True, "days": 401}, {"enrol": True, "days": True}, []):
        assert (await served.ask("POST", "/api/v1/people/aigerim/pairing", body, served.token)).status == 422


async def test_an_enrolment_makes_many_devices_until_it_is_taken_back(served: Served) -> None:
    offered = await served.code("daniyar", enrol=True, days=30)
    assert offered["url"] is None
    people = [(await served.pair(offered["code"], name)).body["person"] for name in ("pc 1", "pc 2")]
    assert people == ["daniyar", "daniyar"]
    known = await served.ask("GET", "/api/v1/devices", None, served.token)
    (enrolment,) = known.body["enrolments"]
    assert (await served.ask("DELETE", f"/api/v1/devices/{enrolment['id']}", None, served.token)).status == 200
    assert (await served.pair(offered["code"])).status == 403
    known = await served.ask("GET", "/api/v1/devices", None, served.token)
    assert {"pc 1", "pc 2"} <= {each["name"] for each in known.body["devices"]}


async def test_a_device_is_shown_with_its_enrolment_and_who_revokes_it_is_told_that_it_comes_again(
    served: Served,
) -> None:
    offered = await served.code("erlan", enrol=True)
    first = (await served.pair(offered["code"], "pc 3")).body["device"]
    known = (await served.ask("GET", "/api/v1/devices", None, served.token)).body
    (enrolment,) = known["enrolments"]
    assert {each["id"]: each["enrolment"] for each in known["devices"]}[first] == enrolment["id"]

    async def revoked(what: str) -> Any:
        return (await served.ask("DELETE", f"/api/v1/devices/{what}", None, served.token)).body

    assert await revoked(first) == {"revoked": first, "again_by": enrolment}
    again = (await served.pair(offered["code"], "pc 3")).body["device"]
    assert await revoked(enrolment["id"]) == {"revoked": enrolment["id"], "again_by": None}
    assert await revoked(again) == {"revoked": again, "again_by": None}
    assert (await served.pair(offered["code"], "pc 3")).status == 403
    by_code = await served.device("erlan")
    assert await revoked(by_code.id) == {"revoked": by_code.id, "again_by": None}


async def test_a_revoked_token_ends_at_once(served: Served) -> None:
    device = await served.device("aigerim")
    assert (await device.verdict("https://tube.example/"))["action"] == "allow"
    assert (await served.ask("DELETE", f"/api/v1/devices/{device.id}", None, served.token)).status == 200
    assert (await device.post("verdict", url="https://tube.example/")).status == 401
    assert (await served.ask("DELETE", f"/api/v1/devices/{device.id}", None, served.token)).status == 404


async def test_the_last_heartbeat_is_shown_and_nothing_else_is_kept(child: Device) -> None:
    told = await child.alive()
    assert datetime.fromisoformat(told["now"]) - datetime.now(UTC) < timedelta(seconds=30)
    assert told["bundle"] == (await child.get("bundle")).headers["ETag"]
    await child.alive()
    known = await child.served.ask("GET", "/api/v1/devices", None, child.served.token)
    (shown,) = (each for each in known.body["devices"] if each["id"] == child.id)
    assert (shown["version"], shown["browser"], shown["silent"]) == ("1.1", "Chrome 157", False)
    assert shown["told"] == {"state": "on", "incognito": True, "private_browsing": None, "bundle": None}
    assert "token" not in str(shown)


async def test_no_token_and_no_code_lies_in_the_database(served: Served) -> None:
    device, offered = await served.device("sanzhar"), await served.code("sanzhar")
    files = [file.read_bytes() for file in served.data.glob("qorgan.db*")]
    for secret in (device.token, device.token.removeprefix("qorgan-device_"), offered["code"].replace("-", "")):
        assert not any(secret.encode() in content for content in files)


async def test_a_restart_forgets_no_device_and_a_damaged_key_revokes_none(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        first = await start(tmp_path, stack)
        device = await first.device("aigerim")
    async with AsyncExitStack() as stack:
        device.served = second = await start(tmp_path, stack)
        assert (await device.verdict("https://games.example/"))["reason"] == "local-block"
        assert (await second.device("aigerim")).paired["public_key"] == device.paired["public_key"]
    (first.data / "bundle-key.pem").write_text("no key")
    async with AsyncExitStack() as stack:
        device.served = third = await start(tmp_path, stack)
        answer = await device.post("verdict", url="https://tube.example/")
        assert (answer.status, "is no key that can be read" in answer.body["detail"]) == (503, True)
        health = (await third.ask("GET", "/api/v1/health", None, third.token)).body
        assert "devices with the add-on are refused" in status_page(health)


async def test_the_status_names_add_ons_that_are_silent(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    device = await served.device("erlan")
    monkeypatch.setattr(served.keeper.addon.devices, "_silent_after", timedelta(seconds=-1))
    health = (await served.ask("GET", "/api/v1/health", None, served.token)).body
    assert f"add-on silent: a laptop of erlan, last heard {health['addon']['silent'][0]['since'][:10]}" in status_page(
        health
    )
    assert device.id in {each["id"] for each in health["addon"]["silent"]}
    metrics = (await served.ask("GET", "/api/v1/metrics", None, served.token)).body
    assert f"qorgan_silent_devices {len(health['addon']['silent'])}\n".encode() in metrics


# -- with a clock of our own ------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 27, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def desk(folder: Path, clock: Clock, stack: AsyncExitStack, policy: Policy) -> Devices:
    database = await asyncio.to_thread(Database.open, folder / "qorgan.db")
    stack.push_async_callback(database.close)
    silent = timedelta(hours=24)
    made = Devices(
        DeviceStore(database),
        lambda: policy,
        gateway="http://10.0.0.2:8088",
        salt="s",
        silent_after=silent,
        clock=clock,
    )
    await made.load()
    return made


@pytest.fixture
def policy(served: Served) -> Policy:
    found = served.keeper.outlook.policy()
    assert found is not None
    return found


async def test_a_code_ends_after_ten_minutes_and_its_guesses_are_counted(tmp_path: Path, policy: Policy) -> None:
    clock = Clock()
    about = {"name": "pc", "browser": "", "version": "1"}
    async with AsyncExitStack() as stack:
        devices = await desk(tmp_path, clock, stack, policy)
        late = await devices.offer("aigerim")
        clock.now += timedelta(minutes=10)
        offered = await devices.offer("aigerim")
        with pytest.raises(WrongCode):
            await devices.pair(late.code, **about, side="a")
        for typed in ["", "AEIOU", "x" * 100, *["BCDFGHJK"] * 6]:
            with pytest.raises(WrongCode):
                await devices.pair(typed, **about, side="a")
        with pytest.raises(TooOften):
            await devices.pair(offered.code, **about, side="a")
        device, _ = await devices.pair(offered.code, **about, side="b")
        assert device.person == "aigerim"
        with pytest.raises(UnknownPerson):
            await devices.offer("nobody")


async def test_browsers_that_send_a_token_that_ended_keep_nobody_from_pairing(tmp_path: Path, policy: Policy) -> None:
    clock = Clock()
    about = {"name": "pc", "browser": "", "version": "1", "side": "the school"}
    async with AsyncExitStack() as stack:
        devices = await desk(tmp_path, clock, stack, policy)
        ended = await devices.offer("aigerim", enrol_days=1)
        device, _ = await devices.pair(ended.code, **about)
        clock.now += timedelta(days=1)
        assert await devices.revoke(device.id) == Revoked(device.id, again_by=None)
        for _ in range(300):
            with pytest.raises(WrongCode):
                await devices.pair(ended.code, **about)
        await devices.pair((await devices.offer("aigerim", enrol_days=1)).code, **about)
        await devices.pair((await devices.offer("aigerim")).code, **about)
        for _ in range(700):
            with pytest.raises(WrongCode):
                await devices.pair(ended.code, **about)
        with pytest.raises(TooOften):
            await devices.pair(ended.code, **about)


async def test_many_at_once_use_a_code_once(tmp_path: Path, policy: Policy) -> None:
    async with AsyncExitStack() as stack:
        devices = await desk(tmp_path, Clock(), stack, policy)
        code = (await devices.offer("aigerim")).code
        tries = (devices.pair(code, name="pc", browser="", version="1", side=str(side)) for side in range(8))
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(not isinstance(each, BaseException) for each in done) == 1
        assert sum(isinstance(each, WrongCode) for each in done) == 7


async def test_an_add_on_that_is_silent_for_a_day_is_shown(tmp_path: Path, policy: Policy) -> None:
    clock = Clock()
    async with AsyncExitStack() as stack:
        devices = await desk(tmp_path, clock, stack, policy)
        device, _ = await devices.pair(
            (await devices.offer("aigerim")).code, name="pc", browser="", version="1", side=""
        )
        clock.now += timedelta(hours=24)
        assert [each.silent for each in devices.shown()] == [False]
        clock.now += timedelta(seconds=1)
        assert [each.silent for each in devices.shown()] == [True]
        await devices.heard(device, version="1", browser="", told={})
        assert [each.silent for each in devices.shown()] == [False]


async def test_a_code_is_read_as_people_write_it() -> None:
    code = new_code()
    assert read_code(f" {code[:4].lower()}–{code[4:]}\n") == code
    assert read_code(code[:7]) is None
    assert read_code(code + "B") is None
    assert read_code("OOOO-OOOO") is None
    assert hash_of(code, "a") != hash_of(code, "b")


# -- where it lies ----------------------------------------------------------------------------------------------------


async def test_where_devices_reach_the_gateway_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "qorgan.yaml"
    file.write_text(CONFIG + "addon: {gateway: 'http://192.168.1.2:8088/', silent-after-hours: 48, bundle-days: 7}\n")
    addon = read_installation(file).shape.addon
    assert (addon.gateway, addon.silent_after_hours, addon.bundle_days) == ("http://192.168.1.2:8088", 48, 7)
    file.write_text(CONFIG + "addon: {gateway: 'http://192.168.1.2:8088/x'}\n")
    with pytest.raises(Exception, match="more than an address of a gateway"):
        read_installation(file)


async def test_a_gateway_that_listens_everywhere_wants_to_know_its_address(tmp_path: Path, policy: Policy) -> None:
    async with AsyncExitStack() as stack:
        devices = await desk(tmp_path, Clock(), stack, policy)
        devices._gateway = None
        with pytest.raises(Exception, match=r"addon: \{gateway: http"):
            await devices.offer("aigerim")


async def test_forms_of_the_tables_hold_nothing_else(served: Served) -> None:
    """What is kept of a device, a question and a label: these columns."""

    def columns(connection: Any) -> dict[str, set[str]]:
        tables = ("device", "pairing", "ask", "heard")
        return {each: set(connection.execute(text(f"SELECT * FROM {each}")).keys()) for each in tables}

    database = await asyncio.to_thread(Database.open, served.data / "qorgan.db")
    try:
        assert await database.read(columns) == {
            "device": {"id", "person", "name", "browser", "version", "token", "paired", "seen", "told", "enrolment"},
            "pairing": {"id", "person", "hash", "many", "until"},
            "ask": {"id", "person", "host", "reason", "asked", "answer"},
            "heard": {"device", "page", "person", "label", "until"},
        }
    finally:
        await database.close()
