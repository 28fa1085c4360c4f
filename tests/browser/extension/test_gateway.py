"""The whole way with the real gateway: a code, a closed page, a question of the child, a permission, and its end."""

from pathlib import Path

from tests.browser.extension.chromium import Chromium, Tab
from tests.browser.extension.driving import until
from tests.browser.extension.gateway import Gateway, with_gateway
from tests.browser.extension.origin import Origin
from tests.browser.extension.pixels import shows
from tests.browser.extension.sites import pages_at
from tests.browser.extension.unpacked import unpack


def test_a_code_a_question_and_a_permission(tmp_path: Path) -> None:
    with_gateway(tmp_path / "gateway", lambda gateway: story(gateway, tmp_path))


def story(gateway: Gateway, tmp_path: Path) -> None:
    addon = unpack(tmp_path / "addon", "chromium")
    with Origin({}) as origin, Chromium(tmp_path / "profile") as browser, browser.tab() as tab, browser.tab() as own:
        origin.pages.update(pages_at(origin.port))
        own.go(f"chrome-extension://{browser.load(addon)}/pages/block.html")
        own.wait("document.querySelector('footer') !== null")
        message = f"{{kind: 'pair', gateway: '{gateway.url}', code: '{gateway.code('aru')}'}}"
        told = own.evaluate(f"chrome.runtime.sendMessage({message})")
        assert (told["paired"], told["person"], told["contact"]) == (True, "aru", "reachable")

        # A label closes a page, and the gateway is told of it.
        with tab.filmed() as frames:
            tab.go(f"http://js.test:{origin.port}/")
            tab.wait_for_url("block.html#http://js.test")
        assert not any(shows(frame) for frame in frames)
        tab.go(f"http://plain.test:{origin.port}/")
        tab.wait("document.body?.innerText === 'hello' && !document.documentElement.hasAttribute('style')")

        # The household's rule closes a host: nothing of it is asked for.
        tab.go(f"http://games.test:{origin.port}/")
        tab.wait_for_url("block.html#http://games.test")
        assert origin.asked("games.test") == []

        # A label closes another, and the child asks.
        tab.go(f"http://adult.test:{origin.port}/")
        tab.wait("document.querySelector('form button') !== null && location.hash.includes('adult')")
        tab.evaluate("void document.querySelector('form button').click()")
        asks = until(lambda: gateway.api("GET", "/api/v1/asks")["asks"])
        assert [(each["host"], each["person"]) for each in asks] == [("adult.test", "aru")]

        # The guardian says yes: the next bundle opens it, and the add-on fetches it.
        given = gateway.api("POST", "/api/v1/grants", {"for": "aru", "host": "adult.test"})["grants"][0]
        assert own.evaluate("chrome.runtime.sendMessage({kind: 'refresh'})")["bundle"]
        tab.go(f"http://adult.test:{origin.port}/")
        tab.wait("document.body?.innerText === 'secret' && !document.documentElement.hasAttribute('style')")

        # Taken back, it closes again, in the window that shows it too.
        gateway.api("DELETE", f"/api/v1/grants/{given['id']}")
        assert own.evaluate("chrome.runtime.sendMessage({kind: 'refresh'})")["bundle"]
        tab.wait_for_url("block.html#http://adult.test")

        revoked(gateway, browser, tab, own, origin)


def revoked(gateway: Gateway, browser: Chromium, tab: Tab, own: Tab, origin: Origin) -> None:
    """`qorgan devices --revoke`: every page says what that means, and a new code sets the browser up again."""
    home = own.url.removesuffix("pages/block.html")
    [device] = gateway.api("GET", "/api/v1/devices")["devices"]
    gateway.api("DELETE", f"/api/v1/devices/{device['id']}")
    # Nobody asks for it: the next question to the gateway finds it out, and what is open is closed.
    tab.go(f"http://second.test:{origin.port}/")
    tab.wait_for_url("block.html#http://second.test")
    assert own.evaluate("chrome.runtime.sendMessage({kind: 'status'})")["paired"] is False
    plain = f"http://plain.test:{origin.port}/"
    tab.go(plain)
    tab.wait_for_url(f"block.html#{plain}")
    tab.wait("document.querySelector('h1') !== null")
    assert "The filter does not know who you are" in tab.text()
    with browser.tab() as page:
        page.go(f"{home}popup/popup.html")
        page.wait("document.querySelector('#languages [lang=en]') !== null")
        page.evaluate("document.querySelector('#languages [lang=en]').click()")
        page.wait("document.body.innerText.includes('The gateway does not know this device any more.')")
        assert page.evaluate("document.getElementById('ask').hidden")
    with browser.tab() as page:
        page.go(f"{home}options/options.html")
        page.wait("document.querySelector('#languages [lang=en]') !== null")
        page.evaluate("document.querySelector('#languages [lang=en]').click()")
        page.wait("document.getElementById('state').className === 'closed'")
        assert "The gateway does not know this device any more. Pages stay closed" in page.text()
        assert "Connected" not in page.text()
        for name, value in {"gateway": gateway.url, "code": gateway.code("aru")}.items():
            page.evaluate(f"void (document.getElementById('{name}').value = '{value}')")
        page.evaluate("document.querySelector('#pair-form button').click()")
        page.wait("document.getElementById('pair-told').textContent.includes('Connected.')")
        assert "Set up for: aru" in page.text()
    tab.go(plain)
    tab.wait("document.body?.innerText === 'hello' && !document.documentElement.hasAttribute('style')")
    [again] = gateway.api("GET", "/api/v1/devices")["devices"]
    assert again["id"] != device["id"]
