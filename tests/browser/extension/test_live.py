"""Labels that only the live document shows: scripts write them, pages move without loading, trees stand in others."""

from functools import partial
from typing import Any

import pytest

from tests.browser.extension.chromium import until
from tests.browser.extension.conftest import Tab, World
from tests.browser.extension.pixels import FINE, shows
from tests.browser.extension.test_holding import assert_closed

SHOWN = "getComputedStyle(document.documentElement).opacity === '1'"


def test_a_label_that_a_script_writes_with_its_page(world: World, tab: Tab) -> None:
    assert_closed(world, tab, "js.test")


def test_a_label_that_a_script_writes_later_with_what_it_is_about(world: World, tab: Tab) -> None:
    assert_closed(world, tab, "late.test")


def test_a_page_that_moves_without_loading_is_judged_like_a_page(world: World, tab: Tab) -> None:
    tab.go(world.url("spa.test"))
    tab.wait("document.body?.innerText === 'Home' && !document.documentElement.hasAttribute('style')")
    with tab.filmed() as frames:
        tab.evaluate("void go()")
        tab.wait_for_url("block.html#")
        tab.wait("document.querySelector('h1') !== null")
    assert not any(shows(frame) for frame in frames)
    assert world.url("spa.test", "/film") in tab.url


def test_what_stands_in_a_shadow_tree_is_covered_there(world: World, tab: Tab) -> None:
    with tab.filmed() as frames:
        tab.go(world.url("shadow.test"))
        tab.wait("document.querySelector('age-card')?.shadowRoot?.querySelector('[inert]') != null")
        tab.wait("!document.documentElement.hasAttribute('style')")
    assert not any(shows(frame) for frame in frames)
    assert shows(frames[-1], FINE)


def test_a_frame_is_a_page_of_its_own(world: World, tab: Tab) -> None:
    with tab.filmed() as frames:
        tab.go(world.url("frames.test"))
        tab.wait("document.body?.innerText.includes('outer') && !document.documentElement.hasAttribute('style')")
        tab.wait("document.readyState === 'complete'")
        tab.wait("new Promise((resolve) => setTimeout(resolve, 600, true))")
    assert not any(shows(frame) for frame in frames)
    assert shows(frames[-1], FINE)


def test_a_frame_that_a_page_writes_itself_is_a_part_of_it(world: World, tab: Tab) -> None:
    with tab.filmed() as frames:
        tab.go(world.url("written.test"))
        # The frame closes itself or its page covers it, whichever reads first.
        tab.wait("document.querySelector('iframe') !== null")
        tab.wait("document.querySelector('iframe').inert || document.querySelector('iframe').contentDocument === null")
        tab.wait(SHOWN)  # a frame that closed itself may have done so before its page was read
    assert not any(shows(frame) for frame in frames)
    assert shows(frames[-1], FINE)


def test_what_an_imported_style_sheet_draws(world: World, tab: Tab) -> None:
    tab.go(world.url("imports.test"))
    tab.wait_for_url("block.html#http://imports.test")


_COVERED = "document.querySelector('%s')?.shadowRoot?.querySelector('[inert]') != null"
_FRAME = "document.querySelector('iframe')"
# For each kind what is true in the page when it was found; None: the page is closed.
LATE = {
    "late-style.test": None,
    "late-tree.test": _COVERED % "section",
    "late-full-tree.test": _COVERED % "section",
    "late-element.test": _COVERED % "late-card",
    "late-frame.test": f"{_FRAME}.inert || {_FRAME}.contentDocument === null"
    f" || {_FRAME}.contentDocument.querySelector('[inert]') !== null",
}


def assert_found(world: World, tab: Tab, host: str) -> None:
    found = LATE[host]
    tab.go(world.url(host))
    if found is None:
        tab.wait_for_url("block.html#")
    else:
        tab.wait("window.isLate")
        tab.wait(found)


@pytest.mark.parametrize("host", LATE)
def test_what_no_observer_tells_of_is_found_when_it_comes_after_the_first_look(
    world: World, tab: Tab, host: str
) -> None:
    assert_found(world, tab, host)


@pytest.mark.parametrize("host", LATE)
def test_the_same_on_a_page_that_was_open_before(world: World, tab: Tab, host: str) -> None:
    tab.go(world.url(host, "/#never"))
    tab.wait(f"location.hash === '#never' && document.readyState === 'complete' && {SHOWN}")
    tab.go(world.url("plain.test"))
    tab.wait(f"document.body?.innerText === 'hello' && {SHOWN}")
    assert_found(world, tab, host)


def test_the_popup_knows_of_a_silent_page_that_was_open_before(world: World, tab: Tab) -> None:
    """Of it the background is told nothing: what would be said of it was noted at its first visit."""
    for query in ("", "?other", ""):
        tab.go(world.url("second.test", f"/{query}"))
        tab.wait(f"location.search === '{query}' && document.body?.innerText === 'hello again' && {SHOWN}")
        tab.wait("new Promise((resolve) => setTimeout(resolve, 300, true))")
        told = until(partial(_told, world, f"second.test:{world.origin.port}/{query}"))
        assert (told["status"], told["verdict"]["action"]) == ("unlabelled", "allow"), told


def _told(world: World, address: str) -> dict[str, Any] | None:
    """What the popup shows of the tab of an address, as soon as its page was read."""
    tabs = f"(await api.tabs.query({{}})).filter((each) => each.url === 'http://{address}')"
    ask = "api.runtime.sendMessage({kind: 'page', tab: tab.id})"
    script = f"(async () => {{ const api = globalThis.browser ?? chrome; const [tab] = {tabs}; return {ask}; }})()"
    told = world.in_addon(script)
    return told if told and told["status"] is not None else None
