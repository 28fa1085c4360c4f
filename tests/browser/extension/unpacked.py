"""The add-on as it is built: as a folder that a browser loads, as a CRX and as an XPI."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.edge.addon.archive import to_zip
from gateway.edge.addon.crx import to_crx
from gateway.edge.addon.parts import Browser, Parts, read_parts
from tests.browser.opened_page import ROOT

VERSION: Final = "1.2.3"


def parts(browser: Browser) -> Parts:
    return read_parts(ROOT / "addons" / "browser", browser, VERSION)


def unpack(folder: Path, browser: Browser) -> Path:
    write(folder, parts(browser).complete())
    return folder


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def crx(key: rsa.RSAPrivateKey, update_url: str) -> bytes:
    return to_crx(to_zip(parts("chromium").complete(update_url=update_url)), key)


def xpi() -> bytes:
    return to_zip(parts("firefox").complete())
