"""What passes unread goes from one socket to the other without a walk through the layers that would have opened it.

Once its server is connected, mitmproxy's layer for raw bytes stands below five others, each of which looks at every
piece in both directions and hands it on.
"""

from typing import Any

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.tcp import TCPLayer

from gateway.edge.mitm.own_commands import TakeOver


class PassingLayer(TCPLayer):
    """Stands in for TCPLayer. One that is not to be ignored is left as it is: the gateway closes it."""

    def _begin(self, event: events.Start) -> CommandGenerator[None]:
        yield from super().start(event)
        if self.flow is None and self._handle_event == self.relay_messages:
            yield TakeOver(self, (self.context.client, self.context.server))

    _handle_event: Any = _begin

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        if self.flow is None and type(event) is events.DataReceived:
            context = self.context
            other = context.server if event.connection is context.client else context.client
            yield commands.SendData(other, event.data)
        else:
            yield from super().relay_messages(event)
