"""A connection that is passed unread is passed at its ClientHello, before a layer is made that could open it.

Most connections of a page load that was learned are such (tests/bench/bench_pages.py); without the layers each costs up
to a tenth less and leaves no garbage of a parser. Where anything about the ClientHello is odd, nothing is decided here.
"""

from typing import ClassVar, Protocol

from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import NextLayer

from gateway.edge.mitm.client_hello import plain_name
from gateway.edge.mitm.closing import Door, fails_closed
from gateway.edge.mitm.names import Tunnel, same_name
from gateway.edge.mitm.passing import PassingLayer


class PassedEarly(PassingLayer):
    """What has the connection from then on. Nobody but `Early` makes one."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, ignore=True)


class Passing(Door, Protocol):
    """The add-on, which knows who asks and what for."""

    def passes(self, context: Context, tunnel: Tunnel) -> bool:
        """Whether a connection is passed whose ClientHello has the tunnel's own name."""


class Early:
    """Stands before mitmproxy's own choice of the next layer, which leaves alone what has been chosen."""

    active: ClassVar[bool] = False  # whether our layer for what passes can be used (gateway.edge.mitm.speed)

    def __init__(self, addon: Passing) -> None:
        self._addon = addon
        self.gate, self.tunnels = addon.gate, addon.tunnels
        self.hook_seconds, self.blocked_by = addon.hook_seconds, addon.blocked_by

    @fails_closed
    def next_layer(self, next_layer: NextLayer) -> None:
        context = next_layer.context
        tunnel = self.tunnels.get(context.client.id)
        if not Early.active or tunnel is None or tunnel.failed or context.client.tls_established:
            return
        data = next_layer.data_client()
        name = plain_name(data) if starts_like_tls_record(data) else None
        if same_name(name, tunnel.host) and self._addon.passes(context, tunnel):
            next_layer.layer = PassedEarly(context)
