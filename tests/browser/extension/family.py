"""A gateway's side of the add-on without a gateway: bundles as gateway.bundle makes them, signed by a key of its own.

What needs the gateway to be gone, old, or somebody else's is asked of this double; test_gateway asks the real one.
"""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self

from gateway.edge.bundle_key import BundleKey
from gateway.edge.bundling import bundle_for

POLICY: Final = """
zone: Asia/Almaty
packs: [kz/169-vi]
stances: {unlabelled: {0: block, 6: allow}, local-allow-up-to: 0}
people:
  aru: {age: 9}
block:
  - {id: no-games, host: games.test}
allow:
  - {id: school, host: school.test}
"""


class Family:
    """One child of nine; use as a context.

    `verdicts`: by host, what the gateway says instead of deciding. `meanwhile`: by host, what happens after a page
    of it was read and before the gateway answers; the add-on waits for the answer at most 1.5 s.
    """

    def __init__(self, folder: Path, policy: str = POLICY) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._data, self._policy = folder, folder / "data", policy
        self.key = BundleKey.of(self._data)
        self.verdicts: dict[str, Mapping[str, Any]] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.told: list[tuple[str, Any]] = []
        self.bundle = self.make()
        self.revoked = False
        self.codes = {"ABCD-EFGH"}  # that pair
        self.started = False
        self.port = 0

    def make(
        self, issued: datetime | None = None, life: timedelta = timedelta(days=14), policy: str | None = None
    ) -> dict[str, Any]:
        """A bundle of the child as it is issued then."""
        file = self._folder / "qorgan.yaml"
        file.write_text(policy or self._policy, encoding="utf-8")
        _, made = bundle_for("aru", file, self._data, issued or datetime.now(UTC), life)
        return {**made, "device": "browser"}

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), type("Handler", (_Handler,), {"family": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.started = True
        return self

    def __exit__(self, *_: object) -> None:
        if self.started:
            self._server.shutdown()
            self._server.server_close()
            self.started = False

    leave = __exit__

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kept(self, bundle: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the add-on keeps of a pairing with this gateway (background/state.js)."""
        signed = self.key.sign(bundle or self.bundle).to_json()
        pairing = {"device": "browser", "token": "t", "gateway": self.address, "public_key": dict(self.key.public_jwk)}
        return {
            "pairing": {**pairing, "person": "aru", "managed": False, "enrolment": None},
            "signed": {"text": signed["bundle"], "signature": signed["signature"], "etag": None},
            "guarded": True,
            "moment": 0,
            "hosts": {},
        }


def verdict(action: str, reason: str = "local-block") -> dict[str, Any]:
    """A verdict as the gateway words it (gateway/edge/verdict_api/openapi.yaml)."""
    effect = {"allow": "allow", "ask": "restrict", "block": "block"}[action]
    return {
        "action": action,
        "effect": effect,
        "reason": reason,
        "layer": "local",
        "category": None,
        "min_age": None,
        "flags": [],
        "evidence": [],
        "revision": "r1",
        "until": None,
        "final": True,
        "parts": [],
        "host": None,
        "words": None,
        "grounds": [{"rule": "parents", "where": "home.yaml:1", "says": action, "cites": []}],
    }


class _Handler(BaseHTTPRequestHandler):
    family: Family
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.family.revoked:
            self._send(401, b"{}", {})
            return
        signed = self.family.key.sign(self.family.bundle).to_json()
        etag = f'"{hash(signed["bundle"])}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, b"", {})
            return
        self._send(200, signed["bundle"].encode(), {"ETag": etag, "Qorgan-Signature": signed["signature"]})

    def do_POST(self) -> None:
        what = self.path.removeprefix("/addon/v1/")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.family.told.append((what, body))
        if what == "pair":
            known = self.family.kept()["pairing"]
            answer = {key: known[key] for key in ("device", "token", "public_key", "person")}
            right = body["code"] in self.family.codes
            self._send(200 if right else 403, json.dumps(answer if right else {}).encode(), {})
        elif what == "verdict":
            host = body["url"].split("/")[2].partition(":")[0]
            if "reading" in body and host in self.family.meanwhile:
                self.family.meanwhile[host]()
            said = self.family.verdicts.get(host)
            self._send(200 if said else 503, json.dumps(said or {}).encode(), {})
        else:
            self._send(200, b"{}", {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""
