"""What is different in our HTTP/1 codec: bounded heads, no 1xx taken for the answer, error pages of our own.

mitmproxy puts into its error pages what it could not parse, and that is the origin's bytes.
"""

import asyncio
import re
from collections.abc import Callable
from typing import ClassVar, Final

from mitmproxy.connection import Client
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    HttpEvent,
    RequestHeaders,
    ResponseData,
    ResponseEndOfMessage,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Connection, Http1Server

from gateway.decision.verdict import Reason
from gateway.edge.mitm import brakes
from gateway.edge.mitm.answers import last_resort
from gateway.edge.mitm.http2 import Http2ClientSide
from gateway.edge.mitm.whole import WholeResponse

_INFORMATIONAL: Final = re.compile(rb"HTTP/1\.[01] 1(?!01)[0-9]{2}[ \r\n]")
_VERSIONS: Final = frozenset({b"HTTP/1.0", b"HTTP/1.1"})
_METHOD: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}")
_SPLITS: Final = re.compile(rb"[\0\r\n]")  # a folded field has them too
_SERVER_ERRORS: Final = 500
_FRAMES: Final = frozenset({"content-length", "transfer-encoding"})


def _is_clean(event: HttpEvent) -> bool:
    """Whether every reader of a head sees the same: RFC 9112, sections 2.2, 2.3 and 5.2, and RFC 9110, section 5.5.

    Of the transfer codings a client needs but one: what is packed in transfer, not every site unpacks.
    """
    if not isinstance(event, RequestHeaders):
        return True
    request = event.request
    if not event.end_stream and request.headers.get("transfer-encoding", "chunked").strip().lower() != "chunked":
        return False
    if request.data.http_version not in _VERSIONS or not _METHOD.fullmatch(request.data.method):
        return False
    return not _SPLITS.search(b"".join([value for _, value in request.headers.fields]))


def format_error(status_code: int, _message: str) -> bytes:
    """Stands in for mitmproxy's HTTP/2 error page; the message may hold bytes of the origin and is dropped."""
    reason = Reason.FAULT if status_code >= _SERVER_ERRORS else Reason.BAD_REQUEST
    return last_resort(reason, status_code).raw_content or b""


def make_error_response(status_code: int, _message: str = "") -> bytes:
    """Stands in for mitmproxy's HTTP/1 error answer."""
    reason = Reason.FAULT if status_code >= _SERVER_ERRORS else Reason.BAD_REQUEST
    response = last_resort(reason, status_code)
    response.headers["connection"] = "close"
    assembled: bytes = http1.assemble_response(response)
    return assembled


class _DropsTrailers(Http1Connection):
    """mitmproxy raises on HTTP/1 trailers, which leaves the connection hanging; they say nothing we need."""

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        try:
            yield from super().read_body(event)
        except NotImplementedError:
            assert self.stream_id is not None
            yield ReceiveHttp(self.ReceiveEndOfMessage(self.stream_id))
            is_request = isinstance(self, Http1Server)
            yield from self.mark_done(request=is_request, response=not is_request)


class ClientSide(_DropsTrailers, Http1Server):
    """Towards the client: a head is at most `head_bytes` long, and so is what comes before the answer is out."""

    head_bytes = 64 * 1024
    head_begins: ClassVar[Callable[[Client], None]] = lambda _client: None

    def wait(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().wait(event)
        if len(self.buf) > self.head_bytes:
            yield commands.CloseConnection(self.conn)
            self.state = self.done

    def send(self, event: HttpEvent) -> CommandGenerator[None]:
        if not isinstance(event, WholeResponse):
            yield from super().send(event)
            return
        for command in super().send(event):
            if isinstance(command, commands.SendData):
                fields = event.response.headers.get("transfer-encoding", "")
                length = b"%x\r\n" % len(event.content) if "chunked" in fields.lower() else b""
                command.data = b"".join((command.data, length, event.content, b"\r\n" if length else b""))
            yield command

    def read_headers(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        for command in super().read_headers(event):
            if isinstance(command, ReceiveHttp) and not _is_clean(command.event):
                yield commands.SendData(self.conn, make_error_response(400))
                yield commands.CloseConnection(self.conn)
                self.state = self.done
                return
            yield command
        if self.state == self.read_headers and len(self.buf) > self.head_bytes:
            # RFC 6585, section 5.
            yield commands.SendData(self.conn, make_error_response(431))
            yield commands.CloseConnection(self.conn)
            self.state = self.done
        elif self.state == self.read_headers and self.buf:
            ClientSide.head_begins(self.context.client)


class OriginSide(_DropsTrailers, Http1Client):
    """Towards the origin: the answer is the first response that is not informational, with a bounded head."""

    head_bytes = 64 * 1024

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.released = asyncio.Event()
        self._http = brakes.http_layer_of(context)

    def must_wait(self) -> bool:
        """Whether what it sends could only be piled up (gateway.edge.mitm.brakes)."""
        if self._http is None or self.stream_id is None:
            return False
        client = self._http.connections.get(self.context.client)
        return brakes.is_piling_up(self._http.streams.get(self.stream_id)) or (
            isinstance(client, Http2ClientSide) and client.is_full(self.stream_id)
        )

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        ends = []
        for command in super().read_body(event):
            if isinstance(command, ReceiveHttp) and isinstance(command.event, ResponseEndOfMessage):
                ends.append(command)
                continue
            if ends and isinstance(command, ReceiveHttp) and isinstance(command.event, ResponseData):
                # What came right behind a 101 belongs to the protocol that begins when its head has ended.
                yield ends.pop()
                command.event.data = bytes(command.event.data)
            yield command
        # Only now is this connection free: a client that sent two requests in a row begins the second at this end.
        yield from ends
        if self.must_wait():
            brakes.waiting.add(self)

    def read_headers(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        if isinstance(event, events.DataReceived) and self.request is not None:
            self._drop_informational()
        yield from super().read_headers(event)
        if self.state == self.read_headers and len(self.buf) > self.head_bytes:
            assert self.stream_id is not None
            yield commands.CloseConnection(self.conn)
            fault = ResponseProtocolError(self.stream_id, "head too large", ErrorCode.GENERIC_SERVER_ERROR)
            yield ReceiveHttp(fault)
            self.state = self.done

    def send(self, event: HttpEvent) -> CommandGenerator[None]:
        if (
            isinstance(event, RequestHeaders)
            and not event.end_stream
            and not _FRAMES.intersection(name.lower() for name in event.request.headers)
        ):
            # An HTTP/2 request needs no length; sent on as HTTP/1 without one, its body would be the next request.
            event.request = event.request.copy()
            event.request.headers["Transfer-Encoding"] = "chunked"
        yield from super().send(event)

    def _drop_informational(self) -> None:
        """RFC 9110, section 15.2: any number of 1xx may come before the answer, and a proxy need not pass them on."""
        while _INFORMATIONAL.match(bytes(self.buf)):
            if not self.buf.maybe_extract_lines():
                return  # its end has not come yet
