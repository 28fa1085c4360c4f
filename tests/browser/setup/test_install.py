"""Browsers of a school take the packages by the example policies: the CRX into Chromium, the XPI into Firefox ESR.

Each policy lies in a mount namespace that only this browser sees; nothing of the machine is changed.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from gateway.edge.addon.building import Built, build
from gateway.edge.installation import read_installation
from tests.browser.extension import chromium
from tests.browser.extension.chromium import Chromium
from tests.browser.extension.driving import until
from tests.browser.extension.family import Family
from tests.browser.extension.firefox import ID, UUID, Firefox
from tests.browser.setup.conftest import in_language

_TYPES: Final = {".xml": "application/xml", ".crx": "application/x-chrome-extension", ".xpi": "application/x-xpinstall"}


@dataclass
class Hosted:
    """What was built, as the gateway serves it, and what was asked for."""

    out: Path
    built: Built
    asked: list[str] = field(default_factory=list)

    def policy(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.out / "policies" / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder = tmp_path_factory.mktemp("hosted")
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.partition("?")[0].removeprefix("/addon/")
            asked.append(name)
            file = folder / "out" / name
            body = file.read_bytes() if "/" not in name and file.is_file() else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", _TYPES.get(file.suffix, "application/json"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name is the library's

        def log_message(self, *_: object) -> None:
            """Nothing: `asked` has it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield Hosted(folder / "out", build(read_installation(None, folder / "data"), folder / "out", None, address), asked)
    server.shutdown()
    server.server_close()


def seeing(folder: Path, at: str) -> tuple[str, ...]:
    """The start of a command that sees `folder` at a place of its own."""
    own = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")
    return (*own, "sh", "-c", f'mount --bind "$0" {at} && exec "$@"', str(folder))


def test_chromium_installs_the_crx_by_policy(hosted: Hosted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # With this flag Chromium fetches no add-on.
    flags = tuple(flag for flag in chromium._FLAGS if flag != "--disable-background-networking")
    monkeypatch.setattr(chromium, "_FLAGS", flags)
    policy = hosted.policy("chromium.json")
    policy["DeveloperToolsAvailability"] = 1  # or nobody could look into the pages of the add-on
    managed = tmp_path / "etc" / "policies" / "managed"
    managed.mkdir(parents=True)
    (managed / "qorgan.json").write_text(json.dumps(policy))
    extension = hosted.built.rollout.chromium_id
    with Chromium(tmp_path / "profile", wrap=seeing(tmp_path / "etc", "/etc/chromium")) as browser:
        until(
            lambda: [each for each in browser.targets() if each["url"].startswith(f"chrome-extension://{extension}/")]
        )
        with browser.tab() as tab:
            assert_options_page(tab, f"chrome-extension://{extension}/options/options.html")
            assert tab.evaluate("chrome.runtime.getManifest().version") == hosted.built.rollout.version
            # Whoever installed it by policy is the only one who takes it away.
            told = tab.evaluate("chrome.management.getSelf()")
            assert (told["installType"], told["mayDisable"]) == ("admin", False)
    assert [name for name in hosted.asked if name in ("update.xml", "qorgan.crx")][:2] == ["update.xml", "qorgan.crx"]


def test_firefox_esr_installs_the_xpi_by_policy_and_enrols_itself(hosted: Hosted, tmp_path: Path) -> None:
    assert hosted.built.rollout.gecko_id == ID
    (tmp_path / "policies").mkdir()
    wrap = seeing(tmp_path / "policies", "/usr/share/firefox-esr/distribution")
    policy = hosted.policy("firefox.json")
    with Family(tmp_path / "family") as family:
        policy["policies"]["3rdparty"]["Extensions"][ID] |= {"gateway": family.address, "enrolment": "ABCD-EFGH"}
        (tmp_path / "policies" / "policies.json").write_text(json.dumps(policy))
        with Firefox(tmp_path / "profile", (), wrap=wrap) as browser:
            until(lambda: "qorgan.xpi" in hosted.asked)
            with browser.tab() as tab:
                assert_options_page(tab, f"moz-extension://{UUID}/options/options.html")
                tab.wait("!document.getElementById('managed').hidden")
                text = in_language(tab, "en")
                assert "Set up for: aru" in text
                assert "Whoever is the administrator of this computer can undo the setup" in text
                assert tab.evaluate("document.getElementById('pairing').hidden")


def assert_options_page(tab: Any, address: str) -> None:
    def opened() -> bool:
        tab.go(address)
        tab.wait("document.querySelector('#languages button') !== null", 1)
        return True

    until(lambda: quietly(opened))
    for language, words in {"kk": "Қосымша мұнда", "ru": "Чего дополнение", "en": "What the add-on cannot do"}.items():
        assert words in in_language(tab, language)


def quietly(opened: Any) -> bool:
    try:
        return bool(opened())
    except AssertionError:
        return False
