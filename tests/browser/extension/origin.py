"""The sites that the browsers visit: every name under `.test` at one port, and a log of what was asked for."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

HIDDEN: Final = "background:#ff00ff"  # pixels.MARKER
SHOWN: Final = "background:#00a050"  # pixels.FINE
LIST: Final = "<ul>%s</ul>"  # of cards
RTA: Final = '<meta name="rating" content="RTA-5042-1996-1400-1577-RTA">'


@dataclass(frozen=True, slots=True)
class Page:
    """What the origin answers."""

    body: str
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"
    data: bytes = b""  # instead of a text
    # Sent after a pause of so many seconds: a page that comes slowly.
    late: tuple[float, str] | None = None


def html(body: str, *, head: str = "", style: str = SHOWN) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>{head}</head>'
        f'<body style="margin:0;min-height:100vh;{style}">{body}</body></html>'
    )


def card(name: str, mark: str, style: str, inner: str = "") -> str:
    return (
        f'<li class="card" id="{name}" itemscope itemtype="https://schema.org/Movie" '
        f'style="height:60px;width:240px;{style}">'
        f'<a href="/film/{name}" itemprop="url"><span itemprop="name">{name}</span></a>'
        f'<meta itemprop="contentRating" content="{mark}">{inner}</li>'
    )


class Origin:
    """Serves `pages` by "host/path"; use as a context."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self.pages = pages
        self.log: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"origin": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_port

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, host: str) -> list[str]:
        """What was asked of the host, but for icons."""
        return [each for each in self.log if each.startswith(f"{host}/") and "favicon" not in each]


class _Handler(BaseHTTPRequestHandler):
    origin: Origin
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = f"{self.headers['Host'].partition(':')[0]}{self.path.partition('?')[0]}"
        self.origin.log.append(name)
        page = self.origin.pages.get(name)
        if page is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        for field_name, value in page.headers.items():
            self.send_header(field_name, value)
        self.send_header("Content-Type", page.type)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page.data or page.body.encode())
        if page.late is not None:
            self.wfile.flush()
            time.sleep(page.late[0])
            self.wfile.write(page.late[1].encode())

    do_POST = do_GET  # noqa: N815 - as http.server calls it

    def log_message(self, *_: object) -> None:
        """Nothing: `log` has it."""
