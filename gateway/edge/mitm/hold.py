"""Holding a response back until it is judged: an HttpStream with one more awaited hook, `responsepeek`.

The stock stream can either collect a whole body without a limit or send the head before anything was read. This one
collects up to a number of bytes or a moment, asks the add-on, and then replaces, releases or goes on collecting.
It also is the last door: a response that nobody released never gets to the client.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from weakref import WeakSet

from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import DropStream, HttpLayer, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
    ResponseTrailers,
)
from mitmproxy.proxy.server import ConnectionHandler

from gateway.actions.form import LARGEST_FORM
from gateway.edge.mitm.answers import last_resort
from gateway.edge.mitm.passage import passage_of

_SWEEP_SECONDS: Final = 0.25
_DISCARDED: Final = 1024 * 1024  # bytes of a refused upload that are read, so that the client sees the answer


@dataclass
class ResponsePeekHook(commands.StartHook):
    """The bytes that the add-on asked for have come, or all there are, or the time ran out."""

    name = "responsepeek"
    flow: HTTPFlow


class HeldStream(HttpStream):
    """Stands in for mitmproxy's HttpStream."""

    waiting: ClassVar[WeakSet["HeldStream"]] = WeakSet()
    hold_seconds: ClassVar[float] = 30.0

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._deadline = 0.0
        self._discarded = 0

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.Wakeup):
            if self.server_state == self.state_hold_response_body:
                yield from self._ask(ended=False, late=True)
        else:
            yield from super()._handle_event(event)

    # -- the request ----------------------------------------------------------------------------------------------

    def state_wait_for_request_headers(self, event: RequestHeaders) -> CommandGenerator[None]:
        yield from super().state_wait_for_request_headers(event)
        if self.client_state == self.state_consume_request_body and self.flow.response and not event.end_stream:
            # Stock collects the whole upload before it answers.
            self.flow.request.data.content = b""
            yield from self.send_response()
            yield from self._end_early()

    def state_discard_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """The answer is out; the rest of the upload is read and forgotten, up to a limit."""
        if isinstance(event, RequestData):
            self._discarded += len(event.data)
            if self._discarded > _DISCARDED:
                fault = ResponseProtocolError(self.stream_id, "upload refused", ErrorCode.CANCEL)
                yield SendHttp(fault, self.context.client)
                self.client_state = self.state_errored
        elif isinstance(event, RequestEndOfMessage):
            self.flow.live = False
            yield DropStream(self.stream_id)

    def state_consume_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """A form is waited for; what has grown longer than a form is passed on as it comes."""
        yield from super().state_consume_request_body(event)
        body = self.request_body_buf
        if isinstance(event, RequestData) and passage_of(self.flow).form and len(body) > LARGEST_FORM:
            held = bytes(body)
            body.clear()
            self.flow.request.stream = True
            yield from self.start_request_stream()
            if self.client_state == self.state_stream_request_body:
                yield from self.state_stream_request_body(RequestData(self.stream_id, held))

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
            self._deadline = time.monotonic() + self.hold_seconds
            self.waiting.add(self)
        elif not passage.released:
            self.flow.response = last_resort()
            yield from self._replace(ended=event.end_stream)

    def state_hold_response_body(self, event: events.Event) -> CommandGenerator[None]:
        """Collects until the add-on has what it asked for."""
        if isinstance(event, ResponseData):
            self.response_body_buf += event.data
            if len(self.response_body_buf) >= passage_of(self.flow).wanted:
                yield from self._ask(ended=False)
        elif isinstance(event, ResponseTrailers):
            pass  # RFC 9110, section 6.5.1: a proxy may drop them; a label in them would come after the page
        elif isinstance(event, ResponseEndOfMessage):
            yield from self._ask(ended=True)

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
        self.response_body_buf.clear()
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
        self.response_body_buf.clear()
        if not ended:
            cancelled = RequestProtocolError(self.stream_id, "response replaced", ErrorCode.CANCEL)
            yield SendHttp(cancelled, self.context.server)
        yield from self.send_response()
        if self.client_state != self.state_done and self.client_state != self.state_errored:
            yield from self._end_early()
        self.server_state = self.state_errored  # which swallows whatever the origin still sends

    def _end_early(self) -> CommandGenerator[None]:
        """The response is complete while the request is not."""
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        self.client_state = self.state_discard_request_body
        self.server_state = self.state_errored

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
        yield from super().send_response(already_streamed)


async def sweep(handlers: Mapping[Any, ConnectionHandler]) -> None:
    """Wakes streams that have held a response for too long; runs until it is cancelled.

    One task for all: a timer for each response would keep every flow in memory until it fires.
    """
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        now = time.monotonic()
        for stream in [stream for stream in HeldStream.waiting if stream._deadline < now]:
            HeldStream.waiting.discard(stream)
            handler = handlers.get(stream.context.client.id)
            if handler is not None:
                await handler.server_event(_wakeup_for(stream))


def _wakeup_for(stream: HeldStream) -> events.Wakeup:
    """An event that finds its way through all HTTP layers down to `stream`, as if the stream had asked for it."""
    wakeup = commands.RequestWakeup(0)
    layers = stream.context.layers
    for index, layer in enumerate(layers):
        if isinstance(layer, HttpLayer):
            # Below each HTTP layer stands the one stream of it that leads here, at the end `stream` itself.
            below = (lower for lower in layers[index + 1 :] if isinstance(lower, HttpStream))
            layer.command_sources[wakeup] = next(below, stream)
    return events.Wakeup(wakeup)
