"""The add-on: mitmproxy's hooks, in the order of a request, asking the gate. Each hook fails closed."""

from collections.abc import Callable
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow, Response
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import ClientTLSLayer, HttpLayer, ServerTLSLayer
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import ClientHelloData, TlsData

from gateway.actions.form import field_names
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Judged
from gateway.edge.mitm.answers import last_resort, refusal
from gateway.edge.mitm.asking import ask_in_form, ask_safely, kind_of
from gateway.edge.mitm.closing import ClosedLayer, close_client, fails_closed
from gateway.edge.mitm.destination import Destinations
from gateway.edge.mitm.doorkeeper import Doorkeeper
from gateway.edge.mitm.early import Early, PassedEarly
from gateway.edge.mitm.forwarding import brings_form, fields_of, is_longer, page_of, trim_request
from gateway.edge.mitm.handshakes import Handshakes
from gateway.edge.mitm.login import Logins
from gateway.edge.mitm.names import RequestRefused, Tunnel, connect_target, make_one_name, same_name, url_of
from gateway.edge.mitm.open_flows import OpenFlows
from gateway.edge.mitm.passage import Passage, passage_of
from gateway.edge.mitm.response import Responses
from gateway.edge.mitm.settings import ProxySettings
from gateway.edge.mitm.sockets import Sockets
from gateway.edge.mitm.unwanted import Unwanted
from gateway.edge.mitm.whereabouts import Whereabouts
from gateway.profiles.clue import Clues

_LAYERS: Final = (HttpLayer, ServerTLSLayer, ClientTLSLayer, ClosedLayer, PassedEarly)


class AgeGate:
    """`listener_of` tells a client's listener by its connection; `logins` is None where nobody logs in."""

    def __init__(
        self,
        gate: Gate,
        settings: ProxySettings,
        destinations: Destinations,
        *,
        listener_of: Callable[[Client], str | None],
        logins: Logins | None = None,
    ) -> None:
        self.gate = gate
        self.tunnels: dict[str, Tunnel] = {}  # by client id
        self.doorkeeper = Doorkeeper(settings.limits)
        self.handshakes = Handshakes(gate)
        self.hook_seconds = settings.limits.hook_seconds
        self.draining = False
        self._ports = settings.connect_ports
        self._upload_bytes = settings.limits.upload_bytes
        self._whereabouts = Whereabouts(gate, destinations)
        self._listener_of = listener_of
        self._logins = logins
        self._asks_login = frozenset(listener.name for listener in settings.listeners if listener.login)
        self.blocked_by = settings.blocked_by
        self.open = OpenFlows(gate)
        self.addons = (self._whereabouts, Unwanted(self), Sockets(self, self.open))  # whose hooks are called as well
        self.early = Early(self)  # to be called before mitmproxy chooses a layer
        self._responses = Responses(gate, settings.limits, settings.blocked_by, self.open)

    # -- the connection -------------------------------------------------------------------------------------------

    @fails_closed
    def client_connected(self, client: Client) -> None:
        """Nobody is judged by a bare connection, but one too many is closed."""
        client.error = self.doorkeeper.enter(client)
        if client.error:
            self.gate.counters.closed.labels("connections").inc()

    @fails_closed
    def client_disconnected(self, client: Client) -> None:
        self.doorkeeper.leave(client)
        self.handshakes.left(client, by_us=self.draining)
        self.tunnels.pop(client.id, None)

    @fails_closed
    async def http_connect(self, flow: HTTPFlow) -> None:
        client = flow.client_conn
        self.doorkeeper.head_came(client)
        if not await self._may_enter(flow):
            return
        try:
            # mitmproxy shows the host as a U-label in `host`; the authority is what was sent.
            tunnel = connect_target(flow.request.data.authority, self._ports)
            self.doorkeeper.count_host(client, tunnel.host)
            tunnel.login = passage_of(flow).login
            clues = self._clues(client, tunnel.login)
            await self._whereabouts.expect(client, clues, tunnel.host, tunnel.port)
        except RequestRefused as refused:
            self._refuse(flow, refused)
            return
        if self.handshakes.is_hopeless(tunnel, clues):
            self._refuse(flow, RequestRefused(403, "the client does not take the gateway's certificate for this host"))
            return
        self._let_stand(client, tunnel)
        # mitmproxy connects to what stands here, and shows it as the server's name.
        flow.request.data.host, flow.request.data.port = tunnel.host, tunnel.port

    def enters(self, client: Client, authority: bytes) -> Tunnel | None:
        """As `http_connect`, where that would neither refuse nor wait; None: it is to be asked. May raise anything."""
        tunnel, clues = connect_target(authority, self._ports), self._clues(client, None)
        if clues.listener in self._asks_login or self.handshakes.is_pinned(tunnel, clues):
            return None
        self.doorkeeper.count_host(client, tunnel.host)
        if not self._whereabouts.expects(client, clues, tunnel.host, tunnel.port):
            return None
        self.doorkeeper.head_came(client)
        self._let_stand(client, tunnel)
        return tunnel

    def _let_stand(self, client: Client, tunnel: Tunnel) -> None:
        self.tunnels[client.id] = tunnel
        self.doorkeeper.expect_head(client)  # of TLS

    @fails_closed
    async def tls_clienthello(self, data: ClientHelloData) -> None:
        client = data.context.client
        data.establish_server_tls_first = False
        tunnel = self.tunnels.get(client.id)
        if tunnel is None:  # TLS to the proxy's own port
            close_client(client)
            return
        if not same_name(data.client_hello.sni, tunnel.host):
            self.doorkeeper.count_leaf(client, data.client_hello.sni)
        if self.handshakes.hello(data, tunnel, self._clues(client, tunnel.login)):
            self.doorkeeper.head_came(client)

    def passes(self, context: Context, tunnel: Tunnel) -> bool:
        """Whether a connection is passed unread before mitmproxy looks at its ClientHello. May raise."""
        passes = self.handshakes.passes(context.client, tunnel, self._clues(context.client, tunnel.login))
        if passes:
            self.doorkeeper.head_came(context.client)
        return passes

    @fails_closed
    def tls_start_client(self, data: TlsData) -> None:
        self.handshakes.begun(data.context.client)

    @fails_closed
    def tls_failed_client(self, data: TlsData) -> None:
        self.handshakes.failed(data.context.client)

    @fails_closed
    def tls_established_client(self, data: TlsData) -> None:
        self.doorkeeper.head_came(data.context.client)
        self.handshakes.done(data.context.client)

    @fails_closed
    def next_layer(self, next_layer: NextLayer) -> None:
        """Only HTTP and TLS: no raw TCP, no DNS, no QUIC, whatever the bytes look like."""
        chosen = next_layer.layer
        if chosen is not None and not isinstance(chosen, _LAYERS):
            self.gate.counters.closed.labels("protocol").inc()
            next_layer.layer = ClosedLayer(next_layer.context)

    @fails_closed
    def server_connect(self, data: ServerConnectionHookData) -> None:
        """The address itself is checked where it is dialled (Destinations.open_connection)."""
        address = data.server.address
        if address is None or address[1] not in self._ports or data.server.transport_protocol != "tcp":
            data.server.error = "this destination may not be connected to"

    # -- the request ----------------------------------------------------------------------------------------------

    @fails_closed
    async def requestheaders(self, flow: HTTPFlow) -> None:
        if flow.error is not None:
            return  # mitmproxy has refused the request already and only shows it
        client, passage = flow.client_conn, passage_of(flow)
        tunnel = self.tunnels.get(client.id)
        self.doorkeeper.head_came(client)
        self.handshakes.used(client)
        if tunnel is None and not await self._may_enter(flow):
            return
        if tunnel is not None and tunnel.failed:
            self._block(flow, self.gate.fault("tunnel"))
            return
        try:
            url = url_of(flow.request, tunnel=tunnel, sni=client.sni, tls=client.tls_established, ports=self._ports)
            passage.url = url
            if tunnel is None:
                self.doorkeeper.count_host(client, url.host)
            login = tunnel.login if tunnel is not None else passage.login
            clues, shown = self._clues(client, login), (page_of(flow.request), kind_of(flow.request))
            judged = await self._whereabouts.judge(clues, url, flow.request.method, *shown)
            passage.inquiry = judged.inquiry
            if judged.final and not judged.passes:
                self._block(flow, judged)
                return
            await self._whereabouts.expect(client, clues, url.host, url.port)
            trim_request(flow.request, to_be_read=not judged.final)
            make_one_name(flow.request, url)
            passage.changes = None if judged.final else ask_safely(flow.request, judged.inquiry)
        except RequestRefused as refused:
            self._refuse(flow, refused)
            return
        passage.unread = judged.final
        wants_form = not judged.final and brings_form(flow.request) and self.gate.wants_form(judged.inquiry)
        passage.form = wants_form or passage.changes is not None
        flow.request.stream = not passage.form and is_longer(flow.request, self._upload_bytes)

    @fails_closed
    def request(self, flow: HTTPFlow) -> None:
        """The last look before the origin is asked: a request that was not judged does not leave."""
        passage = passage_of(flow)
        if flow.response is not None:
            return
        if passage.inquiry is None:
            self._block(flow, self.gate.fault("request without a verdict"))
        elif passage.form and not flow.request.stream:
            fields = field_names(fields_of(flow.request.headers), flow.request.raw_content or b"")
            judged = self.gate.judge_form(passage.inquiry, flow.request.method, fields)
            passage.inquiry = judged.inquiry
            if judged.final and not judged.passes:
                self._block(flow, judged)
            elif passage.changes is not None:
                ask_in_form(flow.request, passage.changes)

    # -- the response ---------------------------------------------------------------------------------------------

    @fails_closed
    async def responseheaders(self, flow: HTTPFlow) -> None:
        await self._responses.head(flow)
        if self.draining and flow.response is not None and not flow.request.is_http2:
            flow.response.headers["Connection"] = "close"

    @fails_closed
    async def responsepeek(self, flow: HTTPFlow) -> None:
        await self._responses.held(flow)

    @fails_closed
    def response(self, flow: HTTPFlow) -> None:
        """Everything was decided before, and the last byte is on its way."""
        if flow.websocket is None:
            self.open.drop(flow)

    @fails_closed
    def error(self, flow: HTTPFlow) -> None:
        """mitmproxy answers with our error page or closes (gateway.edge.mitm.codec); nothing of the origin is in it."""
        self.open.drop(flow)

    # -- who, and where to ----------------------------------------------------------------------------------------

    def _clues(self, client: Client, login: str | None) -> Clues:
        return Clues(listener=self._listener_of(client), address=client.peername[0], login=login)

    async def _may_enter(self, flow: HTTPFlow) -> bool:
        """Checks the login where the listener asks for one; without it the flow gets a 407."""
        if self._listener_of(flow.client_conn) not in self._asks_login:
            flow.request.headers.pop("proxy-authorization", None)
            return True
        assert self._logins is not None
        passage = passage_of(flow)
        passage.login = await self._logins.login_of(flow.request.headers, flow.client_conn.peername[0])
        if passage.login is None:
            self._send(flow, passage, self._logins.challenge())
        return passage.login is not None

    def _block(self, flow: HTTPFlow, judged: Judged, status: int | None = None) -> None:
        self._send(flow, passage_of(flow), refusal(judged, flow.request, self.blocked_by, status))

    def _refuse(self, flow: HTTPFlow, refused: RequestRefused) -> None:
        judged = self.gate.refuse(refused.detail, passage_of(flow).inquiry)
        if flow.request.method == "CONNECT":  # browsers show no page for a refused CONNECT
            self._send(flow, passage_of(flow), last_resort(judged.verdict.reason, refused.status))
        else:
            self._block(flow, judged, refused.status)

    def _send(self, flow: HTTPFlow, passage: Passage, response: Response) -> None:
        flow.request.headers.pop("expect", None)  # nobody is asked to send a body that is refused
        flow.response = response
        passage.released = True
