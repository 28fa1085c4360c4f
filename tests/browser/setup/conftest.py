"""The add-on as it is built, in one Chromium, set up for a child of nine and not set up."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.edge.addon.building import Built, build
from gateway.edge.installation import read_installation
from tests.browser.extension.chromium import Chromium, Tab
from tests.browser.extension.family import Family
from tests.browser.extension.origin import Origin, Page, html

CARDS = "".join(
    f"<article class=card><h3><a href=/film/{number}>A film</a></h3><span>{mark}</span></article>"
    for number, mark in enumerate(("18+", "6+", "18+"))
)
PAGES = {
    "films.test/": Page(html(f"<main>{CARDS}</main>")),
    "adult.test/": Page(html("A page", head='<meta name="rating" content="adult">')),
    "gateway.test/addon/pair": Page(html("A pairing page")),
}


def rules(port: int) -> str:
    """Every name under `.test` is the origin, as if it listened on port 80."""
    return f"--host-resolver-rules=MAP *.test:80 127.0.0.1:{port}"


@dataclass
class Setup:
    browser: Chromium
    extension: str
    family: Family
    faults: list[str] = field(default_factory=list)

    def page(self, name: str) -> str:
        return f"chrome-extension://{self.extension}/{name}"

    def within(self, script: str) -> Any:
        """What an expression gives in a page of the add-on."""
        with self.browser.tab() as tab:
            open_page(self, tab, "options/options.html")
            return tab.evaluate(script)

    def take(self, message: dict[str, Any]) -> None:
        """What a page of ours complains about."""
        method, told = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown" or (method == "Log.entryAdded" and told["entry"]["level"] == "error"):
            self.faults.append(str(told)[:500])


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    return build(read_installation(None, folder / "data"), folder / "out", None, "http://127.0.0.1:1")


@pytest.fixture(scope="module")
def setup(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setup]:
    folder = tmp_path_factory.mktemp("setup")
    with (
        Origin(PAGES) as origin,
        Family(folder / "family") as family,
        Chromium(folder / "profile", more=("--window-size=1000,1200", rules(origin.port))) as browser,
    ):
        found = Setup(browser, browser.load(built.out / "chromium", incognito=True), family)
        browser.listen(found.take)
        yield found


@pytest.fixture
def unpaired(setup: Setup) -> Setup:
    """As it is after its installation."""
    setup.within("chrome.storage.local.clear().then(() => true)")
    return setup


@pytest.fixture
def paired(setup: Setup) -> Setup:
    """Set up for the child, whatever tests were there before."""
    asked = {"kind": "pair", "gateway": setup.family.address, "code": "ABCD-EFGH"}
    assert setup.within(f"chrome.runtime.sendMessage({json.dumps(asked)})")["paired"]
    return setup


def in_language(tab: Tab, language: str) -> str:
    """The page's text after its button for the language was pressed."""
    tab.evaluate(f"document.querySelector('#languages [lang={language}]').click()")
    tab.wait(f"document.documentElement.lang === '{language}'")
    return tab.text()


def unnamed(tab: Tab) -> list[str]:
    """What somebody who does not see could not name: buttons, fields, links and pictures without a name."""
    tab.send("Accessibility.enable")
    nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "link", "textbox", "image", "heading", "navigation", "region", "DisclosureTriangle"}
    return [
        str(node["role"]["value"])
        for node in nodes
        if not node.get("ignored")
        and node["role"].get("value") in roles
        and not node.get("name", {}).get("value", "").strip()
    ]


def open_page(setup: Setup, tab: Tab, name: str) -> None:
    tab.send("Log.enable")
    tab.go(setup.page(name))
    tab.wait("document.querySelector('#languages button') !== null")
