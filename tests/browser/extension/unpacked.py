"""The add-on as a folder that a browser loads: the files as written, the manifest of the browser, the label data."""

import json
import shutil
from pathlib import Path
from typing import Final

from gateway.edge.addon_data import addon_data
from tests.browser.chromium import ROOT

ADDON: Final = ROOT / "addons" / "browser"


def unpack(folder: Path, browser: str) -> Path:
    shutil.copytree(ADDON, folder, dirs_exist_ok=True)
    manifest = json.loads((ADDON / f"manifest.{browser}.json").read_text(encoding="utf-8"))
    if not (ADDON / "managed_schema.json").exists():
        manifest.pop("storage", None)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "labels.json").write_text(addon_data(), encoding="utf-8")
    return folder
