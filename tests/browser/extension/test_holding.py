"""A page that is not for the child: not one of its pixels is painted, and the block page says why."""

import pytest

from tests.browser.extension.conftest import Tab, World
from tests.browser.extension.pixels import FINE, shows


def assert_closed(world: World, tab: Tab, host: str, said: str = "18+") -> None:
    with tab.filmed() as frames:
        tab.go(world.url(host))
        tab.wait_for_url("block.html#")
        tab.wait("document.querySelector('h1') !== null")
    assert not any(shows(frame) for frame in frames), f"a part of {host} was painted"
    assert said in tab.text()


@pytest.mark.parametrize(
    "host", ["adult.test", "film.test", "dialog.test", "stubborn.test", "slow.test", "csp.test", "named-adult.test"]
)
def test_nothing_of_a_labelled_page_is_painted(world: World, tab: Tab, host: str) -> None:
    assert_closed(world, tab, host)
    assert world.origin.asked(host) == [f"{host}/"], "one request: it had to be read"


def test_a_label_in_the_headers_closes_before_the_document(world: World, tab: Tab) -> None:
    assert_closed(world, tab, "header.test")


def test_what_the_policy_closes_is_never_asked_for(world: World, tab: Tab) -> None:
    assert_closed(world, tab, "games.test", "no-games")
    assert world.origin.asked("games.test") == []


def test_an_open_page_is_shown_and_left_as_it_was(world: World, tab: Tab) -> None:
    before = world.origin.asked("plain.test")  # other tests of this process may have been here
    tab.go(world.url("plain.test"))
    tab.wait("document.body?.innerText === 'hello' && !document.documentElement.hasAttribute('style')")
    assert shows(tab.screenshot(), FINE)
    assert world.origin.asked("plain.test") == [*before, "plain.test/"]


def test_a_page_that_comes_slowly_is_shown_before_its_end(world: World, tab: Tab) -> None:
    tab.go(world.url("slowly.test"))
    tab.wait("document.readyState === 'loading' && document.body !== null")
    tab.wait("getComputedStyle(document.documentElement).opacity === '1'")
    assert "the end" not in tab.text()


def test_what_is_held_is_laid_out_for_its_scripts_and_for_nobody_else(world: World, tab: Tab) -> None:
    tab.go(world.url("measures.test"))
    tab.wait("typeof tall === 'number' && getComputedStyle(document.documentElement).opacity === '1'")
    assert tab.evaluate("tall") == 3_000
    assert world.name == "firefox" or tab.evaluate("held") == 1, "Chromium rendered what nobody saw"
    assert tab.evaluate("[...document.documentElement.children].map(({localName}) => localName)") == ["head", "body"]
    tab.wait("frames > held + 1")


def test_a_picture_is_shown(world: World, tab: Tab) -> None:
    tab.go(world.url("image.test", "/picture.svg"))
    tab.wait("document.documentElement.localName === 'svg'")
    tab.wait("getComputedStyle(document.documentElement).opacity === '1'")


def test_the_block_page_names_label_article_and_place(world: World, tab: Tab) -> None:
    tab.go(world.url("adult.test"))
    tab.wait_for_url("block.html#")
    tab.wait("document.querySelector('h1') !== null")
    text = tab.text()
    for part in ("RTA-5042-1996-1400-1577-RTA", "Art. 16(3)", "adult.test", "Қазақша", "Русский"):
        assert part in text, text
