"""A school installs the add-on by policy, in both browsers: it is there without anybody's doing, paired, and stays."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.edge.addon.crx import extension_id
from tests.browser.extension.chromium import Chromium
from tests.browser.extension.driving import until
from tests.browser.extension.family import Family
from tests.browser.extension.firefox import ID, Firefox
from tests.browser.extension.origin import Origin, Page
from tests.browser.extension.pixels import shows
from tests.browser.extension.sites import HOSTS, pages_at
from tests.browser.extension.unpacked import VERSION, crx, xpi

TOKEN = "ABCD-EFGH"


def seeing(folder: Path) -> tuple[str, ...]:
    """The words before a command that sees `folder` over /etc: the policies of this machine are left alone."""
    who = () if os.geteuid() == 0 else ("--map-root-user",)
    mount = f"mount -t overlay overlay -o 'lowerdir={folder}:/etc' /etc"
    return ("unshare", *who, "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh")


def written(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_chromium(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    identity = extension_id(key)
    with Origin({}) as origin, Family(tmp_path / "family") as family:
        home = f"http://127.0.0.1:{origin.port}"
        app = f"<app appid='{identity}'><updatecheck codebase='{home}/q.crx' version='{VERSION}'/></app>"
        update = f"<gupdate xmlns='http://www.google.com/update2/response' protocol='2.0'>{app}</gupdate>"
        origin.pages.update(
            pages_at(origin.port)
            | {
                "127.0.0.1/update.xml": Page(update, type="application/xml"),
                "127.0.0.1/q.crx": Page("", type="application/x-chrome-extension", data=crx(key, f"{home}/update.xml")),
            }
        )
        written(
            tmp_path / "etc" / "chromium" / "policies" / "managed" / "school.json",
            {
                "ExtensionInstallForcelist": [f"{identity};{home}/update.xml"],
                "3rdparty": {
                    "extensions": {identity: {"gateway": family.address, "enrolment": TOKEN, "name": "room 12"}}
                },
                "DeveloperToolsAvailability": 1,  # or the driver sees no page of the add-on
            },
        )
        wrap, profile = seeing(tmp_path / "etc"), tmp_path / "profile"
        worker = f"chrome-extension://{identity}/background/worker.js"
        with Chromium(profile, wrap=wrap) as browser:
            until(lambda: any(each["url"] == worker for each in browser.targets()))
        if not paired(family):  # on Linux the first start knows nothing of the add-on's own policy
            with Chromium(profile, wrap=wrap):
                until(lambda: paired(family))
        first = f"http://games.test:{origin.port}/"
        with Chromium(profile, wrap=wrap, first=first) as browser:
            until(lambda: any("block.html#http://games.test" in each["url"] for each in browser.targets()))
            with browser.tab() as tab, tab.filmed() as frames:
                tab.go(f"http://adult.test:{origin.port}/")
                tab.wait_for_url("block.html#http://adult.test")
            family.codes.clear()  # the enrolment is ended, and then the device is revoked
            assert refused(browser, identity, family) == ["managed", "managed"]
            with pytest.raises(AssertionError, match=r"Extensions\.uninstall"):
                browser.send("Extensions.uninstall", id=identity)
        tried = told(family, "pair")
        with Chromium(profile, wrap=wrap, first=f"http://school.test:{origin.port}/") as browser:
            until(lambda: any("block.html#http://school.test" in each["url"] for each in browser.targets()))
            until(lambda: told(family, "pair") > tried)
        family.codes.add(TOKEN)  # while it holds, a browser that was revoked pairs itself again
        heard = told(family, "heartbeat")
        with Chromium(profile, wrap=wrap):
            until(lambda: told(family, "heartbeat") > heard)
        assert not any(shows(frame) for frame in frames)
        assert origin.asked("games.test") == origin.asked("school.test") == []
        assert next(body for what, body in family.told if what == "pair")["name"] == "room 12"


def refused(browser: Chromium, identity: str, family: Family) -> list[str]:
    """How pairing by a code ends: while the policy's pairing holds, and when the gateway took it away."""
    message = json.dumps({"kind": "pair", "gateway": family.address, "code": TOKEN})
    ask = f"chrome.runtime.sendMessage({message}).then(({{fault}}) => fault?.code)"
    with browser.tab() as tab:
        tab.go(f"chrome-extension://{identity}/pages/block.html")
        tab.wait("document.querySelector('footer') !== null")
        found = [str(tab.evaluate(ask))]
        tab.evaluate("chrome.storage.local.set({ pairing: null, signed: null }).then(() => true)")
        return [*found, str(tab.evaluate(ask))]


def test_firefox(tmp_path: Path) -> None:
    with Origin({}) as origin, Family(tmp_path / "family") as family:
        home = f"http://127.0.0.1:{origin.port}"
        origin.pages.update(
            pages_at(origin.port) | {"127.0.0.1/q.xpi": Page("", type="application/x-xpinstall", data=xpi())}
        )
        install = {"installation_mode": "force_installed", "install_url": f"{home}/q.xpi", "private_browsing": True}
        written(
            tmp_path / "etc" / "firefox" / "policies" / "policies.json",
            {
                "policies": {
                    "ExtensionSettings": {ID: install},
                    "3rdparty": {"Extensions": {ID: {"gateway": family.address, "enrolment": TOKEN}}},
                    "Preferences": {"xpinstall.signatures.required": {"Value": False, "Status": "locked"}},
                }
            },
        )
        wrap = seeing(tmp_path / "etc")
        profile = tmp_path / "profile"
        with Firefox(profile, HOSTS, wrap=wrap) as browser:
            until(lambda: paired(family))
            with browser.tab() as tab:
                with tab.filmed() as frames:
                    tab.go(f"http://adult.test:{origin.port}/")
                    tab.wait_for_url("block.html#http://adult.test")
                assert not any(shows(frame) for frame in frames)
        family.leave()  # and the gateway is not there
        with Firefox(profile, HOSTS, wrap=wrap, first=f"http://games.test:{origin.port}/") as browser:
            until(lambda: any("block.html#http://games.test" in each for each in browser.addresses()))
        with Firefox(profile, HOSTS, wrap=wrap, private=True) as browser, browser.tab() as tab:
            with tab.filmed() as frames:
                tab.go(f"http://games.test:{origin.port}/")
                tab.wait_for_url("block.html#http://games.test")
                tab.go(f"http://adult.test:{origin.port}/")
                tab.wait_for_url("block.html#http://adult.test")
            assert not any(shows(frame) for frame in frames)
        assert origin.asked("games.test") == []


def paired(family: Family) -> bool:
    return told(family, "heartbeat") > 0


def told(family: Family, what: str) -> int:
    """How often the gateway was told it."""
    return sum(each == what for each, _ in family.told)
