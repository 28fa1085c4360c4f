"""What the add-on and its gateway tell each other, and what holds when the gateway is away, old or somebody else."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.extension.conftest import Tab, World
from tests.browser.extension.driving import until
from tests.browser.extension.family import Family, verdict
from tests.browser.extension.pixels import shows
from tests.browser.extension.test_holding import assert_closed

_AGAIN = {"contact": {"at": 0, "failures": 0, "seen": 0}, "hosts": {}}


@pytest.fixture
def away(world: World) -> Iterator[World]:
    """The gateway is gone."""
    world.family.leave()
    world.keep(_AGAIN)
    yield world
    world.family.__enter__()
    world.keep(_AGAIN)


def test_what_the_gateway_closes_is_closed_before_anything_is_sent(world: World, tab: Tab) -> None:
    world.family.verdicts["told.test"] = verdict("block")
    assert_closed(world, tab, "told.test", "parents")
    assert world.origin.asked("told.test") == []


def test_the_gateway_is_asked_once_of_a_new_host(world: World, tab: Tab) -> None:
    """Before its page that waits for the answer is there, and when it is."""
    world.family.verdicts["quiet.test"] = verdict("allow", "unlabelled")
    world.keep({"hosts": {}})
    world.family.told.clear()
    tab.go(world.url("quiet.test", "/?once"))
    tab.wait("document.body?.innerText === 'nothing to say' && !document.documentElement.hasAttribute('style')")
    asked = [body for what, body in world.family.told if what == "verdict" and "quiet.test" in body["url"]]
    assert asked == [{"url": world.url("quiet.test", "/?once"), "action": "view"}]


def test_labels_are_told_of_pages_that_they_close_and_of_no_other(world: World, tab: Tab) -> None:
    tab.go(world.url("quiet.test"))
    tab.wait("document.body?.innerText === 'nothing to say' && !document.documentElement.hasAttribute('style')")
    tab.go(world.url("labelled.test", "/?name=aru#here"))
    tab.wait_for_url("block.html#")
    told = until(lambda: [body for what, body in world.family.told if what == "labels"])
    assert {body["url"] for body in told} == {world.url("labelled.test", "/?name=aru")}
    assert "18+" in {label["mark"] for label in told[-1]["labels"]}
    # Of the open page the gateway was asked once, for a verdict, and told nothing.
    assert {what for what, body in world.family.told if "quiet" in body.get("url", "")} <= {"verdict"}


def test_a_question_of_the_child_reaches_the_gateway(world: World, tab: Tab) -> None:
    tab.go(world.url("games.test"))
    tab.wait("document.querySelector('form textarea') !== null")
    tab.evaluate("void (document.querySelector('textarea').value = 'for school')")
    tab.evaluate("void document.querySelector('form button').click()")
    assert until(lambda: [body for what, body in world.family.told if what == "ask"]) == [
        {"host": "games.test", "reason": "for school"}
    ]
    tab.wait("document.querySelector('.answer').textContent.includes('Sent')")


def test_without_the_gateway_the_bundle_decides(away: World, tab: Tab) -> None:
    tab.go(away.url("away.test"))
    tab.wait("document.body?.innerText === 'away' && !document.documentElement.hasAttribute('style')")
    assert_closed(away, tab, "far.test")


def test_a_question_waits_for_the_gateway(world: World, tab: Tab) -> None:
    world.family.leave()
    world.keep(_AGAIN)
    try:
        assert world.ask({"kind": "ask", "host": "games.test", "reason": "please"}) == {"sent": False}
        assert world.ask({"kind": "status"})["contact"] == "unreachable"
    finally:
        world.family.__enter__()
    assert world.ask({"kind": "refresh"})["queued"] == 0
    assert ("ask", {"host": "games.test", "reason": "please"}) in world.family.told


def test_a_bundle_out_of_its_time_is_strict(world: World, tab: Tab) -> None:
    old = world.family.make(datetime.now(UTC) - timedelta(days=30))
    world.keep(world.family.kept(old))
    try:
        assert_closed(world, tab, "old.test", "no age label")
        told = world.ask({"kind": "status"})
        assert told["bundle"]["expired"]
        assert "expired" in told["gaps"]
    finally:
        world.keep(world.family.kept())
    tab.go(world.url("old.test"))
    tab.wait("document.body?.innerText === 'no label' && !document.documentElement.hasAttribute('style')")


def test_a_bundle_that_somebody_changed_opens_nothing(world: World, tab: Tab) -> None:
    kept = world.family.kept()
    text = kept["signed"]["text"]
    kept["signed"]["text"] = text.replace('"age":9', '"age":21')
    assert text != kept["signed"]["text"]
    world.keep(kept)
    try:
        with tab.filmed() as frames:
            tab.go(world.url("adult.test"))
            tab.wait_for_url("block.html#")
            tab.wait("document.querySelector('h1') !== null")
        assert not any(shows(frame) for frame in frames)
        assert "no-profile" in tab.text()
        assert world.ask({"kind": "status"})["bundle"] is None
    finally:
        world.keep(world.family.kept())


def test_an_older_bundle_is_not_taken(world: World) -> None:
    world.family.bundle = world.family.make(datetime.now(UTC) - timedelta(days=2))
    try:
        told = world.ask({"kind": "refresh"})
        assert told["fault"]["code"] == "signature", told
    finally:
        world.family.bundle = json.loads(world.kept("signed")["text"])


def test_a_wrong_code_pairs_nothing(world: World) -> None:
    before = world.kept("pairing")
    told = world.ask({"kind": "pair", "gateway": world.family.address, "code": "XXXX-XXXX"})
    assert told["fault"]["code"] == "code"
    assert world.ask({"kind": "pair", "gateway": "ftp://somewhere", "code": "x"})["fault"]["code"] == "address"
    assert world.kept("pairing") == before


def test_a_device_whose_rights_are_taken_away_opens_nothing(world: World, tab: Tab) -> None:
    world.family.revoked = True
    try:
        assert world.ask({"kind": "refresh"})["fault"]["code"] == "unpaired"
        told = world.ask({"kind": "status"})
        assert (told["paired"], told["gaps"]) == (False, ["unpaired", "incognito"])
        tab.go(world.url("plain.test"))
        tab.wait_for_url("block.html#")
    finally:
        world.family.revoked = False
    told = world.ask({"kind": "pair", "gateway": world.family.address, "code": "ABCD-EFGH"})
    assert told["paired"]
    tab.go(world.url("plain.test"))
    tab.wait("document.body?.innerText === 'hello'")


def test_another_gateway_is_not_taken_while_this_one_holds(world: World, tab: Tab, tmp_path: Path) -> None:
    before = world.kept("pairing")
    with Family(tmp_path / "of-a-pupil") as other:
        told = world.ask({"kind": "pair", "gateway": other.address, "code": "ABCD-EFGH"})
        assert told["fault"]["code"] == "other-gateway", told
        assert other.told == [], "the code was shown to it"
        # Nor one that is put where the other was.
        other.leave()
        world.family.leave()
        other.port = world.family.port
        try:
            with other:
                told = world.ask({"kind": "pair", "gateway": world.family.address, "code": "ABCD-EFGH"})
        finally:
            world.family.__enter__()
    assert told["fault"]["code"] == "other-gateway", told
    assert world.kept("pairing") == before
    assert_closed(world, tab, "games.test", "no-games")


def test_the_same_gateway_sets_the_browser_up_anew(world: World) -> None:
    told = world.ask({"kind": "pair", "gateway": world.family.address, "code": "ABCD-EFGH"})
    assert told["paired"], told


def test_a_gateway_that_took_the_rights_away_makes_room_for_another(world: World, tmp_path: Path) -> None:
    world.family.revoked = True
    try:
        assert world.ask({"kind": "refresh"})["fault"]["code"] == "unpaired"
    finally:
        world.family.revoked = False
    with Family(tmp_path / "of-the-mother") as other:
        told = world.ask({"kind": "pair", "gateway": other.address, "code": "ABCD-EFGH"})
        assert (told["paired"], told["gateway"]) == (True, other.address)
    world.keep(world.family.kept())


def test_what_lies_on_the_disk_names_no_site_that_was_visited(world: World, tab: Tab) -> None:
    """Not in plain, and not in what everybody can read: base64 or hexadecimal."""
    said = verdict("allow", "unlabelled")
    record = {"host": "quiet.test", "kind": None, "topics": [], "exempt": None, "audience": "public", "reading": None}
    world.family.verdicts["quiet.test"] = {**said, "host": record, "grounds": said["grounds"] * 2}
    world.keep({"hosts": {}})
    tab.go(world.url("quiet.test"))
    tab.wait("document.body?.innerText === 'nothing to say' && !document.documentElement.hasAttribute('style')")
    entries = until(lambda: world.kept("hosts"))
    assert len(entries) == 1
    everything = world.in_addon(
        "(globalThis.browser ?? chrome).storage.local.get(null).then((found) => JSON.stringify(found))"
    )
    name = b"quiet.test"
    assert [text for text in ("quiet", base64.b64encode(name).decode(), name.hex()) if text in everything] == []
    # And yet it is known: nobody asks the gateway twice.
    world.family.told.clear()
    tab.go(world.url("quiet.test", "/?again"))
    tab.wait("location.search === '?again' && !document.documentElement.hasAttribute('style')")
    assert [body for what, body in world.family.told if what == "verdict"] == []


def test_the_same_site_stands_under_another_name_in_another_browser(world: World, tab: Tab) -> None:
    names = []
    for salt in ("AAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBB"):
        world.family.verdicts["told.test"] = verdict("block")
        world.keep({"hosts": {}, "salt": salt})
        assert_closed(world, tab, "told.test", "parents")
        names += list(until(lambda: world.kept("hosts")))
    assert len(set(names)) == 2
