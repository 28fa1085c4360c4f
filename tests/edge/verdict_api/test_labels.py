"""Labels that a device saw in the live document: whom they bind, how long, and that they never open anything."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.decision.sight import Sight
from gateway.document.url import canonical
from gateway.edge.heard import Heard, page_key
from gateway.edge.verdict_api.telling import MOST_OF_A_DEVICE, Listener
from gateway.labels.label import Label, Scope, Trust
from gateway.profiles.clue import Clues
from gateway.store.database import Database
from gateway.store.devices import Device as KeptDevice
from gateway.store.heard import HeardStore
from tests.edge.verdict_api.conftest import Device, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")
Running = Any  # tests/edge/conftest.py


def label(mark: str = "18+", age: int = 18, **more: Any) -> dict[str, Any]:
    told = {"scale": "kz", "mark": mark, "min_age": age, "scope": "page", "trust": "B", "carrier": "meta"}
    return {**told, "raw": mark, "place": "byte 9", **more}


async def tell(device: Device, url: str, *labels: dict[str, Any]) -> int:
    answer = await device.post("labels", url=url, labels=list(labels), flags=["missing-sign"])
    assert answer.status == 202, answer.body
    kept: int = answer.body["kept"]
    return kept


async def action(device: Device, url: str) -> str:
    verdict = await device.verdict(url)
    found: str = verdict["action"]
    return found


async def test_a_label_binds_the_person_whose_device_saw_it(served: Served, child: Device) -> None:
    url = "https://scripts.example/film"
    other, grown = await served.device("sanzhar"), await served.device("dana")
    assert await tell(child, url, label()) == 1
    verdict = await child.verdict(url + "#t=10")
    assert (verdict["action"], verdict["reason"], verdict["final"]) == ("block", "label", True)
    assert verdict["evidence"][0]["place"] == "live document: byte 9"
    second = await served.device("aigerim")
    assert await action(second, url) == "block"
    assert [await action(each, url) for each in (other, grown)] == ["allow", "allow"]
    assert await action(child, "https://scripts.example/other") == "allow"


async def test_a_label_of_the_front_page_does_not_close_the_host(served: Served, child: Device) -> None:
    await tell(child, "https://front.example/", label())
    assert await action(child, "https://front.example/") == "block"
    assert await action(child, "https://front.example/other") == "allow"
    # At a TLS ClientHello the name is all that is known, and it stands for every page of the host.
    gate = served.keeper.addon.gate
    seen = gate.judge_host(Clues(person="aigerim"), canonical("https://front.example/"))
    assert seen is not None
    assert seen.sight is Sight.LOOK


async def test_others_are_bound_when_two_people_saw_it_and_by_the_age_of_both(served: Served, child: Device) -> None:
    url = "https://scripts.example/both"
    brother, oldest = await served.device("sanzhar"), await served.device("daniyar")
    await tell(child, url, label())
    assert await action(oldest, url) == "allow"
    await tell(await served.device("aigerim"), url, label())  # a second device of the same person is no second source
    assert await action(oldest, url) == "allow"
    await tell(brother, url, label("16+", 16))
    verdict = await oldest.verdict(url)
    assert (verdict["action"], verdict["min_age"]) == ("block", 16)
    assert await action(await served.device("dana"), url) == "allow"


async def test_nothing_that_a_device_says_opens_or_tells_of_a_page_that_was_read(child: Device) -> None:
    url = "https://scripts.example/low"
    harmless = (label("6+", 6), label("0+", 0), label(trust="D"), label(scope="part", part="article"))
    assert [await tell(child, url, each) for each in harmless] == [0, 0, 0, 0]
    assert await tell(child, url) == 0
    assert not any(page_key(canonical(url)).encode() in file.read_bytes() for file in child.served.data.glob("*.db*"))
    await tell(child, url, label("12+", 12))
    await tell(child, url, label("6+", 6))
    assert (await child.verdict(url))["min_age"] == 12
    await tell(child, url, label())
    await tell(child, url, label("12+", 12))
    assert (await child.verdict(url))["min_age"] == 18
    reading = {"status": "rated", "labels": [label("6+", 6)]}
    assert (await child.verdict(url, reading=reading))["action"] == "block"


async def test_a_revoked_device_takes_back_what_it_told(served: Served) -> None:
    url = "https://scripts.example/revoked"
    first, second = await served.device("aigerim"), await served.device("aigerim")
    await tell(first, url, label())
    assert await action(second, url) == "block"
    await served.ask("DELETE", f"/api/v1/devices/{first.id}", None, served.token)
    assert await action(second, url) == "allow"


async def test_a_grant_of_the_guardian_stands_above_it_as_above_any_label(served: Served, child: Device) -> None:
    url = "https://granted.example/film"
    await tell(child, url, label())
    explained = await served.ask("GET", f"/api/v1/explain?url={url}&as=aigerim", None, served.token)
    assert explained.body["verdict"]["reason"] == "label"
    wanted = {"for": "aigerim", "host": "granted.example"}
    given = await served.ask("POST", "/api/v1/grants", wanted, served.token)
    assert (await child.verdict(url))["reason"] == "grant"
    await served.ask("DELETE", f"/api/v1/grants/{given.body['grants'][0]['id']}", None, served.token)
    assert (await child.verdict(url))["reason"] == "label"


async def test_every_worker_knows_it_at_once_and_says_where_it_was_seen(demo: Running) -> None:
    """The proxy with a real client: a page whose label only the live document shows is closed before it is opened."""
    from tests.edge.verdict_api.test_verdicts import ask

    admin = (demo.folder / "data" / "admin-token").read_text().strip()
    code = (await ask(demo, "POST", "/api/v1/people/aigerim/pairing", {}, admin))["code"]
    named = {"code": code, "name": "pc", "browser": "Chrome 156", "version": "1.0"}
    paired = await ask(demo, "POST", "/addon/v1/pair", named, "")
    url = demo.url("blog.demo.test", "/?scripts")

    async def status(person: str) -> int:
        answer = await asyncio.to_thread(demo.curl, person, url)
        found: int = answer.status
        return found

    assert [await status("child"), await status("teen")] == [200, 200]
    told = {"url": url, "labels": [label()]}
    assert await ask(demo, "POST", "/addon/v1/labels", told, paired["token"]) == {"kept": 1}
    for _ in range(50):
        if await status("child") == 451:
            break
        await asyncio.sleep(0.1)
    page = await asyncio.to_thread(demo.curl, "child", url)
    assert (page.status, "live document: byte 9" in page.body) == (451, True)
    assert await status("teen") == 200


# -- with a clock of our own ------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def of_ages(*ages: int) -> list[Label]:
    about = {"scope": Scope.PAGE, "trust": Trust.B, "carrier": "meta", "raw": "x", "place": "p"}
    return [Label(scale="kz", mark=f"{age}+", min_age=age, **about) for age in ages]


def device(name: str, person: str = "aigerim") -> KeptDevice:
    return KeptDevice(id=name, person=person, name=name, browser="", version="", token=name, paired=NOW)


async def test_it_ends_after_a_week_is_kept_over_a_restart_and_has_a_bound(tmp_path: Path) -> None:
    url, told = canonical("https://a.example/"), list[str]()
    async with AsyncExitStack() as stack:
        database = await asyncio.to_thread(Database.open, tmp_path / "qorgan.db")
        stack.push_async_callback(database.close)
        listener = Listener(HeardStore(database), Heard(), told.append)
        await listener.tell(device("pc"), url, of_ages(12, 18), 8, NOW)
        assert told == [page_key(url)]
        heard = Heard()
        again = Listener(HeardStore(database), heard, told.append)
        await again.load(NOW + timedelta(days=6))
        ages = [[each.min_age for each in heard.of("aigerim", url, NOW + timedelta(days=days))] for days in (6, 7)]
        assert ages == [[18], []]
        for number in range(MOST_OF_A_DEVICE + 5):
            page = canonical(f"https://a.example/{number}")
            await again.tell(device("tablet"), page, of_ages(18), 8, NOW + timedelta(seconds=number))
        kept = list(heard.all(heard.pages()))
        assert sum(each.device == "tablet" for each in kept) == MOST_OF_A_DEVICE
        assert sum(each.device == "pc" for each in kept) == 1
        assert len(await HeardStore(database).load(NOW)) == MOST_OF_A_DEVICE + 1
        assert len(await HeardStore(database).load(NOW + timedelta(days=8))) == 0
