"""A page of ours in a browser: served on loopback, opened headless, done when it posts its result."""

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_PACKAGES: Final = {"chromium": "chromium", "firefox": "firefox-esr"}
_FLAGS: Final = {
    "chromium": (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-proxy-server", "--mute-audio"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
        *("--disable-dev-shm-usage", "--window-size=1280,1024"),
    ),
    "firefox": ("--headless", "--no-remote"),
}
_TYPES: Final = {".js": "text/javascript", ".html": "text/html; charset=utf-8"}
# It holds for what a page writes into its frames too: no script runs there, nothing is loaded.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; style-src 'unsafe-inline'"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the server."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


type Asked = Callable[[str], Answer | None]
"""What the server answers to a path; None: the file of that name, of the add-on or beside this module."""


def run_page(page: str, answers: Asked, longest: float, browser: str = "chromium") -> dict[str, Any]:
    """Opens the page (a file beside this module) in a browser of its own ("chromium", "firefox"), gives what it posts.

    The page posts JSON to /result; an object with `fault` means that it failed. Raises RuntimeError when it does, when
    it takes more than `longest` seconds, or when there is no browser.
    """
    program = shutil.which(browser)
    if program is None:
        raise RuntimeError(f"{browser} is needed: install the package {_PACKAGES[browser]}")
    with tempfile.TemporaryDirectory(prefix="qorgan-page-") as folder, _Server(answers) as server:
        errors = Path(folder) / "stderr"
        address = f"http://127.0.0.1:{server.port}/{page}"
        profile = Path(folder) / "profile"
        profile.mkdir()
        own = ["--profile", str(profile)] if browser == "firefox" else [f"--user-data-dir={profile}"]
        command = [program, *_FLAGS[browser], *own, address]
        with errors.open("wb") as stream:
            process = subprocess.Popen(command, stdout=stream, stderr=stream)
            try:
                is_done = server.done.wait(longest)
            finally:
                process.terminate()
                process.wait(20)
        if not is_done:
            said = errors.read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise RuntimeError(f"the page did not finish; the last that it asked for was {server.last}\n{said}")
    if "fault" in server.result:
        raise RuntimeError(server.result["fault"])
    return server.result


class _Server:
    def __init__(self, answers: Asked) -> None:
        self.answers = answers
        self.done = threading.Event()
        self.result: dict[str, Any] = {}
        self.last = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_port

    def __enter__(self) -> "_Server":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server_of: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.server_of.last = path
        self._send(self.server_of.answers(path) or _file(path))

    def do_POST(self) -> None:
        self.server_of.result = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(Answer(b""))
        self.server_of.done.set()

    def _send(self, answer: Answer) -> None:
        self.send_response(200)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Nothing: the run is told by its result."""


def _file(path: str) -> Answer:
    folder = ROOT / "addons" / "browser" if path.startswith(("/labels/", "/content/")) else Path(__file__).parent
    file = folder / path.removeprefix("/")
    body = file.read_bytes() if file.is_file() else b""
    kind = _TYPES.get(file.suffix, "text/plain")
    return Answer(body, {"Content-Type": kind, "Content-Security-Policy": _POLICY})
