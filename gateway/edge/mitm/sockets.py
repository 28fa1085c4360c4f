"""An open WebSocket is looked at again and again: what allowed it may end while it goes on."""

import time
from typing import Final

from mitmproxy.http import HTTPFlow

from gateway.edge.mitm.closing import Door, close_client, fails_closed
from gateway.edge.mitm.open_flows import OpenFlows
from gateway.edge.mitm.passage import passage_of
from gateway.profiles.activity import Sign

_LOOK_AGAIN_SECONDS: Final = 5.0


class Sockets:
    """Called by mitmproxy beside the add-on whose door it is; the handshake is judged there."""

    def __init__(self, door: Door, open_flows: OpenFlows) -> None:
        self.gate, self.tunnels = door.gate, door.tunnels
        self.hook_seconds, self.blocked_by = door.hook_seconds, door.blocked_by
        self._open = open_flows

    @fails_closed
    def websocket_start(self, flow: HTTPFlow) -> None:
        passage_of(flow).looked = time.monotonic()

    @fails_closed
    def websocket_message(self, flow: HTTPFlow) -> None:
        assert flow.websocket is not None
        del flow.websocket.messages[:-1]  # mitmproxy keeps every message for life
        passage, now = passage_of(flow), time.monotonic()
        if passage.inquiry is not None and flow.websocket.messages[-1].from_client:
            self.gate.active(passage.inquiry, Sign.MESSAGE)
        if now - passage.looked < _LOOK_AGAIN_SECONDS:
            return
        passage.looked = now
        if passage.inquiry is None or not self.gate.judge_again(passage.inquiry).passes:
            flow.websocket.messages[-1].drop()
            self.gate.counters.closed.labels("websocket").inc()
            close_client(flow.client_conn)

    @fails_closed
    def websocket_end(self, flow: HTTPFlow) -> None:
        self._open.drop(flow)
