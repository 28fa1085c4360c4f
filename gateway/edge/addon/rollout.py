"""Files by which managed browsers fetch the add-on: update manifests and examples of policies.

Sources: chromeenterprise.google/policies (ExtensionSettings, 3rdparty and the others named below), "Autoupdating" in
Chromium's documentation of extensions (update.xml), Mozilla's policy-templates (policies.json), "Updating your
extension" of the Firefox Extension Workshop (updates.json).
"""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any, Final
from xml.sax.saxutils import quoteattr

UPDATE_XML, CRX = "update.xml", "qorgan.crx"
UPDATES_JSON, XPI = "updates.json", "qorgan.xpi"
_PASTE: Final = "paste the enrolment token here"
_REGISTRY: Final = {"Chrome": r"Google\Chrome", "Edge": r"Microsoft\Edge", "Chromium": "Chromium"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """What browsers are told."""

    base: str  # the gateway's address for them, like http://192.168.1.2:8088
    version: str
    chromium_id: str
    gecko_id: str

    def address(self, file: str) -> str:
        return f"{self.base}/addon/{file}"

    @property
    def settings(self) -> Mapping[str, str]:
        """What managed storage tells the add-on (addons/browser/managed_schema.json)."""
        return {"gateway": self.base, "enrolment": _PASTE}


def update_xml(rollout: Rollout) -> bytes:
    """What Chromium asks for new versions (Omaha, protocol 2)."""
    name, file, version = map(quoteattr, (rollout.chromium_id, rollout.address(CRX), rollout.version))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gupdate xmlns="http://www.google.com/update2/response" protocol="2.0">\n'
        f"  <app appid={name}>\n    <updatecheck codebase={file} version={version}/>\n  </app>\n</gupdate>\n"
    ).encode()


def updates_json(rollout: Rollout, xpi: bytes, oldest_firefox: str) -> bytes:
    """What Firefox asks for new versions. The digest stands for the file also where there is no TLS."""
    update = {
        "version": rollout.version,
        "update_link": rollout.address(XPI),
        "update_hash": "sha256:" + sha256(xpi).hexdigest(),
        "applications": {"gecko": {"strict_min_version": oldest_firefox}},
    }
    return _json({"addons": {rollout.gecko_id: {"updates": [update]}}})


def policies(rollout: Rollout) -> Mapping[str, bytes]:
    """Examples for managed browsers: file name → content."""
    return {
        "chromium.json": _json(_of_chromium(rollout)),
        "firefox.json": _json(_of_firefox(rollout)),
        "windows.reg": _registry(rollout),
        "README.txt": _NOTES.format(base=rollout.base, id=rollout.chromium_id, gecko=rollout.gecko_id).encode(),
    }


def _of_chromium(rollout: Rollout) -> Mapping[str, Any]:
    return {
        "ExtensionSettings": {
            "*": {"installation_mode": "blocked"},
            rollout.chromium_id: {
                "installation_mode": "force_installed",
                "update_url": rollout.address(UPDATE_XML),
                "override_update_url": True,
                "toolbar_pin": "force_pinned",
            },
        },
        "3rdparty": {"extensions": {rollout.chromium_id: dict(rollout.settings)}},
        "IncognitoModeAvailability": 1,
        "BrowserGuestModeEnabled": False,
        "DeveloperToolsAvailability": 0,
    }


def _of_firefox(rollout: Rollout) -> Mapping[str, Any]:
    # Firefox fetches the file again when its address changes, and asks updates.json only over TLS.
    install = f"{rollout.address(XPI)}?version={rollout.version}"
    return {
        "policies": {
            "ExtensionSettings": {
                "*": {"installation_mode": "blocked"},
                rollout.gecko_id: {
                    "installation_mode": "force_installed",
                    "install_url": install,
                    "private_browsing": True,
                },
            },
            "3rdparty": {"Extensions": {rollout.gecko_id: dict(rollout.settings)}},
            "Preferences": {"xpinstall.signatures.required": {"Value": False, "Status": "locked"}},
            "BlockAboutConfig": True,
        }
    }


def _registry(rollout: Rollout) -> bytes:
    lines = ["Windows Registry Editor Version 5.00", ""]
    for place in _REGISTRY.values():
        root = rf"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\{place}"
        lines += [rf"[{root}\ExtensionInstallForcelist]"]
        lines += [f'"1"={_quoted(f"{rollout.chromium_id};{rollout.address(UPDATE_XML)}")}', ""]
        lines += [rf"[{root}\3rdparty\extensions\{rollout.chromium_id}\policy]"]
        lines += [*(f"{_quoted(name)}={_quoted(value)}" for name, value in rollout.settings.items()), ""]
    return codecs.BOM_UTF16_LE + "\r\n".join(lines).encode("utf-16-le")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(value: object) -> bytes:
    return (dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


_NOTES: Final = """\
How a school or a company puts the add-on into its browsers. These are examples: read them, take over what
you want.

The gateway serves the add-on at {base}/addon/ from the folder "addon" of its data directory.
"enrolment" must be the token with which browsers of one person (a class, say) are enrolled: qorgan pair PERSON --enrol.

Chromium and Chrome on Linux (id {id})
  chromium.json goes to /etc/chromium/policies/managed/qorgan.json (Chrome: /etc/opt/chrome/policies/managed/).
  chrome://policy shows what the browser took over. "*" blocked means: no other add-on, no VPN; leave it out if others
  are needed. What 3rdparty says may reach the add-on only after the browser was started once more.

Chrome and Edge on Windows
  windows.reg has the same for the registry; group policy does it too. Windows lets add-ons from outside the store be
  forced only on machines that are joined to a domain or enrolled in management. ChromeOS and macOS take the same keys
  from their management.

Firefox (id {gecko})
  firefox.json goes to /etc/firefox/policies/policies.json, on Windows to the folder "distribution" beside firefox.exe.
  qorgan.xpi is not signed by Mozilla. Firefox ESR takes it with xpinstall.signatures.required locked to false, as here;
  the Firefox that people download at home takes only what addons.mozilla.org has signed (also as "unlisted").
  Firefox asks for new versions by itself only when the gateway is reached over https; otherwise install_url must
  change, so take this file over again after each build.

Whoever is the administrator of a machine can undo all of this. Nothing in a browser can prevent that.
"""
