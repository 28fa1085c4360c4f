"""Bodies of requests: refused at the head, let go when they are no form, and never waited for without an end.

A body that comes a byte a minute keeps a connection, a stream and what was held of it for ever. As Apache's
mod_reqtimeout has it (RequestReadTimeout, MinRate), a body gets some seconds, and more for what has come.
What is collected counts with all else that is held.
"""

import math
import time
from collections.abc import Callable
from typing import ClassVar, Final
from weakref import WeakSet

from mitmproxy.proxy import events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import DropStream, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    ResponseEndOfMessage,
    ResponseProtocolError,
)

from gateway.actions.form import LARGEST_FORM
from gateway.decision.verdict import Reason
from gateway.edge.mitm.answers import last_resort
from gateway.edge.mitm.passage import passage_of

_DISCARDED: Final = 1024 * 1024  # bytes of a refused upload that are read, so that the client sees the answer
_REQUEST_TIMEOUT: Final = 408  # RFC 9110, section 15.5.9
_UNAVAILABLE: Final = 503  # RFC 9110, section 15.6.4
_ROOM: Final = 0.5  # of all that may be held: beyond it bodies pass as they come, so that pages can still be read


class Upload(HttpStream):
    """A stream whose request has a body; HeldStream is one."""

    uploading: ClassVar[WeakSet["Upload"]] = WeakSet()
    body_seconds: ClassVar[float] = 60.0  # that a client may be behind `body_rate`
    body_rate: ClassVar[float] = 500.0  # bytes a second
    ended: ClassVar[Callable[[str], object]] = lambda _why: None  # is told why one was ended
    most_in_all: ClassVar[int] = 256 * 1024 * 1024
    in_all: ClassVar[int] = 0  # bytes that all streams hold, of requests and of responses

    def __init__(self, context: Context, stream_id: int) -> None:
        self._collected = 0  # bytes of this request among them
        super().__init__(context, stream_id)
        self.body_until = math.inf  # monotonic seconds: when what has not come is not waited for any more
        self._discarded = 0

    @property
    def is_late(self) -> bool:
        """Whether it is the client that is waited for, and it has had its time."""
        return self.body_until < time.monotonic() and self._waits_for_body()

    def grant_time(self) -> None:
        """All of the time again: what held the body up was not the client."""
        self.body_until = time.monotonic() + self.body_seconds

    def _waits_for_body(self) -> bool:
        """Not while the response is on its way: then both talk, and may be silent."""
        if self.client_state == self.state_discard_request_body:
            return True
        waiting = self.client_state in (self.state_consume_request_body, self.state_stream_request_body)
        silent = (self.state_wait_for_response_headers, self.state_done, self.state_errored)
        return waiting and self.server_state in silent

    def _collect(self, more: int) -> None:
        self._collected += more
        Upload.in_all += more

    def _forget_body(self) -> None:
        self.flow.request.data.content = b""
        self.request_body_buf.clear()
        self._collect(-self._collected)

    def __del__(self) -> None:
        self._collect(-self._collected)  # a stream may end in many ways

    def _came(self, event: events.Event) -> None:
        if isinstance(event, RequestData):
            most = time.monotonic() + self.body_seconds
            self.body_until = min(most, self.body_until + len(event.data) / self.body_rate)
        elif isinstance(event, RequestEndOfMessage):
            self.body_until = math.inf
            self.uploading.discard(self)

    # -- what mitmproxy calls by the state that a request is in ---------------------------------------------------

    def state_wait_for_request_headers(self, event: RequestHeaders) -> CommandGenerator[None]:
        work: CommandGenerator[None] = super().state_wait_for_request_headers(event)
        return work if event.end_stream else self._begin_body(work)

    def _begin_body(self, work: CommandGenerator[None]) -> CommandGenerator[None]:
        self.grant_time()
        self.uploading.add(self)
        yield from work
        if self.client_state == self.state_consume_request_body and self.flow.response:
            # Stock collects the whole upload before it answers.
            self._forget_body()
            yield from self.send_response()
            yield from self.end_early()

    def state_stream_request_body(self, event: events.Event) -> CommandGenerator[None]:
        self._came(event)
        work: CommandGenerator[None] = super().state_stream_request_body(event)
        return work

    def state_consume_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """A form is waited for; what is longer than a form, or finds no room, is passed on as it comes."""
        self._came(event)
        work: CommandGenerator[None] = super().state_consume_request_body(event)
        return self._let_grow(work, len(event.data)) if isinstance(event, RequestData) else work

    def _let_grow(self, work: CommandGenerator[None], more: int) -> CommandGenerator[None]:
        yield from work
        self._collect(more)
        form, body = passage_of(self.flow).form, self.request_body_buf
        if form and Upload.in_all > self.most_in_all:
            yield from self.give_up("upload memory", _UNAVAILABLE)  # what is to be read is not passed on unread
        elif (len(body) > LARGEST_FORM) if form else (Upload.in_all > self.most_in_all * _ROOM):
            held = bytes(body)
            self._forget_body()
            self.flow.request.data.content = None
            self.flow.request.stream = True
            yield from self.start_request_stream()
            if self.client_state == self.state_stream_request_body:
                yield from super().state_stream_request_body(RequestData(self.stream_id, held))

    def state_discard_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """The answer is out; the rest of the upload is read and forgotten, up to a limit. It buys no more time."""
        if isinstance(event, RequestData):
            self._discarded += len(event.data)
            if self._discarded > _DISCARDED:
                yield from self._reset("upload refused")
        elif isinstance(event, RequestEndOfMessage):
            self._came(event)
            self.flow.live = False
            yield DropStream(self.stream_id)

    # -- early ends -----------------------------------------------------------------------------------------------

    def end_early(self) -> CommandGenerator[None]:
        """The response is complete while the request is not."""
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        self.client_state = self.state_discard_request_body
        self.server_state = self.state_errored

    def give_up(self, why: str = "slow body", status: int = _REQUEST_TIMEOUT) -> CommandGenerator[None]:
        """The time for the body ran out: 408, if the client can still be told, and nothing more is read."""
        Upload.ended(why)
        if self.client_state != self.state_discard_request_body:
            unanswered = self.server_state == self.state_wait_for_response_headers
            if unanswered and self.client_state == self.state_stream_request_body:
                cancelled = RequestProtocolError(self.stream_id, "the body does not come", ErrorCode.CANCEL)
                yield SendHttp(cancelled, self.context.server)
            if unanswered:
                self.flow.response = last_resort(Reason.BAD_REQUEST, status)
                if not self.flow.request.is_http2:
                    self.flow.response.headers["connection"] = "close"
                passage_of(self.flow).released = True
                self._forget_body()
                yield from self.send_response()
                yield from self.end_early()
        yield from self._reset("the body does not come")

    def _reset(self, why: str) -> CommandGenerator[None]:
        self.uploading.discard(self)
        yield SendHttp(ResponseProtocolError(self.stream_id, why, ErrorCode.CANCEL), self.context.client)
        self.client_state = self.server_state = self.state_errored
        self.flow.live = False
        yield DropStream(self.stream_id)
