"""One Chromium and one Firefox for all tests of a run, each with the add-on, paired with a family's gateway."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser.extension.chromium import Chromium
from tests.browser.extension.chromium import Tab as ChromiumTab
from tests.browser.extension.family import Family
from tests.browser.extension.firefox import UUID, Firefox
from tests.browser.extension.firefox import Tab as FirefoxTab
from tests.browser.extension.origin import Origin
from tests.browser.extension.sites import HOSTS, pages_at
from tests.browser.extension.unpacked import unpack

type Tab = ChromiumTab | FirefoxTab


@dataclass(slots=True)
class World:
    """A browser, the sites that it visits, and the gateway that it is paired with."""

    name: str
    browser: Chromium | Firefox
    origin: Origin
    family: Family
    home: str  # of the add-on's own pages

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.origin.port}{path}"

    def ask(self, message: dict[str, Any]) -> Any:
        """The background's answer to a message of a page of the add-on."""
        return self.in_addon(f"(globalThis.browser ?? chrome).runtime.sendMessage({json.dumps(message)})")

    def in_addon(self, script: str) -> Any:
        with self.browser.tab() as tab:
            tab.go(f"{self.home}pages/block.html")
            tab.wait("document.readyState === 'complete' && !!document.querySelector('footer')")
            return tab.evaluate(script)

    def keep(self, values: dict[str, Any]) -> None:
        """Puts values where the background keeps its own (background/state.js)."""
        self.in_addon(f"(globalThis.browser ?? chrome).storage.local.set({json.dumps(values)}).then(() => true)")

    def kept(self, name: str) -> Any:
        return self.in_addon(
            f"(globalThis.browser ?? chrome).storage.local.get('{name}').then((found) => found['{name}'])"
        )


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    addon = unpack(folder / "addon", request.param)
    with ExitStack() as stack:
        origin = stack.enter_context(Origin({}))
        origin.pages.update(pages_at(origin.port))
        family = stack.enter_context(Family(folder / "family"))
        if request.param == "chromium":
            chromium = stack.enter_context(Chromium(folder / "profile"))
            world = World("chromium", chromium, origin, family, f"chrome-extension://{chromium.load(addon)}/")
        else:
            firefox = stack.enter_context(Firefox(folder / "profile", HOSTS))
            firefox.load(addon)
            world = World("firefox", firefox, origin, family, f"moz-extension://{UUID}/")
        told = world.ask({"kind": "pair", "gateway": family.address, "code": "ABCD-EFGH"})
        assert told["paired"], told
        yield world


@pytest.fixture
def world(started: World) -> World:
    started.family.verdicts.clear()
    started.family.meanwhile.clear()
    started.family.told.clear()
    return started


@pytest.fixture
def tab(world: World) -> Iterator[Tab]:
    with world.browser.tab() as found:
        yield found
