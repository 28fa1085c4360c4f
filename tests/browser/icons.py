"""`python -m tests.browser.icons`: draws the icons of the add-on anew, out of addons/browser/icons/qorgan.svg.

Chromium takes no SVG as an icon, so the drawings lie beside it.
"""

import base64
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "addons" / "browser" / "icons"
SIZES: Final = (16, 32, 48, 128)
_FLAGS: Final = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=5000")
_PAGE: Final = """<!doctype html><script>
const picture = new Image();
picture.onload = () => {
  document.body.textContent = %s.map((size) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    canvas.getContext("2d").drawImage(picture, 0, 0, size, size);
    return canvas.toDataURL("image/png");
  }).join(" ");
};
picture.src = "data:image/svg+xml;base64,%s";
</script><body></body>"""


def draw() -> dict[int, bytes]:
    """The icon as PNG by its size in pixels. Raises RuntimeError when there is no browser to draw it."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("chromium is needed: install the package chromium")
    drawing = base64.b64encode((FOLDER / "qorgan.svg").read_bytes()).decode()
    with tempfile.TemporaryDirectory(prefix="qorgan-icons-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE % (list(SIZES), drawing))
        command = [program, *_FLAGS, f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    found = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", shown)
    if len(found) != len(SIZES):
        raise RuntimeError(f"chromium drew nothing: {shown[-500:]}")
    return {size: base64.b64decode(text) for size, text in zip(SIZES, found, strict=True)}


if __name__ == "__main__":
    for size, picture in draw().items():
        (FOLDER / f"qorgan-{size}.png").write_bytes(picture)
        sys.stdout.write(f"{FOLDER / f'qorgan-{size}.png'}: {len(picture)} bytes\n")
