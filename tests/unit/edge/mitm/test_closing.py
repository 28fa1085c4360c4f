"""Hooks that no client can reach any more: called by hand, with and without a fault."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import DNSLayer, HttpLayer, TCPLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import taddons, tflow

from gateway.edge.gate import Gate
from gateway.edge.mitm.addon import AgeGate
from gateway.edge.mitm.closing import ClosedLayer
from gateway.edge.mitm.destination import Destinations
from gateway.edge.mitm.passage import passage_of
from gateway.edge.mitm.settings import Limits, ProxySettings
from gateway.edge.mitm.sockets import Sockets
from gateway.edge.mitm.unwanted import Unwanted
from gateway.edge.reach import Reach


class Faults:
    """Raises at one point."""

    def __init__(self) -> None:
        self.point = ""

    def __call__(self, point: str) -> None:
        if point == self.point:
            raise RuntimeError(point)


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def addon(faults: Faults) -> AgeGate:
    gate = Gate(None, before=faults)
    settings = ProxySettings(listeners=(), confdir=Path(), limits=Limits(hook_seconds=0.2))
    places = Destinations(Reach(), resolve_seconds=1, connect_seconds=1)
    return AgeGate(gate, settings, places, listener_of=lambda _client: "home")


@pytest.fixture
async def mitmproxy(addon: AgeGate) -> None:
    context = taddons.context(Proxyserver(), addon)
    context.__enter__()


def sockets_of(addon: AgeGate) -> Sockets:
    return next(each for each in addon.addons if isinstance(each, Sockets))


FLOWS = {"tcp_start": tflow.ttcpflow, "udp_start": tflow.tudpflow, "dns_request": tflow.tdnsflow}


@pytest.mark.usefixtures("mitmproxy")
@pytest.mark.parametrize("failing", [False, True])
@pytest.mark.parametrize("hook", FLOWS)
async def test_what_is_not_http_is_ended(addon: AgeGate, faults: Faults, hook: str, failing: bool) -> None:
    flow = FLOWS[hook]()
    flow.live = True
    faults.point = hook if failing else ""
    getattr(Unwanted(addon), hook)(flow)
    assert flow.error is not None
    assert flow.error.msg == flow.error.KILLED_MESSAGE


@pytest.mark.usefixtures("mitmproxy")
@pytest.mark.parametrize("hook", ["error", "websocket_end", "websocket_start"])
async def test_late_hooks_that_fail_raise_nothing(addon: AgeGate, faults: Faults, hook: str) -> None:
    faults.point = hook
    owner = next(each for each in (addon, *addon.addons) if hasattr(each, hook))
    getattr(owner, hook)(tflow.twebsocketflow())
    assert addon.gate.counters.registry.get_sample_value("qorgan_faults_total", {"place": hook}) == 1


@pytest.mark.usefixtures("mitmproxy")
async def test_a_websocket_message_that_fails_is_dropped(addon: AgeGate, faults: Faults) -> None:
    flow = tflow.twebsocketflow()
    faults.point = "websocket_message"
    sockets_of(addon).websocket_message(flow)
    assert flow.websocket is not None
    assert flow.websocket.messages[-1].dropped


@pytest.mark.usefixtures("mitmproxy")
async def test_only_the_last_websocket_message_is_kept(addon: AgeGate) -> None:
    flow = tflow.twebsocketflow()
    sockets_of(addon).websocket_start(flow)
    sockets_of(addon).websocket_message(flow)
    assert flow.websocket is not None
    assert len(flow.websocket.messages) == 1


async def test_a_client_that_leaves_is_forgotten_even_when_that_fails(addon: AgeGate, faults: Faults) -> None:
    client = tflow.tclient_conn()
    faults.point = "client_disconnected"
    addon.client_disconnected(client)
    assert client.error is not None


async def test_a_hook_that_hangs_is_given_up(addon: AgeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_flow: object) -> None:
        await asyncio.sleep(60)

    flow = tflow.tflow(resp=True)
    monkeypatch.setattr(addon._responses, "held", hang)
    await addon.responsepeek(flow)
    assert passage_of(flow).released  # it is our own page
    assert flow.response is not None
    assert flow.response.status_code == 403
    assert addon.gate.counters.registry.get_sample_value("qorgan_faults_total", {"place": "responsepeek"}) == 1


@pytest.mark.parametrize("chosen", [TCPLayer, DNSLayer])
async def test_only_http_may_come_next(addon: AgeGate, chosen: type[TCPLayer]) -> None:
    for context in _contexts():
        asked = NextLayer(context)
        asked.layer = chosen(context)
        addon.next_layer(asked)
        assert isinstance(asked.layer, ClosedLayer)
        asked.layer = HttpLayer(context, HTTPMode.transparent)
        addon.next_layer(asked)
        assert isinstance(asked.layer, HttpLayer)


def _contexts() -> Iterator[Context]:
    with taddons.context(Proxyserver()) as mitm:
        yield Context(tflow.tclient_conn(), mitm.options)


@pytest.mark.parametrize("port", [22, 8080])
async def test_no_other_port_is_connected_to(addon: AgeGate, port: int) -> None:
    server = tflow.tserver_conn()
    server.state = server.state.CLOSED
    server.address = ("kids.test", port)
    data = ServerConnectionHookData(server, tflow.tclient_conn())
    addon.server_connect(data)
    assert data.server.error
