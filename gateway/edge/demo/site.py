"""The demo's pages: one host a story, HTTP/1.1 and HTTP/2, WebSocket echo on /echo (ASGI, served by hypercorn)."""

import asyncio
import mimetypes
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from hypercorn.asyncio import serve
from hypercorn.config import Config

_PAGES: Final = Path(__file__).with_name("pages")
# The RTA label as a response header too (rtalabel.org), on top of the front page's own meta element. The site's other
# pages carry none: they are rated by what the probe learns at the front page.
_HEADERS: Final[Mapping[str, tuple[tuple[bytes, bytes], ...]]] = {
    "adult/index.html": ((b"rating", b"RTA-5042-1996-1400-1577-RTA"),),
}

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


def _folder_of(scope: Scope) -> str:
    """The folder of a request: the first label of the host name, e.g. "adult" of adult.demo.test."""
    headers = dict(scope["headers"])
    name = headers.get(b":authority", headers.get(b"host", b"")).decode("ascii", "replace").partition(":")[0]
    return name.removesuffix(".").removesuffix("demo.test").removesuffix(".") or "home"


def _file_of(scope: Scope) -> Path | None:
    """The file of a request, or None. Names come from a listing of our own folder, never from the path's text."""
    folder = _PAGES / _folder_of(scope)
    wanted = scope["path"].lstrip("/") or "index.html"
    return next((file for file in folder.iterdir() if file.name == wanted), None) if folder.is_dir() else None


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        await _echo(receive, send)
    else:
        # The whole request first: with eager tasks (mitmproxy's choice) hypercorn would otherwise wait for ever for the
        # end of a request whose answer is out already, and the connection would never be used again.
        while (await receive()).get("more_body"):
            pass
        await _answer(scope, send)


async def _live(receive: Receive, send: Send) -> None:
    while (event := await receive())["type"] != "lifespan.shutdown":
        await send({"type": event["type"] + ".complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _echo(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event.get("text"), "bytes": event.get("bytes")})


async def _answer(scope: Scope, send: Send) -> None:
    file = _file_of(scope)
    body = file.read_bytes() if file else b"nothing here"
    body = body.replace(b"{port}", str(scope["server"][1]).encode())
    kind = mimetypes.guess_type(file.name)[0] if file else None
    textual = kind is None or kind.startswith("text/")
    headers = [
        (b"content-type", ((kind or "text/plain") + ("; charset=utf-8" if textual else "")).encode()),
        (b"content-length", str(len(body)).encode()),
        *(_HEADERS.get(f"{file.parent.name}/{file.name}", ()) if file else ()),
    ]
    await send({"type": "http.response.start", "status": 200 if file else 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def names() -> tuple[str, ...]:
    """The demo's host names; all of them below `demo.test` (RFC 6761 keeps .test for this)."""
    return tuple("demo.test" if page.name == "home" else f"{page.name}.demo.test" for page in sorted(_PAGES.iterdir()))


async def serve_demo(listening: socket.socket, certificate: Path, key: Path, stop: asyncio.Event) -> None:
    """Serves on a listening socket until `stop` is set."""
    config = Config()
    config.bind = [f"fd://{os.dup(listening.fileno())}"]
    config.certfile, config.keyfile = str(certificate), str(key)
    config.alpn_protocols = ["h2", "http/1.1"]
    config.accesslog = config.errorlog = None
    config.include_server_header = False
    config.graceful_timeout = 0.5
    await serve(app, config, shutdown_trigger=stop.wait, mode="asgi")  # type: ignore[arg-type]
