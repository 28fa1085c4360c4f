"""What cannot be built is not built, and a sentence says why and where."""
# ruff: noqa: E501 - tables, one fault a line

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from typer.testing import CliRunner

from gateway.cli.commands import cli
from gateway.edge.addon.building import base_address, build
from gateway.edge.addon.parts import CannotBuild, read_parts
from gateway.edge.addon.version import browser_version
from gateway.shipped import shipped
from tests.edge.addon.conftest import BASE, Making, installation


def changed(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def without(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without("manifest.chromium.json"), "manifest.chromium.json cannot be read: No such file or directory"),
        (without("popup/popup.html"), "the manifest names popup/popup.html, which is not there"),
        (without("icons/qorgan-48.png"), "the manifest names icons/qorgan-48.png, which is not there"),
        (without("managed_schema.json"), "the manifest names managed_schema.json, which is not there"),
        (without("popup/places.js"), "popup/popup.js names popup/places.js, which is not there"),
        (without("setup/page.css"), "options/options.html names setup/page.css, which is not there"),
        (changed("pages/block.html", "../notice.css", "notice.css"), "pages/block.html names pages/notice.css, which is not there"),
        (without("labels/tree.js"), "names labels/tree.js, which is not there"),
        (without("_locales/kk/messages.json"), "_locales/kk/messages.json is missing"),
        (without("_locales/en/messages.json"), "_locales/en/messages.json is missing"),
        (changed("_locales/ru/messages.json", '"action_title"', '"title_of_action"'), "ru/messages.json has no action_title"),
        (changed("_locales/ru/messages.json", '"fact_person"', '"summary"'), "says summary, and the block page's words have it too"),
        (changed("_locales/ru/messages.json", "{", "[", ), "_locales/ru/messages.json is no JSON"),
        (changed("manifest.chromium.json", '"manifest_version": 3', '"manifest_version": 3,'), "chromium.json is no JSON"),
        (changed("manifest.chromium.json", '"content/*.js"', '"contents/*.js"'), "names contents/*.js, which is not there"),
        (changed("popup/popup.css", "form {", 'form { background: url("x.png");'), "popup.css names popup/x.png, which is"),
    ],
)  # fmt: skip
def test_a_folder_that_lacks_something(tmp_path: Path, change: Callable[[Path], None], sentence: str) -> None:
    folder = tmp_path / "browser"
    shutil.copytree(shipped("addons") / "browser", folder)
    change(folder)
    with pytest.raises(CannotBuild) as fault:
        read_parts(folder, "chromium", "1.0")
    assert sentence in str(fault.value)


def test_a_manifest_that_is_no_group_and_one_without_an_id(tmp_path: Path) -> None:
    folder = tmp_path / "browser"
    shutil.copytree(shipped("addons") / "browser", folder)
    manifest = json.loads((folder / "manifest.firefox.json").read_text(encoding="utf-8"))
    del manifest["browser_specific_settings"]["gecko"]["id"]
    (folder / "manifest.firefox.json").write_text(json.dumps(manifest))
    with pytest.raises(CannotBuild, match=r"manifest\.firefox\.json has no browser_specific_settings\.gecko\.id"):
        read_parts(folder, "firefox", "1.0")
    (folder / "manifest.firefox.json").write_text("[]")
    with pytest.raises(CannotBuild, match="is no manifest: it must be a group of keys"):
        read_parts(folder, "firefox", "1.0")


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        (None, 0o600, "key.pem is missing"),
        (b"no key", 0o600, "key.pem is no private key in PEM without a password"),
        (pem(ec.generate_private_key(ec.SECP256R1())), 0o600, "key.pem is no RSA key, which is what Chromium takes"),
        (pem(rsa.generate_private_key(65_537, 1024)), 0o600, "key.pem is an RSA key of 1024 bits, and 2048 are the least"),
        (b"", 0o644, "key.pem is open to other users (mode 0644)"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_sign(tmp_path: Path, content: bytes | None, mode: int, sentence: str) -> None:
    key = tmp_path / "key.pem"
    if content is not None:
        key.write_bytes(content)
        key.chmod(mode)
    with pytest.raises(CannotBuild) as fault:
        build(installation(tmp_path / "data"), tmp_path / "out", key, BASE)
    assert sentence in str(fault.value)
    assert not (tmp_path / "out").exists()


def test_a_key_of_one_s_own_names_the_add_on(tmp_path: Path, made: Making) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes((made.data / "addon-key.pem").read_bytes())
    key.chmod(0o600)
    built = build(installation(tmp_path / "data"), tmp_path / "out", key, BASE)
    assert built.rollout.chromium_id == made.built.rollout.chromium_id
    assert not (tmp_path / "data" / "addon-key.pem").exists()


def test_a_damaged_key_of_the_installation_is_never_written_over(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "addon-key.pem").write_text("half a key")
    (data / "addon-key.pem").chmod(0o600)
    with pytest.raises(CannotBuild, match="with a new key the add-on has another id"):
        build(installation(data), tmp_path / "out", None, BASE)
    assert (data / "addon-key.pem").read_text() == "half a key"


def test_a_folder_of_somebody_else_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out" / "firefox").mkdir(parents=True)
    (tmp_path / "out" / "firefox" / "mine.txt").write_text("mine")
    with pytest.raises(CannotBuild, match="firefox is there already and is no add-on"):
        build(installation(tmp_path / "data"), tmp_path / "out", None, BASE)
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["firefox", "mine.txt"]


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://192.168.1.2:8088", "http://192.168.1.2:8088"),
        ("https://Filter.School.kz/", "https://filter.school.kz"),
        ("http://[fd00::1]:8088", "http://[fd00::1]:8088"),
    ],
)
def test_an_address_of_a_gateway(url: str, base: str) -> None:
    assert base_address(url) == base


@pytest.mark.parametrize(
    "url",
    [
        *("", "192.168.1.2:8088", "ftp://x.kz", "http://", "http://u:p@x.kz", "http://x.kz:99999", "http://x.kz:0"),
        *("http://x.kz/addon", "http://x.kz?a"),
    ],
)
def test_what_is_no_address_of_a_gateway(url: str) -> None:
    with pytest.raises(ValueError, match=r"is no address|has more than scheme, host and port"):
        base_address(url)


# PEP 440 orders them so; browsers must too.
ORDERED = [
    "0.1.0",
    "0.1.1.dev3",
    "0.1.1a1",
    "0.1.1b2",
    "0.1.1rc1",
    "0.1.1",
    "0.1.1.post1",
    "0.2.0rc2",
    "0.2",
    "1.0.0.dev1",
    "1",
]


def test_versions_keep_their_order_and_are_valid() -> None:
    found = [browser_version(each) for each in ORDERED]
    numbers = [[int(number) for number in each.split(".")] for each in found]
    assert numbers == sorted(numbers)
    assert len({tuple([*each, 0][:4]) for each in numbers}) == len(ORDERED)
    assert all(len(each) <= 4 and max(each) <= 65_535 for each in numbers)
    assert found[0] == "0.1.0"
    assert browser_version("0.1.0+local.1") == "0.1.0"


@pytest.mark.parametrize("version", ["", "x", "1.2.3.4", "1!1.0", "70000.0", "0.0.0rc1", "1.0.post99999", "1.0a1.dev1"])
def test_versions_that_no_browser_knows(version: str) -> None:
    with pytest.raises(ValueError, match=r"is no version|too great|comes before|has no place"):
        browser_version(version)


def test_the_command_prints_what_it_made_and_says_what_is_not_signed(tmp_path: Path) -> None:
    command = ["addon", "build", "--data", str(tmp_path / "data"), "--url", BASE]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    # Without --out it lies where the gateway serves it from.
    assert str(tmp_path / "data" / "addon" / "update.xml") in done.stdout
    assert "qorgan.xpi is not signed" in done.stderr
    refused = CliRunner().invoke(cli, [*command, "--key", str(tmp_path / "none.pem")])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "none.pem is missing" in refused.stderr


def test_an_address_for_everybody_is_no_address_to_ask(tmp_path: Path) -> None:
    config = tmp_path / "qorgan.yaml"
    config.write_text("admin: {address: 0.0.0.0}\n")
    done = CliRunner().invoke(cli, ["addon", "build", "--config", str(config), "--data", str(tmp_path / "data")])
    assert done.exit_code == 1
    assert "say with --url how browsers reach the gateway" in done.stderr
