"""Parts of mitmproxy that are replaced while the proxy runs, each only when the replaced source is the one we know.

With any other source the proxy does not start: a replacement that no longer fits would fail open. What is replaced
only for speed is in gateway.edge.mitm.speed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from socket import socket
from types import SimpleNamespace
from typing import Any, Final

import mitmproxy.version
from mitmproxy.connection import Client
from mitmproxy.proxy import layer, mode_servers, server
from mitmproxy.proxy.layers import http, websocket
from mitmproxy.proxy.layers.http import _base, _http1, _http2, _http_h2

from gateway.edge.mitm import brakes
from gateway.edge.mitm.bounded_websocket import BoundedConnection, BoundedWebsocket
from gateway.edge.mitm.codec import ClientSide, OriginSide, format_error, make_error_response
from gateway.edge.mitm.hold import HeldStream
from gateway.edge.mitm.http2 import Bearable, Http2ClientSide, Http2OriginSide
from gateway.edge.mitm.leaves import LeafStore
from gateway.edge.mitm.settings import Limits
from gateway.edge.mitm.sources import unknown_parts
from gateway.edge.mitm.uploads import Upload

_BACKLOG: Final = 1024


class UnknownMitmproxy(Exception):  # noqa: N818 - named for what was found
    """This mitmproxy is not one that the gateway was tested with."""


def check_sources() -> None:
    """Raises UnknownMitmproxy when a part that is replaced, or leant on, is not the one that we know."""
    if unknown := unknown_parts(_LEANT_ON):
        raise UnknownMitmproxy(
            f"{unknown[0]} of mitmproxy {mitmproxy.version.VERSION} is not the one that the gateway was tested with; "
            "install mitmproxy 12.2.3 or 12.3.1"
        )


_LEANT_ON: Final = (
    server.ConnectionHandler.open_connection,
    server.ConnectionHandler.handle_connection,
    server.ConnectionHandler.drain_writers,
    mode_servers.AsyncioServerInstance.listen,
    http.HttpStream,
    http.HttpLayer,
    http.HttpClient,
    _http1.Http1Connection,
    _http1.Http1Server,
    _http1.Http1Client,
    _http1.make_error_response,
    _http2.Http2Connection,
    _http2.Http2Server,
    _http2.Http2Client,
    _http_h2.BufferedH2Connection,
    _base.format_error,
    websocket.WebsocketConnection,
    websocket.WebsocketLayer,
    layer.Layer,
)


@contextmanager
def replaced(
    *,
    limits: Limits,
    head_begins: Callable[[Client], None] = lambda _client: None,
    ended: Callable[[str], object] = lambda _why: None,
    sockets: Mapping[str, socket] | None = None,
    dial: Callable[..., Awaitable[Any]] | None = None,
) -> Iterator[None]:
    """Our parts in place of mitmproxy's, until the context ends.

    `head_begins` is told of every client that has sent a part of a head; `ended` is told why we ended something that
    went beyond a limit.
    `sockets`: listening sockets by the host part of a mode ("regular@teen:8081" → "teen"); None: mitmproxy listens
    itself. `dial`: stands in for asyncio.open_connection; None: mitmproxy resolves and dials itself.
    """
    check_sources()
    ClientSide.head_bytes = OriginSide.head_bytes = Http2ClientSide.head_bytes = limits.head_bytes
    Http2ClientSide.streams_at_once = limits.h2_streams
    Bearable.resets, Bearable.chatter = limits.h2_resets, limits.h2_chatter
    HeldStream.hold_seconds, Upload.most_in_all = limits.hold_seconds, limits.hold_bytes_in_all
    Upload.body_seconds, Upload.body_rate = limits.body_seconds, limits.body_rate
    LeafStore.most = limits.leaves
    BoundedConnection.message_bytes = limits.websocket_message_bytes
    BoundedWebsocket.bytes_in_all = limits.websocket_bytes
    BoundedWebsocket.ended = Upload.ended = staticmethod(ended)
    ClientSide.head_begins = Http2ClientSide.head_begins = staticmethod(head_begins)
    places: list[tuple[Any, str, Any]] = [
        (http, "HttpStream", HeldStream),
        (http, "Http1Server", ClientSide),
        (http, "Http1Client", OriginSide),
        (http, "Http2Server", Http2ClientSide),
        (http, "Http2Client", Http2OriginSide),
        (server.ConnectionHandler, "drain_writers", _braked(server.ConnectionHandler.drain_writers)),
        (websocket, "WebsocketConnection", BoundedConnection),
        (websocket, "WebsocketLayer", BoundedWebsocket),
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


def _braked(drain: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    async def drain_writers(handler: server.ConnectionHandler) -> None:
        await drain(handler)
        if brakes.waiting:
            await brakes.wait_for_room(brakes.read_by(handler, asyncio.current_task()))

    return drain_writers


def _asyncio_with(dial: Callable[..., Awaitable[Any]]) -> SimpleNamespace:
    """The asyncio that mitmproxy's connection handler sees: the same but for open_connection."""
    return SimpleNamespace(**{**vars(asyncio), "open_connection": dial})
