"""What `qorgan addon build` makes: packages that browsers take, the same each time, with only the add-on in them."""

import json
import re
import stat
import zipfile
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from gateway import __version__
from gateway.edge.addon.parts import read_parts
from gateway.edge.addon.version import browser_version
from gateway.edge.addon_data import addon_data
from gateway.shipped import package_texts, shipped
from tests.edge.addon.conftest import BASE, Making

VERSION = browser_version(__version__)
CHROMIUM_ZIP, FIREFOX_ZIP = (f"qorgan-{VERSION}-{browser}.zip" for browser in ("chromium", "firefox"))
PACKAGES = (CHROMIUM_ZIP, FIREFOX_ZIP, "qorgan.crx", "qorgan.xpi")


def archive(made: Making, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(made.bytes_of(name)))  # a CRX too: what stands before a zip is skipped


def manifest(made: Making, name: str) -> dict:
    return json.loads(archive(made, name).read("manifest.json"))


def test_the_same_files_and_key_give_the_same_packages(made: Making, build_again: Callable[..., Path]) -> None:
    again = build_again()
    for name in (*PACKAGES, "update.xml", "updates.json", "policies/chromium.json"):
        assert (again / name).read_bytes() == made.bytes_of(name), name


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_has_what_browsers_need_and_nothing_else(made: Making, name: str) -> None:
    names = archive(made, name).namelist()
    assert names == sorted(names)
    assert {"manifest.json", "labels.json", "traces.js", "words.js"} <= set(names)
    assert {"labels/read.js", "decision/decide.js"} <= set(names)
    assert {"options/options.html", "popup/popup.html", "background/worker.js"} <= set(names)
    for each in names:
        assert each.endswith((".js", ".html", ".css", ".json", ".png", ".svg")), each
        assert not each.startswith(("store/", "tests/", "package.json", "manifest.chromium", "manifest.firefox")), each
    assert ("managed_schema.json" in names) is ("firefox" not in name and not name.endswith(".xpi"))
    assert archive(made, name).read("labels.json").decode() == addon_data()
    sheets = package_texts("enforce/templates")
    assert archive(made, name).read("base.css").decode() == sheets["base.css"]
    assert archive(made, name).read("notice.css").decode() == sheets["page.css"]


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_the_folder_to_load_by_hand_has_the_files_of_the_package(made: Making, browser: str) -> None:
    packed = archive(made, f"qorgan-{VERSION}-{browser}.zip")
    folder = made.out / browser
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert found.keys() == set(packed.namelist())
    assert all(found[name] == packed.read(name) for name in found if name != "manifest.json")


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
        if byte < 0x80:
            return value, at


def message(data: bytes) -> dict[int, bytes]:
    """The fields of a protocol buffer that has only byte strings, each once."""
    fields, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        assert tag & 7 == 2
        length, at = varint(data, at)
        fields[tag >> 3] = data[at : at + length]
        at += length
    assert at == len(data)
    return fields


def test_the_signature_of_the_crx_is_that_of_its_key_over_its_zip(made: Making) -> None:
    crx = made.bytes_of("qorgan.crx")
    assert crx[:8] == b"Cr24\x03\0\0\0"
    length = int.from_bytes(crx[8:12], "little")
    header, packed = message(crx[12 : 12 + length]), crx[12 + length :]
    assert set(header) == {2, 10_000}
    proof, told = message(header[2]), header[10_000]
    key = load_der_public_key(proof[1])
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048
    signed = b"CRX3 SignedData\0" + len(told).to_bytes(4, "little") + told + packed
    key.verify(proof[2], signed, padding.PKCS1v15(), hashes.SHA256())
    assert message(told) == {1: sha256(proof[1]).digest()[:16]}
    assert zipfile.ZipFile(BytesIO(packed)).testzip() is None


def test_the_id_is_that_of_the_key_in_crx_and_folder(made: Making) -> None:
    crx = made.bytes_of("qorgan.crx")
    header = message(crx[12 : 12 + int.from_bytes(crx[8:12], "little")])
    public = message(header[2])[1]
    told = json.loads(made.bytes_of("chromium/manifest.json"))
    assert b64decode(told["key"]) == public
    digits = sha256(public).hexdigest()[:32]
    assert made.built.rollout.chromium_id == digits.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def test_only_what_the_gateway_serves_asks_it_for_new_versions(made: Making, build_again: Callable[..., Path]) -> None:
    for name in (CHROMIUM_ZIP, FIREFOX_ZIP, "qorgan.xpi"):
        assert "update_url" not in json.dumps(manifest(made, name)), f"{name}: stores and Firefox without TLS refuse it"
        assert "key" not in manifest(made, name)
    assert manifest(made, "qorgan.crx")["update_url"] == f"{BASE}/addon/update.xml"
    safe = build_again("https://filter.school.test")
    with zipfile.ZipFile(safe / "qorgan.xpi") as xpi:
        gecko = json.loads(xpi.read("manifest.json"))["browser_specific_settings"]["gecko"]
    assert gecko["update_url"] == "https://filter.school.test/addon/updates.json"
    assert gecko["id"] == made.built.rollout.gecko_id


def test_update_manifests_lead_to_the_packages(made: Making) -> None:
    space = {"g": "http://www.google.com/update2/response"}
    app = ET.fromstring(made.bytes_of("update.xml")).find("g:app", space)
    assert app is not None
    assert app.get("appid") == made.built.rollout.chromium_id
    check = app.find("g:updatecheck", space)
    assert check is not None
    assert check.attrib == {"codebase": f"{BASE}/addon/qorgan.crx", "version": VERSION}
    told = json.loads(made.bytes_of("updates.json"))["addons"][made.built.rollout.gecko_id]["updates"]
    assert [each["version"] for each in told] == [VERSION]
    assert told[0]["update_link"] == f"{BASE}/addon/qorgan.xpi"
    assert told[0]["update_hash"] == "sha256:" + sha256(made.bytes_of("qorgan.xpi")).hexdigest()


def test_policies_name_the_add_on_and_fill_only_keys_of_its_schema(made: Making) -> None:
    schema = json.loads((shipped("addons") / "browser" / "managed_schema.json").read_text(encoding="utf-8"))
    chromium_id, gecko_id = made.built.rollout.chromium_id, made.built.rollout.gecko_id
    chromium = json.loads(made.bytes_of("policies/chromium.json"))
    assert chromium["ExtensionSettings"][chromium_id]["update_url"] == f"{BASE}/addon/update.xml"
    firefox = json.loads(made.bytes_of("policies/firefox.json"))["policies"]
    assert firefox["ExtensionSettings"][gecko_id]["install_url"].startswith(f"{BASE}/addon/qorgan.xpi?")
    for given in (chromium["3rdparty"]["extensions"][chromium_id], firefox["3rdparty"]["Extensions"][gecko_id]):
        assert given["gateway"] == BASE
        assert set(given) <= set(schema["properties"])
    registry = made.bytes_of("policies/windows.reg").decode("utf-16")
    assert registry.startswith("Windows Registry Editor Version 5.00\r\n")
    assert f'"1"="{chromium_id};{BASE}/addon/update.xml"\r\n' in registry
    assert rf"\Google\Chrome\3rdparty\extensions\{chromium_id}\policy]" in registry


def test_the_notes_say_what_is_not_signed_and_who_can_undo_it(made: Making) -> None:
    notes = made.bytes_of("policies/README.txt").decode()
    assert "not signed by Mozilla" in notes
    assert re.search(r"joined to a domain", notes)
    assert "administrator of a machine can undo" in notes


def test_the_key_is_made_once_and_for_the_gateway_s_user_alone(made: Making) -> None:
    assert stat.S_IMODE((made.data / "addon-key.pem").stat().st_mode) == 0o600
    assert (made.data / "addon-key.pem").read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_words_of_pages_are_those_of_the_block_page_and_of_their_own(made: Making) -> None:
    text = made.bytes_of("chromium/words.js").decode()
    words = json.loads(text.removeprefix("export const WORDS = ").rstrip().removesuffix(";"))
    assert set(words) == {"kk", "ru", "en"}
    assert words["en"]["label.title"] == "This page is for an older age group"
    assert words["en"]["pair_found"].startswith("The pairing page of the gateway {gateway} is open")
    assert words["ru"]["masked"]["few"] == "Скрыто {count} части страницы."


def test_parts_say_by_which_name_firefox_knows_the_add_on() -> None:
    assert "@" in read_parts(shipped("addons") / "browser", "firefox", "1.0").gecko_id
