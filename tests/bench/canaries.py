"""Does each proxy really do its work? One page that a filter has to read to its end, and the issuer of the leaf."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509

from tests.bench.origin import BODIES, PIXEL, SIGN
from tests.bench.targets import CANARY, SPLICED, Target

PAGE = "/tailed100"
SECONDS = 30


@dataclass(frozen=True)
class Answer:
    status: int
    fields: dict[str, str]
    body: bytes
    issuer: str | None  # common name of the leaf's issuer; None without TLS


def look(targets: list[Target], origin: dict[str, Any]) -> list[str]:
    """A line on each proxy that says what was seen. Raises RuntimeError when one does not do its work."""
    return [f"{target.name}: {_look_at(target, origin)}" for target in targets]


def _look_at(target: Target, origin: dict[str, Any]) -> str:
    plain, opened = (_ask(target, origin, kind, CANARY, PAGE) for kind in ("http", "h1"))
    # The client trusts this proxy's authority alone; the gateway's leaves are of an authority below its own.
    root = _subject(Path(origin["ca"]))
    _demand(target, opened.issuer not in (None, root), f"the leaf's issuer is the origin's: {opened.issuer!r}")
    seen = [f"opens TLS (leaf of {opened.issuer!r})"]
    for answer, kind in ((plain, "http"), (opened, "h1")):
        whole = SIGN in answer.body
        if target.name in BLOCKS:
            _demand(target, not whole, f"the page that it should block came through ({kind})")
        else:
            _demand(target, answer.status == 200 and whole, f"the page did not come through ({kind}): {answer.status}")
        if target.name.startswith("privoxy"):
            _demand(target, PIXEL not in answer.body, f"the filter `webbugs` left the pixel in ({kind})")
        clean = _ask(target, origin, kind, CANARY, "/html100")
        _demand(target, clean.body == BODIES["/html100"][1], f"a page without a sign did not come as it is ({kind})")
    if target.name == "squid":
        _demand(target, "squid" in opened.fields.get("via", ""), "the answer through TLS has no Via of Squid")
    seen += [DOES[target.name]] if target.name in DOES else []
    if target.splices:
        issuer = _ask(target, origin, "h1", SPLICED, "/image1").issuer
        _demand(target, issuer == root, f"the spliced connection's leaf is of {issuer!r}, not of the origin's {root!r}")
        seen.append("splices (the origin's own leaf)")
    return ", ".join(seen)


BLOCKS = ("e2guardian", "qorgan")
DOES = {
    "squid": "puts its Via into what it opened",
    "privoxy-deb": "takes the pixel out of the page's last lines, plain and over TLS",
    "privoxy": "takes the pixel out of the page's last lines, plain and over TLS, keeps alive",
    "e2guardian": "blocks by phrases in the page's last lines, plain and over TLS, and passes the page without them",
    "qorgan": "blocks by the sign in the page's last lines, plain and over TLS, and passes the page without it",
}


def _demand(target: Target, holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(f"{target.name}: {otherwise}")


def _ask(target: Target, origin: dict[str, Any], kind: str, name: str, path: str) -> Answer:
    order = target.order(origin, kind, name)
    where = f"{order['target']}:{order['port']}"
    fields = f"Host: {name if kind == 'h1' else order['target']}:{order['port']}\r\nConnection: close\r\n"
    fields += "Accept: text/html\r\nSec-Fetch-Dest: document\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", order["proxy"]), SECONDS) as connection:
        if kind == "http":
            return _exchange(connection, f"GET http://{where}{path} HTTP/1.1\r\n{fields}", None)
        connection.sendall(f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        context = ssl.create_default_context(cafile=order["ca"])
        with context.wrap_socket(connection, server_hostname=name) as secure:
            leaf = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
            return _exchange(secure, f"GET {path} HTTP/1.1\r\n{fields}", _said(leaf.issuer))


def _exchange(connection: socket.socket, request: str, issuer: str | None) -> Answer:
    connection.sendall(request.encode())
    with http.client.HTTPResponse(connection) as response:
        response.begin()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, fields, response.read(), issuer)


def _subject(ca: Path) -> str:
    return _said(x509.load_pem_x509_certificates(ca.read_bytes())[0].subject)


def _said(name: x509.Name) -> str:
    return ", ".join(str(part.value) for part in name)
