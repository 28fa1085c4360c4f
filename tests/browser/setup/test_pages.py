"""The options page and the popup in a real Chromium: what they say, in three languages, to everybody."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from PIL import Image

from tests.browser.extension.chromium import Tab
from tests.browser.extension.driving import until
from tests.browser.setup.conftest import Setup, in_language, open_page, unnamed

OPTIONS = "options/options.html"
WORDS = {
    "kk": ("Шлюзге қосу", "Қосымша мұнда не істей алмайды", "Браузерден не шығады"),
    "ru": ("Подключение к шлюзу", "Чего дополнение здесь не может", "Что покидает браузер"),
    "en": ("Connect to a gateway", "What the add-on cannot do here", "What leaves this browser"),
}


def colours(png: bytes) -> int:
    image = Image.open(BytesIO(png)).convert("RGB")
    return len(image.getcolors(image.width * image.height) or [])


@contextmanager
def popup(setup: Setup, url: str, ready: str) -> Iterator[Tab]:
    """The popup over a page, as a click on its button opens it."""
    with setup.browser.tab() as tab, setup.browser.tab() as opener:
        open_page(setup, opener, OPTIONS)
        tab.go(url)
        tab.wait(ready)
        tab.send("Page.bringToFront")
        opener.evaluate("chrome.action.openPopup()")
        wanted = setup.page("popup/popup.html")
        target = until(lambda: [each["targetId"] for each in setup.browser.targets() if each["url"] == wanted])[0]
        session = setup.browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        found = Tab(setup.browser, session, target)
        found.send("Log.enable")
        found.wait("document.querySelector('#languages button') !== null")
        yield found
        setup.browser.send("Target.closeTarget", targetId=target)


def test_before_it_is_set_up_the_page_says_so_in_each_language(unpaired: Setup) -> None:
    with unpaired.browser.tab() as tab:
        open_page(unpaired, tab, OPTIONS)
        for language, words in WORDS.items():
            text = in_language(tab, language)
            assert all(each in text for each in words), text
            assert unnamed(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert colours(tab.screenshot()) > 20
        assert tab.evaluate("document.getElementById('state').className") == "off"
    assert unpaired.faults == []


def test_an_open_pairing_page_fills_in_the_form_and_a_wrong_code_is_told(unpaired: Setup) -> None:
    with unpaired.browser.tab() as page, unpaired.browser.tab() as tab:
        page.go("http://gateway.test/addon/pair#ABCD-EFGH")
        page.wait("location.host === 'gateway.test'")
        open_page(unpaired, tab, OPTIONS)
        tab.wait("document.getElementById('code').value !== ''")
        fields = tab.evaluate("['gateway', 'code'].map((id) => document.getElementById(id).value)")
        assert fields == ["http://gateway.test", "ABCD-EFGH"]
        text = in_language(tab, "en")
        assert "The pairing page of the gateway http://gateway.test is open in this browser" in text
        # A whole link in the field is taken apart; a code that the gateway does not know is refused by it.
        link = json.dumps(f"{unpaired.family.address}/addon/pair#XXXX-XXXX")
        tab.evaluate(f"document.getElementById('gateway').value = {link}")
        tab.evaluate("document.getElementById('gateway').dispatchEvent(new Event('input'))")
        assert tab.evaluate("document.getElementById('code').value") == "XXXX-XXXX"
        tab.evaluate("document.querySelector('#pair-form button').click()")
        tab.wait("document.getElementById('pair-told').textContent.includes('The code is wrong, used, or too old')")
        assert tab.evaluate("document.getElementById('state').className") == "off"
    unpaired.faults.clear()  # the browser itself writes down that the gateway answered 403


def test_pairing_by_a_code_sets_the_browser_up_and_nobody_can_undo_it_there(unpaired: Setup) -> None:
    with unpaired.browser.tab() as tab:
        open_page(unpaired, tab, OPTIONS)
        in_language(tab, "en")
        for name, value in {"gateway": unpaired.family.address, "code": "ABCD-EFGH"}.items():
            tab.evaluate(f"document.getElementById('{name}').value = {json.dumps(value)}")
        tab.evaluate("document.querySelector('#pair-form button').click()")
        tab.wait("document.getElementById('state').className === 'on'")
        for language, words in {"kk": "Кім үшін бапталған", "ru": "Для кого настроено", "en": "Set up for"}.items():
            assert f"{words}: aru" in in_language(tab, language)
            assert unnamed(tab) == []
        text = tab.text()
        assert unpaired.family.key.thumbprint in text
        assert unpaired.family.address in text
        assert "It cannot be done here" in text
        buttons = tab.evaluate("[...document.querySelectorAll('main button')].map((each) => each.textContent)")
        assert buttons == ["Connect", "Get the rules now"]
        assert not tab.evaluate("document.getElementById('pair-again').open")
        tab.evaluate("document.getElementById('refresh').click()")
        tab.wait("document.getElementById('refresh-told').textContent.includes('The rules are up to date')")
    assert unpaired.faults == []


def test_the_popup_shows_labels_parts_and_the_article(paired: Setup) -> None:
    with popup(paired, "http://films.test/", "document.readyState === 'complete'") as page:
        page.wait("document.querySelectorAll('#labels details').length > 0")
        text = in_language(page, "en")
        assert "films.test" in text
        assert "Open, partly hidden" in text
        assert "2 parts of the page are hidden." in text
        assert "Law 169-VI, Art. 16(3)" in text
        assert "6+ — from 6 years, for a part of the page" in text
        # In one go: the popup is made anew whenever the background notes something.
        page.wait("document.querySelectorAll('#labels details').length > 0")
        opened = page.evaluate("document.querySelector('#labels details').open = true, document.body.innerText")
        assert "in the text of the page (a sign in the page’s text)" in opened
        assert "Скрыто 2 части страницы." in in_language(page, "ru")
        assert "Беттің 2 бөлігі жасырылған." in in_language(page, "kk")
        assert unnamed(page) == []
        assert colours(page.screenshot()) > 20
    assert paired.faults == []


def test_the_popup_over_the_block_page_asks_for_the_page(paired: Setup) -> None:
    with popup(paired, "http://adult.test/", "location.pathname === '/pages/block.html'") as page:
        text = in_language(page, "en")
        assert "adult.test" in text
        assert "Closed" in text
        assert "adult — from 18 years, for the whole site" in text
        page.evaluate("document.getElementById('reason').value = 'for school'")
        page.evaluate("document.querySelector('#ask button').click()")
        page.wait("document.getElementById('ask-told').textContent.includes('Sent.')")
        assert page.evaluate("document.getElementById('ask').hidden")
    asked = [body for what, body in paired.family.told if what == "ask"]
    assert asked == [{"host": "adult.test", "reason": "for school"}]
    assert paired.faults == []


def test_a_device_that_was_removed_at_the_gateway_says_that_it_is_closed(paired: Setup) -> None:
    with paired.browser.tab() as tab:
        open_page(paired, tab, OPTIONS)
        tab.evaluate("chrome.storage.local.set({pairing: null, signed: null})")
        tab.wait("document.getElementById('state').className === 'closed'")
        text = in_language(tab, "en")
        assert "The gateway does not know this device any more" in text
        assert "Connect to a gateway" in text
        assert tab.evaluate("document.getElementById('facts-section').hidden")


def test_a_background_that_does_not_answer_is_not_called_protection(setup: Setup) -> None:
    with setup.browser.tab() as tab:
        gone = "chrome.runtime.sendMessage = () => Promise.reject(new Error('gone'))"
        tab.send("Page.addScriptToEvaluateOnNewDocument", source=gone)
        open_page(setup, tab, OPTIONS)
        assert "The add-on does not answer" in in_language(tab, "en")
        assert tab.evaluate("['pairing', 'facts-section', 'undo'].every((id) => document.getElementById(id).hidden)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(setup: Setup, scheme: str) -> None:
    """Contrast of what is set as text on its ground: at least 4.5 (WCAG 2.2, 1.4.3); buttons too."""
    with setup.browser.tab() as tab:
        tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        open_page(setup, tab, OPTIONS)
        found = tab.evaluate(CONTRASTS)
        assert len(found) > 10
        assert [each for each in found if each["ratio"] < 4.5] == []


CONTRASTS = """
(() => {
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = [...document.querySelectorAll("h1, h2, p, li, dt, dd, label, button")]
    .filter((each) => each.textContent && each.offsetParent);
  return texts.map((each) => {
    const [a, b] = [light(getComputedStyle(each).color), light(ground(each))].sort((x, y) => y - x);
    return { text: each.textContent.slice(0, 40), ratio: (a + 0.05) / (b + 0.05) };
  });
})()
"""
