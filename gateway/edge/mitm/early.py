"""What can be decided of a connection before layers are made: that its tunnel stands, and that it is passed unread.

Most connections of a page load that was learned are passed (tests/bench/bench_pages.py). Where anything about a CONNECT
or a ClientHello is odd, nothing is decided here.
"""

from typing import ClassVar, Protocol

from mitmproxy.connection import Client
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import NextLayer

from gateway.edge.mitm.client_hello import plain_name
from gateway.edge.mitm.closing import Door, fails_closed
from gateway.edge.mitm.names import RequestRefused, Tunnel, same_name
from gateway.edge.mitm.passing import PassingLayer
from gateway.edge.mitm.plain_connect import PlainConnect, PlainHello


class PassedEarly(PassingLayer):
    """What has the connection from then on. Nobody but `Early` makes one."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, ignore=True)


class Passing(Door, Protocol):
    """The add-on, which knows who asks and what for."""

    def enters(self, client: Client, authority: bytes) -> Tunnel | None:
        """The tunnel that a CONNECT to `authority` gets at once, if it does. May raise."""

    def passes(self, context: Context, tunnel: Tunnel) -> bool:
        """Whether a connection is passed whose ClientHello has the tunnel's own name."""


class Early:
    """Stands before mitmproxy's own choice of the next layer, which leaves alone what has been chosen.

    `plain_connect` and `plain_hello` are called by the handler of a client's connection (gateway.edge.mitm.handler).
    """

    active: ClassVar[bool] = False  # whether our layer for what passes can be used (gateway.edge.mitm.speed)

    def __init__(self, addon: Passing) -> None:
        self._addon = addon
        self.gate, self.tunnels = addon.gate, addon.tunnels
        self.hook_seconds, self.blocked_by = addon.hook_seconds, addon.blocked_by

    @fails_closed
    def plain_connect(self, asked: PlainConnect) -> None:
        """Where no tunnel is given here, the CONNECT goes the way of all others, and is asked about again."""
        try:
            tunnel = self._addon.enters(asked.client, asked.authority)
        except RequestRefused:
            return
        asked.tunnel = (tunnel.host, tunnel.port) if tunnel is not None else None

    @fails_closed
    def plain_hello(self, said: PlainHello) -> None:
        """Where nothing is decided here, mitmproxy chooses a layer, and its choice is asked about in `next_layer`."""
        said.layer = self._passing(said.context, said.data)

    @fails_closed
    def next_layer(self, next_layer: NextLayer) -> None:
        next_layer.layer = self._passing(next_layer.context, next_layer.data_client())

    def _passing(self, context: Context, data: bytes) -> PassedEarly | None:
        tunnel = self.tunnels.get(context.client.id)
        if not Early.active or tunnel is None or tunnel.failed or tunnel.seen or context.client.tls_established:
            return None
        name = plain_name(data) if starts_like_tls_record(data) else None
        passes = same_name(name, tunnel.host) and self._addon.passes(context, tunnel)
        return PassedEarly(context) if passes else None
