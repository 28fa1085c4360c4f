"""What goes into the add-on of one browser: files of addons/browser, its manifest, and what is generated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, dumps, loads
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from gateway.edge.addon.references import faults, named_in_manifest
from gateway.edge.addon.wording import words_module
from gateway.edge.addon_data import addon_data, addon_traces
from gateway.shipped import package_texts

type Browser = Literal["chromium", "firefox"]
BROWSERS: Final[tuple[Browser, ...]] = ("chromium", "firefox")
LABELS: Final = "labels.json"
WORDS: Final = "words.js"
TRACES: Final = "traces.js"
# Style sheets of the gateway's own pages (gateway/enforce/templates), by the names that they have in the add-on.
_SHEETS: Final = {"base.css": "base.css", "notice.css": "page.css"}
MANIFEST: Final = "manifest.json"
_KINDS: Final = (".js", ".html", ".css", ".json", ".png", ".svg")
# For people and for stores, not for browsers.
_LEFT_OUT: Final = frozenset({"store", "tests"})


class CannotBuild(Exception):  # noqa: N818 - named as what happened, like CannotRun
    """The add-on cannot be put together; the text has a sentence a line."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The add-on of one browser: its files but for the manifest, which each way of installing completes."""

    browser: Browser
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]

    def complete(self, **more: object) -> Mapping[str, bytes]:
        """All files, with more keys in the manifest."""
        return {**self.files, MANIFEST: _json({**self.manifest, **more})}

    @property
    def gecko_id(self) -> str:
        """By which Firefox knows the add-on."""
        return str(self.manifest["browser_specific_settings"]["gecko"]["id"])


def read_parts(folder: Path, browser: Browser, version: str) -> Parts:
    """The parts of the add-on for a browser, out of the shipped folder addons/browser.

    Raises CannotBuild when a file is missing or cannot be read, or when one names another that is not there. Blocks.
    """
    try:
        manifest = {**_manifest(folder / f"manifest.{browser}.json"), "version": version}
        top = {name for name in named_in_manifest(manifest) if "/" not in name}
        files = {name: path.read_bytes() for name, path in _files(folder, top)}
        made = {
            LABELS: addon_data().encode(),
            TRACES: addon_traces().encode(),
            WORDS: words_module(files),
            **_sheets(),
        }
    except ValueError as fault:
        raise CannotBuild(f"{folder} ({browser}): {fault}") from None
    except OSError as fault:
        raise CannotBuild(f"{fault.filename} cannot be read: {fault.strerror}") from None
    parts = Parts(browser, {**files, **made}, manifest)
    found = faults(parts.complete())
    if found:
        raise CannotBuild("\n".join(f"{folder} ({browser}): {each}" for each in found))
    if browser == "firefox":
        _require_gecko_id(parts, folder)
    return parts


def _sheets() -> Mapping[str, bytes]:
    templates = package_texts("enforce/templates")
    return {name: templates[template].encode() for name, template in _SHEETS.items()}


def _files(folder: Path, top: set[str]) -> Iterator[tuple[str, Path]]:
    """Everything in the folders of the add-on; of what stands beside them only what the manifest names."""
    for path in sorted(folder.rglob("*")):
        relative = PurePosixPath(path.relative_to(folder).as_posix())
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or path.suffix not in _KINDS or not path.is_file() or relative.parts[0] in _LEFT_OUT:
            continue
        if len(relative.parts) > 1 or relative.name in top:
            yield str(relative), path


def _manifest(path: Path) -> Mapping[str, Any]:
    try:
        found = loads(path.read_bytes())
    except (JSONDecodeError, UnicodeDecodeError) as fault:
        raise CannotBuild(f"{path} is no JSON: {fault}") from None
    if not isinstance(found, Mapping):
        raise CannotBuild(f"{path} is no manifest: it must be a group of keys")
    return found


def _require_gecko_id(parts: Parts, folder: Path) -> None:
    try:
        has_id = bool(parts.gecko_id)
    except (KeyError, TypeError):
        has_id = False
    if not has_id:
        raise CannotBuild(f"{folder / 'manifest.firefox.json'} has no browser_specific_settings.gecko.id")


def _json(value: object) -> bytes:
    return (dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
