"""The verdict on a page: the same at every edge, never looser by what a device says, and without a trace if allowed."""

import asyncio
import json
from typing import Any

import pytest

from gateway.decision.jsonl import answer as decide_line
from gateway.edge.ruling import decision_sources, label_data
from gateway.labels.jsonl import label_json, read_line
from tests.edge.verdict_api.conftest import Device, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")
Running = Any  # tests/edge/conftest.py

SHARED = ("action", "effect", "reason", "category", "flags", "grounds")
DEMO = ["adult", "blog", "films", "news", "parts"]
PEOPLE = {"dana": "adult", "daniyar": "teen", "aigerim": "child"}


def label(mark: str = "18+", age: int = 18, **more: Any) -> dict[str, Any]:
    told = {"scale": "kz", "mark": mark, "min_age": age, "scope": "page", "trust": "A", "carrier": "visible-sign"}
    return {**told, "raw": mark, "place": "html > body > p", **more}


def rated(*labels: dict[str, Any], status: str = "rated") -> dict[str, Any]:
    return {"status": status, "labels": list(labels), "flags": []}


def core(verdict: dict[str, Any]) -> dict[str, Any]:
    return {name: verdict[name] for name in SHARED}


async def ask(running: Running, method: str, path: str, body: Any, token: str) -> Any:
    """curl: what an add-on would get of the gateway that runs."""
    command = ["curl", "-s", "-X", method, f"http://127.0.0.1:{running.ports['admin']}{path}", "-H"]
    command += [f"Authorization: Bearer {token}", "-H", "Content-Type: application/json", "-d", json.dumps(body)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return json.loads(out)


@pytest.mark.parametrize("person", sorted(PEOPLE))
async def test_every_edge_says_the_same(demo: Running, person: str) -> None:
    """`decide --jsonl`, `explain`, the proxy with a real client, and the verdict API about the demo site's pages."""
    admin = (demo.folder / "data" / "admin-token").read_text().strip()
    code = (await ask(demo, "POST", f"/api/v1/people/{person}/pairing", {}, admin))["code"]
    named = {"code": code, "name": "pc", "browser": "Chrome 156", "version": "1.0"}
    token = (await ask(demo, "POST", "/addon/v1/pair", named, ""))["token"]
    sources = decision_sources([demo.folder / "qorgan.yaml"])
    for site in DEMO:
        url = demo.url(f"{site}.demo.test")
        page = await asyncio.to_thread(demo.curl, "adult", url)
        headers = dict(line.split(": ", 1) for line in page.headers.splitlines() if ": " in line)
        reading = read_line({"url": url, "headers": headers, "body": page.body}, label_data())
        labels = [label_json(each) for each in reading.labels]
        told = {"status": reading.status.value, "labels": labels, "flags": list(reading.flags)}
        verdict = await ask(demo, "POST", "/addon/v1/verdict", {"url": url, "reading": told}, token)
        explained = demo.api(f"/api/v1/explain?url={url}&as={person}")["verdict"]
        grounds = [{name: each[name] for name in ("rule", "where", "says", "cites")} for each in verdict["grounds"]]
        assert grounds == [{name: each[name] for name in grounds[0]} for each in explained["grounds"]]
        assert {**core(verdict), "grounds": []} == {**core(explained), "grounds": []}, site
        asked = [
            {key: each[key] for key in ("mark", "scale", "scope", "min_age", "part") if each[key]} for each in labels
        ]
        line = {"person": person, "age": {"aigerim": 8, "daniyar": 15, "dana": 40}[person], "url": url, "labels": asked}
        if person != "dana":  # an adult's page is not opened, so nobody decides on its labels
            decided = decide_line(line, sources)
            assert core(decided) == core(verdict), site
        proxied = await asyncio.to_thread(demo.curl, PEOPLE[person], url)
        assert (proxied.status == 200) == (verdict["action"] in ("allow", "mask")), site


async def test_a_first_question_is_final_only_where_nothing_can_change_it(child: Device) -> None:
    unknown = await child.verdict("https://tube.example/film?id=1")
    assert (unknown["action"], unknown["final"], unknown["words"]) == ("allow", False, None)
    blocked = await child.verdict("https://games.example/x")
    assert (blocked["action"], blocked["reason"], blocked["final"]) == ("block", "local-block", True)
    assert {name: blocked["words"][name]["language"] for name in ("kk", "ru", "en")} == {
        n: n for n in ("kk", "ru", "en")
    }
    assert any(fact["value"] == "games.example" for fact in blocked["words"]["en"]["facts"])
    help_line = await child.verdict("https://telefon-doveria.ru/")
    assert help_line["action"] == "allow"
    assert (await child.verdict("https://tube.example/", reading=rated(status="unlabelled")))["final"] is True


async def test_what_the_document_says_counts_and_names_its_ground(child: Device) -> None:
    verdict = await child.verdict("https://tube.example/", reading=rated(label()))
    assert (verdict["action"], verdict["effect"], verdict["category"]) == ("block", "restrict", "18+")
    assert verdict["grounds"][0]["cites"] == ["Law 169-VI Art. 16(3)"]
    assert verdict["evidence"][0]["raw"] == "18+"
    unreadable = await child.verdict("https://tube.example/", reading=rated(status="unreadable"))
    assert (unreadable["action"], unreadable["reason"]) == ("block", "unreadable")


async def test_parts_to_be_taken_out_are_named(child: Device) -> None:
    cards = [label(scope="part", part=f"main > article:nth-child({place})") for place in (2, 5)]
    verdict = await child.verdict("https://tube.example/", reading=rated(label("6+", 6), *cards))
    assert verdict["action"] == "mask"
    assert verdict["parts"] == [card["part"] for card in cards]


async def test_no_label_is_trusted_more_than_the_page_tier_would(child: Device) -> None:
    async def trust(**more: Any) -> str:
        verdict = await child.verdict("https://tube.example/", reading=rated(label(**more)))
        found: str = verdict["evidence"][0]["trust"] if verdict["evidence"] else "none"
        return found

    assert await trust() == "B"  # a sign on a site that is no online publication
    assert await trust(carrier="meta") == "B"
    assert await trust(carrier="site-recipe") == "A"
    assert await trust(carrier="made up") == "C"
    assert await trust(carrier="meta", trust="C") == "C"
    assert await trust(trust="D") == "none"  # a hint stays one


async def test_a_mark_counts_by_its_scale_and_not_by_the_age_beside_it(child: Device) -> None:
    verdict = await child.verdict("https://tube.example/", reading=rated(label("18+", 6)))
    assert (verdict["action"], verdict["min_age"]) == ("block", 18)


async def test_what_a_device_says_of_kind_and_action_never_opens(served: Served, child: Device) -> None:
    over = {"reading": rated(label())}
    kinds = ["private", "help-line", "search", "web-shop", "schedule", "film", "online-publication", "made-up"]
    for kind in kinds:
        assert (await child.verdict("https://tube.example/", kind=kind, **over))["action"] == "block", kind
        assert (await child.verdict("https://games.example/", kind=kind))["action"] == "block", kind
    for action in ("view", "search", "register"):
        assert (await child.verdict("https://tube.example/", action=action, **over))["action"] == "block"
    closed = await child.verdict("https://tube.example/", kind="encrypted-dns")
    assert closed["action"] in ("block", "allow")  # as the preset has it; it was asked, and did not fail
    assert closed["reason"] != "fault"


async def test_an_address_that_carries_another_is_judged_by_it(child: Device) -> None:
    url = "https://web.archive.org/web/2026/https://games.example/"
    for more in ({}, {"reading": rated(status="unlabelled")}, {"reading": rated(label("0+", 0))}):
        carried = await child.verdict(url, **more)
        assert (carried["action"], carried["reason"], carried["final"]) == ("block", "local-block", True)


async def test_only_a_block_leaves_a_trace(served: Served) -> None:
    device = await served.device("sanzhar")
    before = await served.ask("GET", "/api/v1/journal", None, served.token)
    await device.verdict("https://allowed.example/secret")
    await device.verdict("https://allowed.example/secret", reading=rated(label("6+", 6)))
    await device.verdict("https://closed.example/secret", reading=rated(label()))

    def lines(answer: Any) -> list[dict[str, Any]]:
        return [line for line in answer.body["lines"] if line["host"] in ("allowed.example", "closed.example")]

    for _ in range(50):
        after = await served.ask("GET", "/api/v1/journal", None, served.token)
        if lines(after):
            break
        await asyncio.sleep(0.1)
    assert lines(before) == []
    assert [(line["host"], line["tier"], line["action"]) for line in lines(after)] == [
        ("closed.example", "document", "block")
    ]
    assert not any(b"allowed.example" in file.read_bytes() for file in served.data.glob("qorgan.db*"))
    assert not any(b"/secret" in file.read_bytes() for file in served.data.glob("qorgan.db*"))


async def test_a_fault_of_the_gate_is_a_block(served: Served, child: Device) -> None:
    routes = served.keeper.addon

    def fail(_point: str) -> None:
        raise RuntimeError("secret text")

    before, routes.gate.before = routes.gate.before, fail
    try:
        verdict = await child.verdict("https://tube.example/")
    finally:
        routes.gate.before = before
    assert (verdict["action"], verdict["reason"]) == ("block", "fault")
    assert "secret" not in str(verdict)
