"""What is different in our HTTP/2 codec: bounded queues, bounded resets and chatter, whole responses in one write.

mitmproxy gives every peer a window of two gigabytes and takes the bytes back at once, so what a slow reader does not
take piles up here; it counts nothing that a client does besides asking. (RFC 9113, section 10.5.)
"""

from collections.abc import Callable
from typing import ClassVar, Final

import h2.errors
import h2.events
import h2.exceptions
from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import RequestHeaders, ResponseEndOfMessage, ResponseProtocolError
from mitmproxy.proxy.layers.http._http2 import Http2Client, Http2Connection, Http2Server

from gateway.edge.mitm import brakes
from gateway.edge.mitm.bounded_h2 import Allowance, BoundedH2
from gateway.edge.mitm.whole import WholeResponse

# Bytes that a peer may send ahead on one stream, and in all.
_ORIGIN_WINDOWS: Final = (1024 * 1024, 2**31 - 1)  # one origin's stream must not starve the others
_CLIENT_WINDOWS: Final = (4 * 1024 * 1024, 16 * 1024 * 1024)
_SENT_FOR_ONE: Final = 2_048  # bytes sent to a client that make up for one of its WINDOW_UPDATE frames


class Resume(HttpEvent):
    """There is room again on this stream: what was held back of its window is given."""


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
        if connection.updates and isinstance(event, events.DataReceived) and self._handle_event != self.done:
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
        self.bound(BoundedH2(self.h2_conf, _CLIENT_WINDOWS, self.upload_waits))
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

    def upload_waits(self, stream_id: int) -> bool:
        """Whether what a client sends on a stream has to wait for the origin."""
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
