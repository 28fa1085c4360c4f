"""Parts above the age: covered with a sign and a reason, and the rest of the page stays."""

import time
from typing import Any

import pytest

from tests.browser.extension.conftest import Tab, World
from tests.browser.extension.driving import until
from tests.browser.extension.family import POLICY
from tests.browser.extension.pixels import FINE, shows

_SHOWN = "!document.documentElement.hasAttribute('style')"
_COVERED = "document.querySelector('#night')?.matches('[inert]')"


def test_a_card_of_a_list_is_covered_and_the_others_stay(world: World, tab: Tab) -> None:
    with tab.filmed() as frames:
        tab.go(world.url("list.test"))
        tab.wait(f"{_COVERED} && {_SHOWN}")
    assert not any(shows(frame) for frame in frames)
    assert shows(frames[-1], FINE)
    assert tab.url.startswith("http://list.test")
    assert tab.evaluate("getComputedStyle(night).display") == "none"
    assert tab.evaluate("getComputedStyle(meadow).display") != "none"
    # Between the cards stands a sign: in a list an element of a list, so that the list is one still.
    assert tab.evaluate("night.nextElementSibling.localName") == "li"
    assert tab.evaluate("night.nextElementSibling.getBoundingClientRect().height") > 20


def test_what_it_plays_is_stopped_and_unloaded(world: World, tab: Tab) -> None:
    tab.go(world.url("list.test"))
    tab.wait(f"{_COVERED} && {_SHOWN}")
    assert tab.evaluate("[night.querySelector('video').paused, night.querySelector('video').getAttribute('src')]") == [
        True,
        None,
    ]


def test_a_card_with_a_sign_stays_covered_when_the_page_is_read_again(world: World, tab: Tab) -> None:
    """A cover hides the sign that it rests on; the next reading must find it all the same."""
    with tab.filmed() as frames:
        tab.go(world.url("signs.test"))
        tab.wait(f"{_COVERED} && {_SHOWN}")
        for text in ("one", "two", "three"):
            tab.evaluate(f"void document.body.append('{text}')")
            tab.wait("new Promise((resolve) => setTimeout(resolve, 400, true))")
            assert tab.evaluate("getComputedStyle(night).display") == "none", text
    assert not any(shows(frame) for frame in frames)
    assert told(world, "signs.test")["masked"] == 1


def told(world: World, host: str) -> dict[str, Any]:
    """What the popup is told of the tab that shows the host."""
    script = """(async () => {
      const api = globalThis.browser ?? chrome;
      const tab = (await api.tabs.query({})).find(({ url }) => url?.startsWith("http://HOST"));
      return tab === undefined ? {} : await api.runtime.sendMessage({ kind: "page", tab: tab.id }) ?? {};
    })()"""
    return dict(world.in_addon(script.replace("HOST", host)))


def test_the_popup_is_told_how_many_parts_are_covered(world: World, tab: Tab) -> None:
    tab.go(world.url("list.test"))
    tab.wait(f"{_COVERED} && {_SHOWN}")
    found = until(lambda: told(world, "list.test"))
    assert (found["verdict"]["action"], found["masked"]) == ("mask", 1)
    # Another reading, of a page that is another one now.
    tab.evaluate("void document.body.append('6+')")
    tab.evaluate("void document.querySelector('ul').append(document.querySelector('#night').cloneNode(true))")
    tab.evaluate("void (document.querySelector('ul').lastChild.id = 'midnight')")
    until(lambda: told(world, "list.test")["masked"] == 2)
    assert told(world, "list.test")["verdict"]["action"] == "mask"


def test_parts_of_frames_count_and_go_with_their_page(world: World, tab: Tab) -> None:
    tab.go(world.url("framed-list.test"))
    tab.wait(_SHOWN)
    until(lambda: told(world, "framed-list.test").get("masked") == 1)
    assert told(world, "framed-list.test")["verdict"]["action"] == "allow"
    tab.go(world.url("plain.test"))
    tab.wait("document.body?.innerText === 'hello'")
    assert until(lambda: told(world, "plain.test"))["masked"] == 0


def test_a_card_that_comes_later_is_covered_before_it_is_painted(world: World, tab: Tab) -> None:
    with tab.filmed() as frames:
        tab.go(world.url("grows.test"))
        tab.wait(_COVERED)
        tab.wait(_SHOWN)
    assert not any(shows(frame) for frame in frames)


def test_a_card_that_comes_while_the_page_is_judged_is_covered_before_it_is_painted(world: World, tab: Tab) -> None:
    def grow() -> None:
        del world.family.meanwhile["meets.test"]
        tab.evaluate("void grow()")

    world.family.meanwhile["meets.test"] = grow
    with tab.filmed() as frames:
        tab.go(world.url("meets.test"))
        tab.wait(f"{_COVERED} && {_SHOWN}")
    assert not tab.evaluate("window.isSeen")
    assert world.family.meanwhile == {}, "the card was there before the page was judged"
    assert not any(shows(frame) for frame in frames)
    assert shows(frames[-1], FINE)


def test_a_page_whose_labels_always_change_is_shown_all_the_same(world: World, tab: Tab) -> None:
    judged = []

    def wait() -> None:
        judged.append(1)
        time.sleep(0.1)

    world.family.meanwhile["restless.test"] = wait
    tab.go(world.url("restless.test"))
    tab.wait(f"document.querySelector('#dusk')?.matches('[inert]') && {_SHOWN}")
    assert len(judged) > 1, "it did not change while it was judged"


@pytest.mark.parametrize("host", ["named.test", "named-card.test"])
def test_names_of_elements_hide_nothing_from_the_readers(world: World, tab: Tab, host: str) -> None:
    """In Chromium the name of a control hides the property of the form from content scripts too."""
    shown = "!window.meadow.closest('html').hasAttribute('style')"
    tab.go(world.url(host))
    tab.wait(f"window.dusk?.matches('[inert]') && {shown}")
    tab.evaluate("void grow()")
    tab.wait(f"window.night?.matches('[inert]') && {shown}")
    assert not tab.evaluate("window.isSeen")
    assert tab.evaluate("!window.eve || Element.prototype.matches.call(window.eve, '[inert]')")


def test_a_page_with_a_clock_is_held_for_a_card_that_comes_later(world: World, tab: Tab) -> None:
    """To read it because of anything else wears out no patience."""
    tab.go(world.url("meets.test"))
    tab.wait(f"window.dusk?.matches('[inert]') && {_SHOWN}")
    for second in range(15):
        tab.evaluate(f"void (document.title = {second}, document.body.lastChild.textContent = {second})")
        tab.evaluate("new Promise((resolve) => setTimeout(resolve, 300, true))")
    tab.evaluate("void grow()")
    tab.wait(f"{_COVERED} && {_SHOWN}")
    assert not tab.evaluate("window.isSeen")


def test_a_chat_is_held_for_a_card_that_comes_later(world: World, tab: Tab) -> None:
    """Names of classes in which "age" is a part of another word are no reason to hold, and wear out no patience."""
    tab.go(world.url("meets.test"))
    tab.wait(f"window.dusk?.matches('[inert]') && {_SHOWN}")
    for _ in range(12):
        tab.evaluate("void list.insertAdjacentHTML('beforebegin', '<p class=\"message images homePage\">hello')")
        tab.evaluate("new Promise((resolve) => setTimeout(resolve, 300, true))")
    tab.evaluate("void grow()")
    tab.wait(f"{_COVERED} && {_SHOWN}")
    assert not tab.evaluate("window.isSeen")


@pytest.mark.parametrize("ages", [("9", "adult", "9"), ("adult", "9")])
def test_an_open_page_follows_the_rules_that_come_and_what_changes_in_it_then(
    world: World, tab: Tab, ages: tuple[str, ...]
) -> None:
    try:
        for number, age in enumerate(ages):
            _set_age(world, age)
            if number == 0:
                tab.go(world.url("meets.test"))
            tab.wait(f"window.dusk?.matches('[inert]') === {str(age != 'adult').lower()} && {_SHOWN}")
        tab.evaluate("void grow()")
        tab.wait(f"{_COVERED} && {_SHOWN}")
        assert not tab.evaluate("window.isSeen")
    finally:
        _set_age(world, "9")


def _set_age(world: World, age: str) -> None:
    """The gateway's next bundle is for that age, and the add-on takes it."""
    world.family.bundle = world.family.make(policy=POLICY.replace("age: 9", f"age: {age}"))
    told = world.ask({"kind": "refresh"})
    assert "fault" not in told, told


def test_a_page_cannot_take_the_cover_away(world: World, tab: Tab) -> None:
    with tab.filmed() as frames:
        tab.go(world.url("rewrites.test"))
        tab.wait(f"{_COVERED} && {_SHOWN}")
        tab.wait("new Promise((resolve) => setTimeout(resolve, 300, true))")
    assert not any(shows(frame) for frame in frames)
    assert tab.evaluate("getComputedStyle(night).display") == "none"
