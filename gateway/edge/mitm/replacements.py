"""Parts of mitmproxy that are replaced while the proxy runs, each only when the replaced source is the one we know.

The fingerprints are those of mitmproxy 12.2.3 and 12.3.1, which are equal. With any other source the proxy does not
start: a replacement that no longer fits would fail open.
"""

import asyncio
import hashlib
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from socket import socket
from types import SimpleNamespace
from typing import Any, Final

import mitmproxy.version
from mitmproxy.proxy import mode_servers, server
from mitmproxy.proxy.layers import http
from mitmproxy.proxy.layers.http import _base, _http1, _http2

from gateway.edge.mitm.codec import ClientSide, OriginSide, format_error, make_error_response
from gateway.edge.mitm.hold import HeldStream
from gateway.edge.mitm.settings import Limits

_BACKLOG: Final = 1024
_KNOWN: Final[Mapping[str, str]] = {
    "mitmproxy.proxy.server.ConnectionHandler.open_connection": "5e0b3cbaf7a4030a",
    "mitmproxy.proxy.mode_servers.AsyncioServerInstance.listen": "7670a9038b44170d",
    "mitmproxy.proxy.layers.http.HttpStream": "baaac4f7cdb36a32",
    "mitmproxy.proxy.layers.http.HttpLayer": "8da4a8a48e637b88",
    "mitmproxy.proxy.layers.http.HttpClient": "8401d422afdaff15",
    "mitmproxy.proxy.layers.http._http1.Http1Connection": "c0675638b0756013",
    "mitmproxy.proxy.layers.http._http1.Http1Server": "cc8428d0bb6f79a5",
    "mitmproxy.proxy.layers.http._http1.Http1Client": "706b7a68f2809929",
    "mitmproxy.proxy.layers.http._http1.make_error_response": "03ce75ab62e8e78b",
    "mitmproxy.proxy.layers.http._base.format_error": "26271a67770fbaf1",
}


class UnknownMitmproxy(Exception):  # noqa: N818 - named for what was found
    """This mitmproxy is not one that the gateway was tested with."""


def check_sources() -> None:
    """Raises UnknownMitmproxy when a part that is replaced, or leant on, is not the one that we know."""
    for part in _LEANT_ON:
        name = f"{part.__module__}.{part.__qualname__}"
        if fingerprint(part) != _KNOWN.get(name):
            raise UnknownMitmproxy(
                f"{name} of mitmproxy {mitmproxy.version.VERSION} is not the one that the gateway was tested with; "
                "install mitmproxy 12.2.3 or 12.3.1"
            )


def fingerprint(part: Any) -> str:
    """A short digest of the source of a class or function; "" when the source is not at hand."""
    try:
        return hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:16]
    except OSError:
        return ""


_LEANT_ON: Final = (
    server.ConnectionHandler.open_connection,
    mode_servers.AsyncioServerInstance.listen,
    http.HttpStream,
    http.HttpLayer,
    http.HttpClient,
    _http1.Http1Connection,
    _http1.Http1Server,
    _http1.Http1Client,
    _http1.make_error_response,
    _base.format_error,
)


@contextmanager
def replaced(
    *,
    limits: Limits,
    sockets: Mapping[str, socket] | None = None,
    dial: Callable[..., Awaitable[Any]] | None = None,
) -> Iterator[None]:
    """Our parts in place of mitmproxy's, until the context ends.

    `sockets`: listening sockets by the host part of a mode ("regular@teen:8081" → "teen"); None: mitmproxy listens
    itself. `dial`: stands in for asyncio.open_connection; None: mitmproxy resolves and dials itself.
    """
    check_sources()
    ClientSide.head_bytes = OriginSide.head_bytes = limits.head_bytes
    HeldStream.hold_seconds = limits.hold_seconds
    places: list[tuple[Any, str, Any]] = [
        (http, "HttpStream", HeldStream),
        (http, "Http1Server", ClientSide),
        (http, "Http1Client", OriginSide),
        (_http1, "make_error_response", make_error_response),
        (_http2, "format_error", format_error),
    ]
    if sockets is not None:
        places.append((mode_servers.AsyncioServerInstance, "listen", _listen_on(sockets)))
    if dial is not None:
        places.append((server, "asyncio", _asyncio_with(dial)))
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    try:
        for owner, name, ours in places:
            setattr(owner, name, ours)
        yield
    finally:
        for owner, name, theirs in before:
            setattr(owner, name, theirs)


def _listen_on(sockets: Mapping[str, socket]) -> Callable[..., Awaitable[list[asyncio.Server]]]:
    """Servers on sockets that exist already: their owner keeps them open while a worker dies and another starts."""

    async def listen(instance: Any, host: str, _port: int) -> list[asyncio.Server]:
        # A duplicate, so that closing the server does not close its owner's socket.
        mine = sockets[host].dup()
        mine.setblocking(False)
        return [await asyncio.start_server(instance.handle_stream, sock=mine, backlog=_BACKLOG)]

    return listen


def _asyncio_with(dial: Callable[..., Awaitable[Any]]) -> SimpleNamespace:
    """The asyncio that mitmproxy's connection handler sees: the same but for open_connection."""
    return SimpleNamespace(**{**vars(asyncio), "open_connection": dial})
