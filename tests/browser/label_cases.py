"""The label cases that a live document can answer: read by the add-on's readers in Chromium, all in one run.

Each case is served as it would be, to a frame in which nothing is loaded and no script runs unless the case says so; the
readers are the files of addons/browser/labels as they are, with the data of this checkout.
"""

import base64
import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import yaml

from gateway.document.document import Headers, Unreadable
from gateway.document.read import read_document
from gateway.labels.page import Page
from gateway.labels.to_json import data_as_json
from tests.runners import labels as runner

ROOT: Final = Path(__file__).resolve().parents[2]
CASES: Final = ROOT / "tests" / "cases" / "labels"
READERS: Final = ROOT / "addons" / "browser" / "labels"
DIFFERENCES: Final = Path(__file__).with_name("intended_differences.yaml")
LONGEST_RUN: Final = 90  # seconds; a run takes some fifteen
_HTML: Final = ("text/html", "application/xhtml+xml")
# Nothing is loaded, no script runs, but scripting is on as in a browser: noscript is text (WHATWG HTML, 13.2.6.4.7).
_QUIET: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-scripts allow-same-origin"
_LIVELY: Final = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-src 'self' data:"
_CHROMIUM: Final = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --no-proxy-server --disable-background-networking "
    "--disable-component-update --disable-sync --disable-extensions --disable-dev-shm-usage --mute-audio"
).split(" ")
_TYPES: Final = {".js": "text/javascript", ".html": "text/html; charset=utf-8", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Case:
    """A case by its place in the suite: "meta.yaml::…"."""

    id: str
    family: str
    case: dict[str, Any]

    @property
    def response(self) -> dict[str, Any]:
        return {**runner.DEFAULTS, **self.case["response"]}


@cache
def every_case() -> tuple[Case, ...]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for path in sorted(CASES.rglob("*.yaml")):
        name = path.relative_to(CASES).as_posix()
        for case in yaml.load(path.read_text(encoding="utf-8"), loader) or []:
            found.append(Case(f"{name}::{case['name']}", name.removesuffix(".yaml"), case))
    return tuple(found)


def cases_of_documents() -> list[Case]:
    """The cases whose response is one that a browser shows as a page, or should."""
    return [each for each in every_case() if "response" in each.case and _is_page(each)]


def cases_of_spelling() -> list[Case]:
    return [each for each in every_case() if "spelling" in each.case]


def _is_page(case: Case) -> bool:
    response = case.response
    if "label_file_url" in response:
        return False
    headers = Headers(_pairs(response["headers"]))
    read = read_document(url=response["url"], status=200, headers=headers, body=body_of(response))
    if isinstance(read, Unreadable):
        return any(kind in (headers.get("content-type") or "") for kind in _HTML)
    return Page(read, runner.data()).is_html


def body_of(response: dict[str, Any]) -> bytes:
    if "body_b64" in response:
        return base64.b64decode(response["body_b64"])
    return str(response.get("body", "")).encode("utf-8", "replace")


def _pairs(headers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            yield name, value


@dataclass
class Run:
    """What the browser said: the reading of each case, the mark of each spelling, and how long the reading took."""

    readings: dict[str, dict[str, Any]] = field(default_factory=dict)
    marks: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    def faults(self) -> dict[str, str]:
        """By case, what differs from what the case expects."""
        found = {}
        for case in cases_of_documents():
            try:
                compare(self.readings[case.id], case.case["expect"])
            except AssertionError as fault:
                found[case.id] = str(fault)
        for case in cases_of_spelling():
            if self.marks[case.id] != case.case["expect"]:
                found[case.id] = f"found {self.marks[case.id]}, expected {case.case['expect']}"
        return found


def compare(reading: dict[str, Any], expect: dict[str, Any]) -> None:
    # Notes are for people: the document tier has its own words where a parser's message is quoted.
    runner.compare(reading, {key: value for key, value in expect.items() if key != "note"})
    lost = [label for label in reading["labels"] if label["scope"] == "part" and label["count"] != 1]
    assert not lost, f"parts whose place does not lead to one element: {lost}"


def intended() -> dict[str, str]:
    """By case, the reason why the document tier reads otherwise."""
    entries = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))
    return {case: entry["reason"] for entry in entries for case in entry["cases"]}


def run_in_chromium() -> Run:
    """All cases in one browser process. Raises RuntimeError with what the browser said when it does not finish."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("chromium is needed: install the package chromium")
    with tempfile.TemporaryDirectory(prefix="qorgan-labels-") as folder, _Served() as served:
        errors = Path(folder) / "stderr"
        command = [program, *_CHROMIUM, f"--user-data-dir={folder}/profile", "--window-size=1280,1024", served.address]
        with errors.open("wb") as stream:
            process = subprocess.Popen(command, stdout=stream, stderr=stream)
            try:
                if not served.done.wait(LONGEST_RUN):
                    said = errors.read_text(encoding="utf-8", errors="replace")[-2_000:]
                    raise RuntimeError(f"the browser did not finish; the last case was {served.last}\n{said}")
            finally:
                process.terminate()
                process.wait(20)
        if "fault" in served.result:
            raise RuntimeError(served.result["fault"])
    documents, spellings = cases_of_documents(), cases_of_spelling()
    return Run(
        {case.id: reading for case, reading in zip(documents, served.result["readings"], strict=True)},
        {case.id: mark for case, mark in zip(spellings, served.result["marks"], strict=True)},
    )


class _Served:
    """A server on loopback with the page that reads, the readers, the data and the cases."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.result: dict[str, Any] = {}
        self.last = ""
        self.documents = cases_of_documents()
        handler = type("Handler", (_Handler,), {"served": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}/reading.html"

    def __enter__(self) -> "_Served":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def plan(self) -> dict[str, Any]:
        return {
            "data": data_as_json(runner.data()),
            "documents": [
                {
                    "url": case.response["url"],
                    "headers": case.response["headers"],
                    "kind": case.response.get("kind"),
                    "settled": bool(case.case.get("scripts")),
                }
                for case in self.documents
            ],
            "spellings": [case.case["spelling"] for case in cases_of_spelling()],
        }


class _Handler(BaseHTTPRequestHandler):
    served: _Served
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/case/"):
            self._send_case(self.served.documents[int(path.rpartition("/")[2])])
        elif path == "/plan.json":
            self._send({"Content-Type": "application/json"}, json.dumps(self.served.plan()).encode())
        else:
            file = READERS / path.removeprefix("/labels/") if path.startswith("/labels/") else _here(path)
            self._send({"Content-Type": _TYPES.get(file.suffix, "text/plain")}, file.read_bytes() if file.is_file() else b"")

    def do_POST(self) -> None:
        self.served.result = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send({}, b"")
        self.served.done.set()

    def _send_case(self, case: Case) -> None:
        self.served.last = case.id
        response = case.response
        fields = {name.lower(): value for name, value in response["headers"].items()}
        headers = {"Content-Security-Policy": _LIVELY if case.case.get("scripts") else _QUIET}
        if "body_b64" in response:
            kept = ("content-type", "content-encoding")
            headers |= {name: fields[name] for name in kept if isinstance(fields.get(name), str)}
        else:
            # A body given as text is decoded already: what it says of its charset was about other bytes.
            essence = str(fields.get("content-type", "text/html")).split(";")[0].strip()
            headers["Content-Type"] = f"{essence or 'text/html'}; charset=utf-8"
        self._send(headers, body_of(response).removeprefix(b"\xef\xbb\xbf"))

    def _send(self, headers: dict[str, str], body: bytes) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the run is told by its result."""


def _here(path: str) -> Path:
    return Path(__file__).with_name(path.removeprefix("/"))
