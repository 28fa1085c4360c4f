"""What is different in our HTTP/2 codec: bounded queues, bounded resets and chatter, whole responses in one write.

mitmproxy gives every peer a window of two gigabytes and takes the bytes back at once, so what a slow reader does not
take piles up here; it counts nothing that a client does besides asking. (RFC 9113, section 10.5.)
"""

import time
from collections.abc import Buffer, Callable, Sequence
from typing import ClassVar, Final

import h2.errors
import h2.events
import h2.exceptions
from h2.config import H2Configuration
from h2.connection import H2Connection
from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import RequestHeaders, ResponseEndOfMessage, ResponseProtocolError
from mitmproxy.proxy.layers.http._http2 import Http2Client, Http2Connection, Http2Server
from mitmproxy.proxy.layers.http._http_h2 import BufferedH2Connection

from gateway.edge.mitm import brakes
from gateway.edge.mitm.whole import WholeResponse

# Bytes that a peer may send ahead on one stream, and in all.
_ORIGIN_WINDOWS: Final = (1024 * 1024, 2**31 - 1)  # one origin's stream must not starve the others
_CLIENT_WINDOWS: Final = (4 * 1024 * 1024, 16 * 1024 * 1024)
_SENT_FOR_ONE: Final = 2_048  # bytes sent to a client that make up for one of its WINDOW_UPDATE frames


class Resume(HttpEvent):
    """There is room again on this stream: what was held back of its window is given."""


class Allowance:
    """So many at once, and so many a second on average."""

    def __init__(self, burst: float, a_second: float) -> None:
        self._burst, self._a_second = burst, a_second
        self._left, self._since = burst, time.monotonic()

    def give(self, more: float) -> None:
        self._left = min(self._burst, self._left + more)

    def spend(self, count: int = 1) -> bool:
        """Whether there was enough."""
        now = time.monotonic()
        self.give((now - self._since) * self._a_second)
        self._since = now
        self._left -= count
        return self._left >= 0


class BoundedH2(BufferedH2Connection):
    """Gives window only while there is room on the other side, and joins what came in one read."""

    def __init__(self, config: H2Configuration, windows: tuple[int, int], is_full: Callable[[int], bool]) -> None:
        super().__init__(config)
        self._stream_window, self._window = windows
        self.local_settings.initial_window_size = self._stream_window
        self.local_settings.acknowledge()
        self.owed: dict[int, int] = {}  # stream → bytes whose window is held back
        self.updates = 0  # WINDOW_UPDATE frames since somebody looked
        self.sent = 0  # bytes since somebody looked
        self._is_full = is_full

    def initiate_connection(self) -> None:
        H2Connection.initiate_connection(self)
        self.increment_flow_control_window(self._window - self.inbound_flow_control_window)

    def queued(self, stream_id: int) -> int:
        """Bytes that wait for the peer's window on one stream."""
        return sum(len(chunk.data) for chunk in self.stream_buffers.get(stream_id, ()))

    def queued_in_all(self) -> int:
        return sum(len(chunk.data) for chunks in self.stream_buffers.values() for chunk in chunks)

    def is_amid_a_frame(self) -> bool:
        """Whether a frame, or a head in several frames, has begun and not ended."""
        buffer = self.incoming_buffer
        return bool(buffer._data or buffer._headers_buffer)

    def acknowledge_received_data(self, acknowledged_size: int, stream_id: int) -> None:
        owed = self.owed.pop(stream_id, 0) + acknowledged_size
        if self._is_full(stream_id):
            self.owed[stream_id] = owed
        elif owed:
            super().acknowledge_received_data(owed, stream_id)

    def settle(self, stream_id: int) -> None:
        """Gives what was held back of a stream's window, if there is room now."""
        if stream_id in self.owed:
            self.acknowledge_received_data(0, stream_id)

    def send_data(  # type: ignore[override]
        self, stream_id: int, data: bytes, end_stream: bool = False, pad_length: None = None
    ) -> None:
        self.sent += len(data)
        super().send_data(stream_id, data, end_stream, pad_length)

    def connection_window_updated(self) -> None:
        self.updates += 1
        super().connection_window_updated()

    def stream_window_updated(self, stream_id: int) -> bool:
        self.updates += 1
        return super().stream_window_updated(stream_id)

    def receive_data(self, data: Buffer) -> list[h2.events.Event]:
        return _joined(super().receive_data(data))


def _joined(received: Sequence[h2.events.Event]) -> list[h2.events.Event]:
    """Runs of DATA of one stream made one event; whatever stands between them keeps its place."""
    joined: list[h2.events.Event] = []
    run: list[h2.events.DataReceived] = []
    for event in received:
        if not isinstance(event, h2.events.DataReceived):
            joined += [*_one(run), event]
            run = []
        elif run and (run[-1].stream_id != event.stream_id or run[-1].stream_ended):
            joined += _one(run)
            run = [event]
        else:
            run.append(event)
    return joined + _one(run)


def _one(run: list[h2.events.DataReceived]) -> list[h2.events.DataReceived]:
    if len(run) > 1:
        first, last = run[0], run[-1]
        first.data = b"".join(event.data or b"" for event in run)
        first.flow_controlled_length = sum(event.flow_controlled_length or 0 for event in run)
        first.stream_ended = last.stream_ended
    return run[:1]


class Bearable(Http2Connection):
    """A peer that resets, pings or changes its settings without end is told to calm down, and left."""

    resets: ClassVar[tuple[float, float]] = (200, 20)  # at once, and a second
    chatter: ClassVar[tuple[float, float]] = (1_000, 100)  # PING, SETTINGS, PRIORITY, empty DATA, WINDOW_UPDATE

    h2_conn: BoundedH2

    def bound(self, connection: BoundedH2) -> None:
        """Uses `connection` instead of the one that stock has made."""
        self.h2_conn = connection
        self._resets, self._chatter = Allowance(*self.resets), Allowance(*self.chatter)

    def handle_h2_event(self, event: h2.events.Event) -> CommandGenerator[bool]:
        if self._is_bearable(event):
            return (yield from super().handle_h2_event(event))
        yield from self.protocol_error("too much at once", h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)
        return True

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        yield from super()._handle_event(event)
        connection = self.h2_conn
        if connection.updates and isinstance(event, events.DataReceived):
            self._chatter.give(connection.sent / _SENT_FOR_ONE)
            fine = self._chatter.spend(connection.updates)
            connection.sent = connection.updates = 0
            if not fine:
                yield from self.protocol_error("too much at once", h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)

    def _is_bearable(self, event: h2.events.Event) -> bool:
        if isinstance(event, h2.events.StreamReset):
            self.h2_conn.owed.pop(event.stream_id, None)
            return self._resets.spend()
        if isinstance(event, h2.events.DataReceived):
            return bool(event.data) or bool(event.stream_ended) or self._chatter.spend()
        return isinstance(event, _OF_A_STREAM) or self._chatter.spend()


_OF_A_STREAM: Final = (
    h2.events.RequestReceived,
    h2.events.ResponseReceived,
    h2.events.StreamEnded,
    h2.events.TrailersReceived,
)


class Http2ClientSide(Bearable, Http2Server):
    """Towards the client."""

    head_bytes: ClassVar[int] = 64 * 1024
    streams_at_once: ClassVar[int] = 100
    head_begins: ClassVar[Callable[[Client], None]] = lambda _client: None

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.bound(BoundedH2(self.h2_conf, _CLIENT_WINDOWS, self._upload_waits))
        self.h2_conn.local_settings.max_concurrent_streams = self.streams_at_once
        self.h2_conn.local_settings.max_header_list_size = self.head_bytes
        self.h2_conn.local_settings.acknowledge()
        self.h2_conn.decoder.max_header_list_size = self.head_bytes
        self.origins: dict[int, Http2OriginSide] = {}  # by stream, until its response is sent

    def is_full(self, stream_id: int) -> bool:
        """Whether nothing more of an origin's response should come for a stream."""
        connection = self.h2_conn
        if not connection.stream_buffers:
            return False
        return connection.queued(stream_id) > brakes.STREAM_ROOM or connection.queued_in_all() > brakes.CONNECTION_ROOM

    def _upload_waits(self, stream_id: int) -> bool:
        origin = self.origins.get(stream_id)
        return origin is not None and origin.has_queued(stream_id)

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, WholeResponse):
            yield from self._send_whole(event)
        elif isinstance(event, Resume):
            yield from _settle(self, event.stream_id)
        else:
            yield from super()._handle_event(event)
            if isinstance(event, events.DataReceived):
                yield from self._release()
                if not self.streams and self.h2_conn.is_amid_a_frame():
                    Http2ClientSide.head_begins(self.context.client)
            elif isinstance(event, ResponseEndOfMessage | ResponseProtocolError):
                self.origins.pop(event.stream_id, None)

    def _send_whole(self, event: WholeResponse) -> CommandGenerator[None]:
        for command in super()._handle_event(event):
            if isinstance(command, commands.SendData) and self.is_open_for_us(event.stream_id):
                self.h2_conn.send_data(event.stream_id, event.content)
                self.h2_conn.end_stream(event.stream_id)
                command.data += self.h2_conn.data_to_send()
            yield command

    def _release(self) -> CommandGenerator[None]:
        """The client may have opened windows: what was held back on the other side goes on."""
        if brakes.waiting:
            brakes.release()
        for origin in {origin for origin in self.origins.values() if origin.h2_conn.owed}:
            for stream_id in origin.owing():
                if not self.is_full(stream_id):
                    yield SendHttp(Resume(stream_id), origin.conn)


class Http2OriginSide(Bearable, Http2Client):
    """Towards the origin."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.bound(BoundedH2(self.h2_conf, _ORIGIN_WINDOWS, self._response_waits))
        self.h2_conn.local_settings.enable_push = 0
        self.h2_conn.local_settings.acknowledge()
        self._http = brakes.http_layer_of(context)

    def has_queued(self, stream_id: int) -> bool:
        """Whether an upload waits here for the origin's window; `stream_id` is the client's."""
        ours = self.our_stream_id.get(stream_id)
        return ours is not None and self.h2_conn.queued(ours) > brakes.STREAM_ROOM

    def owing(self) -> list[int]:
        """The client's streams whose window is held back."""
        return [self.their_stream_id[ours] for ours in self.h2_conn.owed if ours in self.their_stream_id]

    def _response_waits(self, ours: int) -> bool:
        stream_id = self.their_stream_id.get(ours)
        if self._http is None or stream_id is None:
            return False
        client = self._http.connections.get(self.context.client)
        return brakes.is_piling_up(self._http.streams.get(stream_id)) or (
            isinstance(client, Http2ClientSide) and client.is_full(stream_id)
        )

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        client = self._http.connections.get(self.context.client) if self._http is not None else None
        if not isinstance(client, Http2ClientSide):
            yield from super()._handle_event(event)
            return
        if isinstance(event, RequestHeaders):
            client.origins[event.stream_id] = self
        yield from super()._handle_event(event)
        if isinstance(event, events.DataReceived) and client.h2_conn.owed:
            for stream_id in [stream for stream in client.h2_conn.owed if client.origins.get(stream) is self]:
                if not self.has_queued(stream_id):
                    yield SendHttp(Resume(stream_id), client.conn)

    def _handle_event2(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, Resume):
            yield from _settle(self, event.stream_id)
        else:
            yield from super()._handle_event2(event)


def _settle(side: Http2ClientSide | Http2OriginSide, stream_id: int) -> CommandGenerator[None]:
    try:
        side.h2_conn.settle(stream_id)
    except (h2.exceptions.ProtocolError, KeyError):
        return  # the stream or the connection is gone, and so is its window
    if data := side.h2_conn.data_to_send():
        yield commands.SendData(side.conn, data)
