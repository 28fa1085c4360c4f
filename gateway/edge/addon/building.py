"""`qorgan addon build`: everything with which browsers install the add-on, written to one folder."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa

from gateway import __version__
from gateway.edge.addon.archive import to_zip
from gateway.edge.addon.crx import extension_id, manifest_key, to_crx
from gateway.edge.addon.parts import BROWSERS, MANIFEST, CannotBuild, Parts, read_parts
from gateway.edge.addon.rollout import CRX, UPDATE_XML, UPDATES_JSON, XPI, Rollout, policies, update_xml, updates_json
from gateway.edge.addon.signing_key import own_key, read_key
from gateway.edge.addon.version import browser_version
from gateway.edge.addon_shape import only_here, reached_at
from gateway.edge.installation import Installation
from gateway.edge.installation_shape import InstallationShape
from gateway.shipped import shipped
from gateway.store.fault import DataFault

SERVED: Final = "addon"  # the folder of the data directory from which the gateway serves
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Built:
    """What was made."""

    out: Path
    rollout: Rollout
    files: tuple[str, ...]  # in the order in which they were written; a folder ends with "/"

    @property
    def note(self) -> str | None:
        """What whoever wants other machines to install it should know."""
        base = self.rollout.base
        return f"only a browser on this machine reaches {base}: see `addon`, or say --url" if only_here(base) else None


def build(installation: Installation, out: Path | None, key: Path | None, url: str | None) -> Built:
    """Builds the add-on from the shipped files and writes it to `out`, by default where the gateway serves it from.

    `key` is a PEM file with the RSA key to sign with, by default the installation's own. `url` is the address by which
    browsers reach the gateway, by default as the installation file says. Raises CannotBuild, and then has written
    nothing unless the disk failed. Blocks.
    """
    out = out or installation.data / SERVED
    try:
        base = base_address(url) if url is not None else _own_address(installation.shape)
        folder, version = shipped("addons") / "browser", browser_version(__version__)
        chromium, firefox = (read_parts(folder, browser, version) for browser in BROWSERS)
        signing = own_key(installation.data) if key is None else read_key(key)
        rollout = Rollout(
            base=base,
            version=version,
            chromium_id=extension_id(signing),
            gecko_id=firefox.gecko_id,
        )
    except (ValueError, LookupError, DataFault) as fault:
        raise CannotBuild(str(fault)) from None
    folders, files = _unpacked(chromium, firefox, signing), _packed(chromium, firefox, signing, rollout)
    _write(out, folders, files)
    return Built(out, rollout, (*(f"{name}/" for name in folders), *files))


def base_address(url: str) -> str:
    """An address of a gateway without its path: scheme, host and port. Raises ValueError with a sentence."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        raise ValueError(f"{url!r} is no address: write it like http://192.168.1.2:8088") from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or port == ":0"
        or len(url) > _MOST
    ):
        raise ValueError(f"{url!r} is no address of a gateway: write it like http://192.168.1.2:8088")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{url!r} has more than scheme, host and port: leave out {parts.path or '?'}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def _own_address(shape: InstallationShape) -> str:
    found = reached_at(shape.addon, shape.admin.address, shape.admin.port)
    if found is None:
        raise ValueError(
            f"the admin port listens on {shape.admin.address}, which is no address that a browser can ask: "
            "say with --url how browsers reach the gateway, or write it into the installation file, "
            "as addon: {gateway: http://192.168.1.2:8088}"
        )
    return found


def _unpacked(chromium: Parts, firefox: Parts, key: rsa.RSAPrivateKey) -> Mapping[str, Mapping[str, bytes]]:
    """To load by hand. With the key in its manifest the folder has the same id as the CRX."""
    return {"chromium": chromium.complete(key=manifest_key(key)), "firefox": firefox.complete()}


def _packed(chromium: Parts, firefox: Parts, key: rsa.RSAPrivateKey, rollout: Rollout) -> Mapping[str, bytes]:
    """Update manifests come after what they name: a browser that asks meanwhile finds it."""
    crx = to_crx(to_zip(chromium.complete(update_url=rollout.address(UPDATE_XML))), key)
    gecko = firefox.manifest["browser_specific_settings"]
    if rollout.base.startswith("https:"):  # Firefox refuses an add-on that asks for new versions without TLS
        own = {**gecko["gecko"], "update_url": rollout.address(UPDATES_JSON)}
        xpi = to_zip(firefox.complete(browser_specific_settings={**gecko, "gecko": own}))
    else:
        xpi = to_zip(firefox.complete())
    return {
        # Stores take neither a key nor an address for updates.
        f"qorgan-{rollout.version}-chromium.zip": to_zip(chromium.complete()),
        f"qorgan-{rollout.version}-firefox.zip": to_zip(firefox.complete()),
        CRX: crx,
        UPDATE_XML: update_xml(rollout),
        XPI: xpi,
        UPDATES_JSON: updates_json(rollout, xpi, str(gecko["gecko"].get("strict_min_version", ""))),
        **{f"policies/{name}": content for name, content in policies(rollout).items()},
    }


def _write(out: Path, folders: Mapping[str, Mapping[str, bytes]], files: Mapping[str, bytes]) -> None:
    for name in folders:
        _require_replaceable(out / name)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in folders.items():
            _replace_folder(out / name, content)
        for name, data in files.items():
            _replace_file(out / name, data)
    except OSError as fault:
        raise CannotBuild(f"{fault.filename or out} cannot be written: {fault.strerror}") from None


def _require_replaceable(folder: Path) -> None:
    """A folder that is there is taken away only when it is an add-on."""
    if folder.is_symlink() or (folder.exists() and not (folder / MANIFEST).is_file()):
        raise CannotBuild(f"{folder} is there already and is no add-on: name another folder with --out")


def _replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, data in files.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(data)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _replace_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    fresh.rename(path)
