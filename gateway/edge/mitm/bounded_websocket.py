"""A WebSocket within bounds: no message without an end, and no connection that carries bytes for ever.

mitmproxy collects a message until its last frame, however long that takes; and one connection to a site about which
nobody knows anything can carry a whole virtual network. A client that means well opens the next one.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.websocket import WebsocketConnection, WebsocketEndHook, WebsocketLayer
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection, Event, Message
from wsproto.frame_protocol import CloseReason

from gateway.edge.mitm.uploads import Upload

_OF_A_FRAME: Final = 64  # bytes of memory that a frame without any payload takes while its message is collected
_CAN_BE_TOLD: Final = frozenset({ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING})


@dataclass(frozen=True, slots=True)
class End:
    """Why a WebSocket is ended: what is counted, and what either side is told (RFC 6455, section 7.4)."""

    why: str
    sender: tuple[int, str]  # code and text for whoever sent too much
    other: tuple[int, str] = (CloseReason.GOING_AWAY, "")


_TOO_LONG: Final = End("websocket message", (CloseReason.MESSAGE_TOO_BIG, "the message is too long"))
_TOO_MUCH: Final = End("websocket bytes", (CloseReason.GOING_AWAY, "too much on one connection"))
_CROWDED: Final = End("websocket memory", (CloseReason.TRY_AGAIN_LATER, "too much is held in all"))


class BoundedConnection(WebsocketConnection):
    """One side. What it sends is counted while it is collected; beyond the bounds nothing more of it is taken."""

    message_bytes: ClassVar[int] = 16 * 1024 * 1024  # of one message, while it is collected

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._collected = 0
        self.end: End | None = None
        super().__init__(*args, **kwargs)

    def events(self) -> Generator[Event, None, None]:
        """Those of wsproto, until one is too much. mitmproxy adds each to `frame_buf` before it takes the next."""
        for event in super().events():
            if not isinstance(event, Message):
                yield event
                continue
            self._count(_size(event))
            if self._collected > self.message_bytes or Upload.in_all > Upload.most_in_all:
                self.end = _TOO_LONG if self._collected > self.message_bytes else _CROWDED
                return
            if event.message_finished:
                self.forget()
            elif type(self.frame_buf[-1]) is bytes:
                self.frame_buf[-1] = bytearray(self.frame_buf[-1])  # type: ignore[call-overload]  # grows in place
            yield event

    def forget(self) -> None:
        """Nothing is being collected any more."""
        self._count(-self._collected)

    def _count(self, more: int) -> None:
        self._collected += more
        Upload.in_all += more

    def __del__(self) -> None:
        self._count(-self._collected)  # a connection may end in many ways


def _size(event: Message[Any]) -> int:
    data = event.data
    size = len(data) if not isinstance(data, str) or data.isascii() else len(data.encode())
    return size + _OF_A_FRAME if event.frame_finished else size


class BoundedWebsocket(WebsocketLayer):
    """Stands in for mitmproxy's layer."""

    bytes_in_all: ClassVar[int] = 512 * 1024 * 1024  # of one connection, both ways
    ended: ClassVar[Callable[[str], object]] = lambda _why: None  # is told why one was ended

    def __init__(self, context: Context, flow: HTTPFlow) -> None:
        super().__init__(context, flow)
        self._passed = 0

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().relay_messages(event)
        if not isinstance(event, events.DataReceived) or self._handle_event == self.done:
            return
        self._passed += len(event.data)
        sender = self.client_ws if event.connection is self.context.client else self.server_ws
        end = getattr(sender, "end", None) or (_TOO_MUCH if self._passed > self.bytes_in_all else None)
        if end is not None:
            yield from self._end(sender, end)

    def _end(self, sender: WebsocketConnection, end: End) -> CommandGenerator[None]:
        assert self.flow.websocket is not None
        BoundedWebsocket.ended(end.why)
        data, (code, reason) = self.flow.websocket, end.sender
        data.timestamp_end, data.close_code, data.close_reason = time.time(), int(code), reason
        data.closed_by_client = False
        for side in (self.client_ws, self.server_ws):
            code, reason = end.sender if side is sender else end.other
            if side.state in _CAN_BE_TOLD:
                yield side.send2(CloseConnection(code, reason or None))
            side.frame_buf = [b""]
            if isinstance(side, BoundedConnection):
                side.forget()
            yield commands.CloseConnection(side.conn)
        yield WebsocketEndHook(self.flow)
        self.flow.live = False
        self._handle_event = self.done
