"""Who may say what to the background: pages of sites nothing, our script in them only what is about its own page."""

from typing import Any

import pytest

from tests.browser.extension.chromium import Chromium, Tab
from tests.browser.extension.conftest import World
from tests.browser.extension.driving import until


def in_script(tab: Tab, expression: str) -> Any:
    """The value of an expression in the world of our content script; what the script can, and no more."""
    worlds: list[int] = []

    def take(message: dict[str, Any]) -> None:
        if message.get("method") == "Runtime.executionContextCreated" and message.get("sessionId") == tab.session:
            context = message["params"]["context"]
            if context["origin"].startswith("chrome-extension://") and context["auxData"]["type"] == "isolated":
                worlds.append(context["id"])

    tab.browser.listen(take)
    tab.send("Runtime.disable")
    tab.send("Runtime.enable")
    until(lambda: worlds)
    tab.browser.forget(take)
    result = tab.send(
        "Runtime.evaluate", expression=expression, contextId=worlds[-1], awaitPromise=True, returnByValue=True
    )
    return result["result"].get("value")


# The driver of Firefox does not reach into the worlds of content scripts; the code is the same.
@pytest.mark.parametrize("started", ["chromium"], indirect=True)
def test_a_script_in_a_page_may_not_speak_for_the_add_on(world: World) -> None:
    assert isinstance(world.browser, Chromium)
    with world.browser.tab() as tab:
        tab.go(world.url("plain.test"))
        tab.wait("document.body?.innerText === 'hello'")
        for message in (
            "{kind: 'status'}",
            "{kind: 'pair', gateway: 'http://127.0.0.1:1', code: 'x'}",
            "{kind: 'ask', host: 'games.test'}",
            "{kind: 'check', url: 'http://games.test/'}",
            "{kind: 'constructor'}",
            "{kind: 'toString'}",
            "null",
        ):
            told = in_script(tab, f"chrome.runtime.sendMessage({message})")
            assert told["fault"]["code"] == "fault", (message, told)
        # Of another origin it is told what holds for its own.
        told = in_script(tab, f"chrome.runtime.sendMessage({{kind: 'start', url: '{world.url('games.test')}'}})")
        assert told["state"] in ("known", "read"), told
    assert world.ask({"kind": "status"})["paired"]


def test_a_page_of_a_site_has_no_way_to_the_background(world: World) -> None:
    with world.browser.tab() as tab:
        tab.go(world.url("plain.test"))
        tab.wait("document.body?.innerText === 'hello'")
        assert tab.evaluate("typeof globalThis.browser?.runtime?.sendMessage") == "undefined"
        assert tab.evaluate("typeof globalThis.chrome?.runtime?.sendMessage") == "undefined"


def test_what_no_page_of_ours_sends_is_refused(world: World) -> None:
    for message in ({"kind": "judge", "url": "x"}, {"kind": "nothing"}, {}):
        assert "fault" in world.ask(message), message
