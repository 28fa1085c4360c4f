"""A WebSocket within bounds: no message without an end, and no connection that carries bytes for ever.

mitmproxy collects a message until its last frame, however long that takes; and one connection to a site about which
nobody knows anything can carry a whole virtual network. A client that means well opens the next one.
"""

from typing import ClassVar

from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.websocket import WebsocketEndHook, WebsocketLayer


class BoundedWebsocket(WebsocketLayer):
    """Stands in for mitmproxy's layer."""

    message_bytes: ClassVar[int] = 16 * 1024 * 1024  # of one message, while it is collected
    bytes_in_all: ClassVar[int] = 512 * 1024 * 1024  # of one connection, both ways

    def __init__(self, context: Context, flow: HTTPFlow) -> None:
        super().__init__(context, flow)
        self._passed = 0

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().relay_messages(event)
        if not isinstance(event, events.DataReceived) or self._handle_event == self.done:
            return
        self._passed += len(event.data)
        collected = max(sum(map(len, side.frame_buf)) for side in (self.client_ws, self.server_ws))
        if collected > self.message_bytes or self._passed > self.bytes_in_all:
            for side in (self.client_ws, self.server_ws):
                side.frame_buf = [b""]
                yield commands.CloseConnection(side.conn)
            yield WebsocketEndHook(self.flow)
            self.flow.live = False
            self._handle_event = self.done
