"""Holding a response back until it is judged: an HttpStream with one more awaited hook, `responsepeek`.

The stock stream can either collect a whole body without a limit or send the head before anything was read. This one
collects up to a number of bytes or a moment, asks the add-on, and then replaces, releases or goes on collecting.
It also is the last door: a response that nobody released never gets to the client.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Final, cast
from weakref import WeakSet

from mitmproxy.connection import Connection, Server
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import GetHttpConnection, HttpLayer, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    RequestTrailers,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
    ResponseTrailers,
)

from gateway.edge.mitm import brakes
from gateway.edge.mitm.answers import last_resort
from gateway.edge.mitm.http2 import Resume
from gateway.edge.mitm.own_commands import HookBegun, TakeOver
from gateway.edge.mitm.passage import passage_of
from gateway.edge.mitm.uploads import Upload
from gateway.edge.mitm.whole import joined

_LOOK_SECONDS: Final = 0.5  # after which the add-on is shown what has come of a page that drips
_OF_REQUESTS: Final = frozenset({RequestHeaders, RequestData, RequestTrailers, RequestEndOfMessage})
_OF_RESPONSES: Final = frozenset({ResponseHeaders, ResponseData, ResponseTrailers, ResponseEndOfMessage})

Begin = Callable[[str, HTTPFlow], Awaitable[None] | None]


@dataclass
class ResponsePeekHook(commands.StartHook):
    """The bytes that the add-on asked for have come, or all there are, or the time ran out."""

    name = "responsepeek"
    flow: HTTPFlow


class HeldStream(Upload):
    """Stands in for mitmproxy's HttpStream."""

    waiting: ClassVar[WeakSet["HeldStream"]] = WeakSet()
    hold_seconds: ClassVar[float] = 30.0
    begin: ClassVar[Begin | None] = None  # calls a hook, as DirectHooks does
    takes_over: ClassVar[bool] = False  # whether the connection's handler can do without us once a tunnel stands

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._http = cast("HttpLayer", context.layers[-2])
        self._is_over = False
        self.piled_up = False  # set by whoever reads from the origin
        self.look_at = self.deadline = 0.0  # monotonic seconds: when it is to be looked at, and at the latest
        self._held = 0  # bytes of the response

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        """Hooks that are done at once never leave the stream: the way up through all layers and back costs more."""
        work = self._work_on(event)
        begin, reply = HeldStream.begin, None
        try:
            while True:
                command = work.send(reply)
                reply = None
                # What a layer below waits for bears that layer in place of True, and is answered there.
                if begin is not None and type(command) is GetHttpConnection:
                    if (ready := self._ready(command)) is not None:
                        reply = (ready, None)
                        continue
                elif begin is not None and isinstance(command, commands.StartHook) and command.blocking is True:
                    waiting = begin(command.name, self.flow)
                    if waiting is None:
                        continue
                    command = HookBegun(self.flow, waiting)
                reply = yield command
        except StopIteration:
            pass
        if self.piled_up and not self._paused_event_queue:
            yield from self._go_on()
        if self._is_over:
            self._let_die()

    def _ready(self, wanted: GetHttpConnection) -> Connection | None:
        """The open connection that HttpLayer.get_connection would find at once; None: it has to be asked."""
        http = self._http
        for connection in http.connections:
            if type(connection) is Server and wanted.connection_spec_matches(connection):
                is_ready = connection.connected and not connection.error
                mixed = http.context.client.alpn == b"h2" and connection.alpn != b"h2"
                return connection if is_ready and not mixed and not http.waiting_for_establishment else None
        return None

    def _work_on(self, event: events.Event) -> CommandGenerator[None]:
        """As HttpStream._handle_event, which is a generator more to pass."""
        kind = type(event)
        work: CommandGenerator[None]
        if kind in _OF_REQUESTS:
            work = self.client_state(event)
        elif kind in _OF_RESPONSES:
            work = self.server_state(event)
        else:
            work = self._wake() if kind is events.Wakeup else super()._handle_event(event)
        return work

    def _wake(self) -> CommandGenerator[None]:
        if self.server_state == self.state_hold_response_body:
            yield from self._ask(ended=False, late=self.deadline < time.monotonic())
        elif self.is_late:
            yield from self.give_up()

    def _go_on(self) -> CommandGenerator[None]:
        """What came while a hook was waited for has been taken: more may come."""
        self.piled_up = False
        if self.context.server.alpn == b"h2":
            yield SendHttp(Resume(self.stream_id), self.context.server)
        else:
            brakes.release()

    def flow_done(self) -> CommandGenerator[None]:
        yield from super().flow_done()
        self._is_over = self.flow.websocket is None

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> CommandGenerator[None]:
        yield from super().handle_protocol_error(event)
        self._is_over = True

    def _let_die(self) -> None:
        """Undoes what a stream holds of itself.

        Else only the cyclic collector ends it, its flow and its bodies, and that is a tenth of what a request costs.
        """
        self.client_state = self.server_state = _swallow
        if self.context.layers and self.context.layers[-1] is self:
            self.context.layers.pop()

    # -- a tunnel --------------------------------------------------------------------------------------------------

    def handle_connect_finish(self) -> CommandGenerator[None]:
        yield from super().handle_connect_finish()  # type: ignore[no-untyped-call]
        if self.takes_over and self._handle_event == self.passthrough and self.child_layer is not None:
            yield TakeOver(self.child_layer)

    # -- the response ---------------------------------------------------------------------------------------------

    def state_wait_for_response_headers(self, event: ResponseHeaders) -> CommandGenerator[None]:
        yield from super().state_wait_for_response_headers(event)
        if self.server_state != self.state_consume_response_body:
            return  # it streams, or it has failed
        passage = passage_of(self.flow)
        if self.flow.response is not event.response:
            yield from self._replace(ended=event.end_stream)
        elif passage.wanted:
            self.server_state = self.state_hold_response_body
            now = time.monotonic()
            self.look_at, self.deadline = now + _LOOK_SECONDS, now + self.hold_seconds
            self.waiting.add(self)
        elif not passage.released:
            self.flow.response = last_resort()
            yield from self._replace(ended=event.end_stream)

    def state_hold_response_body(self, event: events.Event) -> CommandGenerator[None]:
        """Collects until the add-on has what it asked for."""
        if isinstance(event, ResponseData):
            self.response_body_buf += event.data
            self._count(len(event.data))
            if Upload.in_all > self.most_in_all:
                passage_of(self.flow).crowded = True
                yield from self._ask(ended=False, late=True)
            elif len(self.response_body_buf) >= passage_of(self.flow).wanted:
                yield from self._ask(ended=False)
        elif isinstance(event, ResponseTrailers):
            pass  # RFC 9110, section 6.5.1: a proxy may drop them; a label in them would come after the page
        elif isinstance(event, ResponseEndOfMessage):
            yield from self._ask(ended=True)

    def state_stream_response_body(self, event: events.Event) -> CommandGenerator[None]:
        if not (passage_of(self.flow).bodiless and isinstance(event, (ResponseData, ResponseTrailers))):
            yield from super().state_stream_response_body(event)

    def _count(self, more: int) -> None:
        self._held += more
        Upload.in_all += more

    def _let_go(self) -> None:
        self.response_body_buf.clear()
        self._count(-self._held)

    def __del__(self) -> None:
        self._count(-self._held)
        super().__del__()

    def _ask(self, *, ended: bool, late: bool = False) -> CommandGenerator[None]:
        self.waiting.discard(self)
        passage = passage_of(self.flow)
        passage.held, passage.ended, passage.late = bytes(self.response_body_buf), ended, late
        origin = self.flow.response
        yield ResponsePeekHook(self.flow)
        if (yield from self.check_killed(True)):
            return
        held, passage.held = passage.held, b""
        if self.flow.response is not origin:
            yield from self._replace(ended=ended)
        elif passage.released:
            yield from self._release(held, ended=ended)
        elif passage.wanted > len(held) and not ended and not late:
            self.waiting.add(self)
        else:
            self.flow.response = last_resort()
            yield from self._replace(ended=ended)

    def _release(self, held: bytes, *, ended: bool) -> CommandGenerator[None]:
        assert self.flow.response
        self._let_go()
        if ended:
            self.flow.response.data.content = held
            yield from self.send_response()
        else:
            self.flow.response.stream = self.flow.response.stream or True
            yield from self.start_response_stream()
            yield from self.state_stream_response_body(ResponseData(self.stream_id, held))

    def _replace(self, *, ended: bool) -> CommandGenerator[None]:
        """Sends our response and lets go of the origin's."""
        passage_of(self.flow).released = True
        self._let_go()
        if not ended:
            cancelled = RequestProtocolError(self.stream_id, "response replaced", ErrorCode.CANCEL)
            yield SendHttp(cancelled, self.context.server)
        yield from self.send_response()
        if self.client_state != self.state_done and self.client_state != self.state_errored:
            yield from self.end_early()
        self.server_state = self.state_errored  # which swallows whatever the origin still sends

    # -- the last door --------------------------------------------------------------------------------------------

    def start_response_stream(self) -> CommandGenerator[None]:
        if not passage_of(self.flow).released:
            self.flow.response = last_resort()
            yield from self._replace(ended=False)
        else:
            yield from super().start_response_stream()

    def send_response(self, already_streamed: bool = False) -> CommandGenerator[None]:
        if not already_streamed and not passage_of(self.flow).released:
            self.flow.response = last_resort()
            passage_of(self.flow).released = True
        sending = super().send_response(already_streamed)
        yield from sending if already_streamed else joined(sending)


def _swallow(_event: events.Event) -> CommandGenerator[None]:
    yield from ()
