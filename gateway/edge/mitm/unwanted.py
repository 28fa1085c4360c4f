"""What must not happen: a flow of mitmproxy that is not HTTP. It is counted, and its client's connection ends."""

from mitmproxy.dns import DNSFlow
from mitmproxy.tcp import TCPFlow
from mitmproxy.udp import UDPFlow

from gateway.edge.mitm.closing import Door, end_flow, fails_closed


class Unwanted:
    """Called by mitmproxy beside the add-on whose door it is."""

    def __init__(self, door: Door) -> None:
        self.gate, self.tunnels = door.gate, door.tunnels
        self.hook_seconds, self.blocked_by = door.hook_seconds, door.blocked_by

    @fails_closed
    def tcp_start(self, flow: TCPFlow) -> None:
        self._end(flow)

    @fails_closed
    def udp_start(self, flow: UDPFlow) -> None:
        self._end(flow)

    @fails_closed
    def dns_request(self, flow: DNSFlow) -> None:
        self._end(flow)

    def _end(self, flow: TCPFlow | UDPFlow | DNSFlow) -> None:
        self.gate.counters.closed.labels("protocol").inc()
        end_flow(flow)
