"""A browser that was closed and starts again: its first navigation is judged. Private windows are no way around."""

from pathlib import Path

from tests.browser.extension.chromium import Chromium
from tests.browser.extension.driving import until
from tests.browser.extension.family import Family, verdict
from tests.browser.extension.origin import Origin, Page, html
from tests.browser.extension.pixels import shows
from tests.browser.extension.sites import pages_at
from tests.browser.extension.unpacked import unpack

_SHOWN = "!document.documentElement.hasAttribute('style')"


def test_the_first_navigation_after_a_restart_is_judged(tmp_path: Path) -> None:
    addon = unpack(tmp_path / "addon", "chromium")
    loading = (f"--load-extension={addon}", f"--disable-extensions-except={addon}")
    with Origin({}) as origin, Family(tmp_path / "family") as family:
        origin.pages.update(pages_at(origin.port))
        with Chromium(tmp_path / "profile", more=loading) as browser:
            pair(browser, family)
        family.leave()  # and the gateway is not there
        with Chromium(tmp_path / "profile", more=loading) as browser:
            # Loaded by hand, it is there a moment after the first window; test_by_policy has the very first page.
            until(lambda: any(each["url"].endswith("background/worker.js") for each in browser.targets()))
            with browser.tab() as tab, tab.filmed() as frames:
                tab.go(f"http://games.test:{origin.port}/")
                tab.wait_for_url("block.html#http://games.test")
                tab.go(f"http://adult.test:{origin.port}/")
                tab.wait_for_url("block.html#http://adult.test")
            assert not any(shows(frame) for frame in frames)
        assert origin.asked("games.test") == []


def test_a_private_window_is_judged_where_the_add_on_is_allowed(tmp_path: Path) -> None:
    addon = unpack(tmp_path / "addon", "chromium")
    with Origin({}) as origin, Family(tmp_path / "family") as family, Chromium(tmp_path / "profile") as browser:
        origin.pages.update(pages_at(origin.port))
        identity = browser.load(addon, incognito=True)
        pair(browser, family, identity)
        private = str(browser.send("Target.createBrowserContext")["browserContextId"])
        with browser.tab(context=private) as tab:
            with tab.filmed() as frames:
                tab.go(f"http://games.test:{origin.port}/")
                tab.wait_for_url("block.html#")
                tab.go(f"http://js.test:{origin.port}/")
                tab.wait_for_url("block.html#http://js.test")
            assert not any(shows(frame) for frame in frames)
            tab.go(f"http://plain.test:{origin.port}/")
            tab.wait("document.body?.innerText === 'hello' && !document.documentElement.hasAttribute('style')")
        assert origin.asked("games.test") == []
        told = [body for what, body in family.told if what == "labels"]
        assert told == [], "labels of a private window were told"


def test_an_old_page_that_moves_after_an_update_is_judged_by_the_new_add_on(tmp_path: Path) -> None:
    """The scripts of a page that was open when the add-on was replaced reach no background any more."""
    addon = unpack(tmp_path / "addon", "chromium")
    moves = Page(html("<p>here</p>", head="<script>const go = () => history.pushState({}, '', '/next')</script>"))
    pages = {"moves.test/": moves, "moves.test/next": Page(html("<p>there</p>"))}
    with Origin(pages) as origin, Family(tmp_path / "family") as family, Chromium(tmp_path / "profile") as browser:
        family.verdicts["moves.test"] = verdict("allow", "unlabelled")
        identity = browser.load(addon)
        pair(browser, family, identity)
        with browser.tab() as tab:
            tab.go(f"http://moves.test:{origin.port}/")
            tab.wait(f"document.body?.innerText === 'here' && {_SHOWN}")
            assert browser.load(addon) == identity
            tab.evaluate("void go()")
            tab.wait(f"document.body?.innerText === 'there' && {_SHOWN}")


def pair(browser: Chromium, family: Family, identity: str | None = None) -> None:
    if identity is None:
        found = until(lambda: [each for each in browser.targets() if each["url"].endswith("background/worker.js")])
        identity = str(found[0]["url"]).split("/")[2]
    with browser.tab() as tab:
        tab.go(f"chrome-extension://{identity}/pages/block.html")
        tab.wait("document.querySelector('footer') !== null")
        message = f"{{kind: 'pair', gateway: '{family.address}', code: 'ABCD-EFGH'}}"
        assert tab.evaluate(f"chrome.runtime.sendMessage({message}).then(({{paired}}) => paired)")
