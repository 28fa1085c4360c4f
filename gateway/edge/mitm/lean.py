"""Small parts of mitmproxy that every request passes dozens of times, doing the same with less.

Header fields are looked up without a Python call for each of them and without exceptions; connections are told apart
by being the same object, as live ones are; a stream's context is not given a server that is thrown away at once.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from functools import lru_cache
from typing import Any, Final

from mitmproxy.http import Headers, Request, Response
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator, Layer
from mitmproxy.proxy.layers.http import (
    DropStream,
    GetHttpConnection,
    HttpLayer,
    RegisterHttpConnection,
    SendHttp,
)
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import RequestHeaders

from gateway.edge.mitm.codec import ClientSide, OriginSide
from gateway.edge.mitm.fields import named
from gateway.edge.mitm.http2 import Http2ClientSide, Http2OriginSide

_stock_body_size = http1.expected_http_body_size
_stock_connection_close = http1.connection_close
_LONGEST_DECIMAL: Final = 15
_OK: Final = 200
STATES: Final = (  # of an HttpStream; HeldStream gives each only what belongs there
    *("_handle_event", "state_wait_for_request_headers", "state_stream_request_body", "state_consume_request_body"),
    *("state_wait_for_response_headers", "state_stream_response_body", "state_consume_response_body"),
)
_CODECS: Final = frozenset({ClientSide, OriginSide, Http2ClientSide, Http2OriginSide})
_KEPT: Final[set[asyncio.Task[Any]]] = set()  # the event loop itself holds a task weakly only
_PERSISTENT: Final = frozenset({"HTTP/1.1", b"HTTP/1.1", "HTTP/2.0", b"HTTP/2.0"})


_stock_headers = Headers.__init__


def make_headers(headers: Headers, fields: Iterable[tuple[bytes, bytes]] = (), **others: Any) -> None:
    """Stands in for Headers.__init__."""
    if others:
        _stock_headers(headers, fields, **others)
        return
    headers.fields = tuple(fields)
    for field in headers.fields:
        name, value = field
        if type(field) is not tuple or type(name) is not bytes or type(value) is not bytes:
            _stock_headers(headers, headers.fields)
            return


def get_all(headers: Headers, name: str | bytes) -> list[str]:
    """Stands in for Headers.get_all."""
    wanted = _wanted(name)
    if wanted not in named(headers):
        return []
    return [value.decode("utf-8", "surrogateescape") for key, value in headers.fields if key.lower() == wanted]


def get_one(headers: Headers, name: str | bytes, default: Any = None) -> Any:
    """Stands in for Headers.get."""
    found = named(headers).get(_wanted(name))
    return default if found is None else found.decode("utf-8", "surrogateescape")


def get_item(headers: Headers, name: str | bytes) -> str:
    """Stands in for Headers.__getitem__."""
    found = get_one(headers, name)
    if found is None:
        raise KeyError(name)
    return str(found)


def has(headers: Headers, name: object) -> bool:
    """Stands in for Headers.__contains__."""
    return isinstance(name, str | bytes) and _wanted(name) in named(headers)


def pop(headers: Headers, name: str | bytes, *default: Any) -> Any:
    """Stands in for Headers.pop."""
    found = get_one(headers, name)
    if found is None:
        if not default:
            raise KeyError(name)
        return default[0]
    wanted = _wanted(name)
    headers.fields = tuple(field for field in headers.fields if field[0].lower() != wanted)
    return found


def to_bytes(headers: Headers) -> bytes:
    """Stands in for Headers.__bytes__."""
    return b"".join([b"%b: %b\r\n" % field for field in headers.fields])


def fork(context: Context) -> Context:
    """Stands in for Context.fork."""
    forked = Context.__new__(Context)
    forked.client, forked.options = context.client, context.options
    forked.server, forked.layers = context.server, context.layers.copy()
    return forked


def event_to_child(layer: HttpLayer, child: Layer, event: events.Event) -> CommandGenerator[None]:
    """Stands in for HttpLayer.event_to_child: what comes most often is asked for first."""
    # No codec of ours ever waits for an answer, which is all that Layer.handle_event is for.
    command: Any
    for command in child._handle_event(event) if type(child) in _CODECS else child.handle_event(event):
        kind = type(command)
        if kind is SendHttp:
            yield from event_to_child(layer, layer.connections[command.connection], command.event)
        elif kind is ReceiveHttp:
            received = command.event
            if type(received) is RequestHeaders:
                yield from layer.make_stream(received.stream_id)
            stream = layer.streams.get(received.stream_id)
            if stream is not None:  # else we have finished with it already
                yield from event_to_child(layer, stream, received)
        elif kind is commands.SendData:
            yield command
        else:
            yield from _pass_on(layer, child, command)


def _pass_on(layer: HttpLayer, child: Layer, command: commands.Command) -> CommandGenerator[None]:
    if command.blocking or isinstance(command, commands.RequestWakeup):
        layer.command_sources[command] = child
    if isinstance(command, DropStream):
        layer.streams.pop(command.stream_id, None)
    elif isinstance(command, GetHttpConnection):
        yield from layer.get_connection(command)
    elif isinstance(command, RegisterHttpConnection):
        yield from layer.register_connection(command)
    else:
        if isinstance(command, commands.OpenConnection):
            layer.connections[command.connection] = child
        yield command


def make_plainly(kind: type[Any], *_: Any, **__: Any) -> Any:
    """Stands in for the `__new__` of hooks and of answers to commands, which only check how their class was written."""
    return object.__new__(kind)


def expected_http_body_size(request: Request, response: Response | None = None) -> int | None:
    """Stands in for http1.expected_http_body_size; all but the plainest cases are left to it."""
    fields = named((response or request).headers)
    length = fields.get(b"content-length")
    if b"transfer-encoding" in fields:
        return _stock_body_size(request, response)
    if response is None:
        if length is None:
            return 0
    elif request.data.method != b"GET" or response.data.status_code != _OK or length is None:
        return _stock_body_size(request, response)
    plain = length.isdigit() and len(length) <= _LONGEST_DECIMAL and (length[:1] != b"0" or length == b"0")
    return int(length) if plain else _stock_body_size(request, response)


def connection_close(http_version: str | bytes, headers: Headers) -> bool:
    """Stands in for http1.connection_close."""
    if b"connection" in named(headers):
        return bool(_stock_connection_close(http_version, headers))  # type: ignore[no-untyped-call]
    return http_version not in _PERSISTENT


def create_task(work: Coroutine[Any, Any, Any], *, keep_ref: bool, **_notes: Any) -> asyncio.Task[Any]:
    """Stands in for asyncio_utils.create_task; what that notes on a task helps to find faults in mitmproxy."""
    task = asyncio.get_running_loop().create_task(work)
    if keep_ref and not task.done():
        _KEPT.add(task)
        task.add_done_callback(_KEPT.discard)
    return task


def note_nothing(**_notes: Any) -> None:
    """Stands in for asyncio_utils.set_current_task_debug_info."""


@lru_cache(maxsize=1_024)
def _wanted(name: str | bytes) -> bytes:
    return name.lower() if isinstance(name, bytes) else name.lower().encode("utf-8", "surrogateescape")
