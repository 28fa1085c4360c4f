"""What a failed hook leaves behind: a block page or a closed door, for every kind of thing a hook is called with."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from mitmproxy import ctx
from mitmproxy.connection import Client
from mitmproxy.dns import DNSFlow
from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator, Layer, NextLayer
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import ClientHelloData, TlsData

from gateway.edge.gate import Gate
from gateway.edge.mitm.answers import last_resort, refusal
from gateway.edge.mitm.handler import DirectHandler
from gateway.edge.mitm.names import Tunnel
from gateway.edge.mitm.passage import passage_of
from gateway.edge.mitm.plain_connect import PlainConnect, PlainHello

# After these the response is on its way, or there is none: only closing helps.
_TOO_LATE: Final = frozenset({"websocket_start", "websocket_message", "websocket_end"})


class Door(Protocol):
    """What an add-on has whose hooks are closed on failure."""

    gate: Gate
    tunnels: dict[str, Tunnel]
    hook_seconds: float
    blocked_by: str | None


class ClosedLayer(Layer):
    """A layer that only closes: what follows is nothing that the gateway can read."""

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.Start):
            yield commands.CloseConnection(self.context.client)


def fails_closed(hook: Callable[..., Any]) -> Callable[..., Awaitable[None] | None]:
    """A hook, plain or async, that never raises and never takes longer than the add-on's `hook_seconds`.

    mitmproxy logs an exception of an add-on and lets the page pass; that must not happen. An async hook is begun at
    once; what is given back is None if it had nothing to wait for, and is to be awaited otherwise.
    """
    point = getattr(hook, "__name__", "?")

    if inspect.iscoroutinefunction(hook):

        def begins(self: Door, data: Any) -> Awaitable[None] | None:
            try:
                self.gate.before(point)
                # Eager: a hook that waits for nothing is done when this returns.
                task = asyncio.Task(hook(self, data), loop=asyncio.get_running_loop(), eager_start=True)
                if not task.done():
                    return _in_time(self, point, task, data)
                if task.cancelled():
                    raise RuntimeError("cancelled")  # CancelledError is no Exception
                task.result()
            except Exception as fault:  # noqa: BLE001 - see above
                close(self, point, fault, data)
            return None

        return functools.wraps(hook)(begins)

    def returns(self: Door, data: Any) -> None:
        try:
            self.gate.before(point)
            hook(self, data)
        except Exception as fault:  # noqa: BLE001 - see above
            close(self, point, fault, data)

    return functools.wraps(hook)(returns)


async def _in_time(door: Door, point: str, task: asyncio.Task[Any], data: Any) -> None:
    try:
        async with asyncio.timeout(door.hook_seconds):
            await task
    except Exception as fault:  # noqa: BLE001 - as in fails_closed
        close(door, point, fault, data)


def close(door: Door, point: str, fault: Exception, data: Any) -> None:
    """Counts the fault and makes sure that nothing passes through what the hook `point` was about."""
    match data:
        case HTTPFlow():
            _close_flow(door, point, fault, data)
        case ClientHelloData():
            door.gate.fault(point, fault)
            data.ignore_connection = data.establish_server_tls_first = False
            _fail_tunnel(door, data.context.client)
        case ServerConnectionHookData():
            door.gate.fault(point, fault)
            data.server.error = "the gateway failed"
        case TlsData():
            door.gate.fault(point, fault)
            close_client(data.context.client)
        case PlainConnect():
            door.gate.fault(point, fault)
            data.tunnel = None
            close_client(data.client)
        case NextLayer() | PlainHello():
            door.gate.fault(point, fault)
            data.layer = ClosedLayer(data.context)
        case Client():
            door.gate.fault(point, fault)
            data.error = "the gateway failed"
            close_client(data)
        case Flow():  # TCP, UDP, DNS: there is no page that could be shown
            door.gate.fault(point, fault)
            end_flow(data)


def end_flow(flow: Flow) -> None:
    """Ends a flow that is not HTTP, and its client's connection."""
    if isinstance(flow, DNSFlow):
        flow.response = None
    if flow.killable:
        flow.kill()
    close_client(flow.client_conn)


def close_client(client: Client) -> None:
    """Closes a client's connection, whatever stands in its buffers."""
    server = ctx.master.addons.get("proxyserver")
    handler = server.connections.get(client.id) if server else None
    if isinstance(handler, DirectHandler):
        handler.close_now()
        return
    transport = handler.transports.get(client) if handler else None
    if transport is not None and transport.handler is not None:
        transport.handler.cancel("closed by the gateway")


def _close_flow(door: Door, point: str, fault: Exception, flow: HTTPFlow) -> None:
    passage = passage_of(flow)
    judged = door.gate.fault(point, fault, passage.inquiry)
    if point in _TOO_LATE:
        if flow.websocket is not None and flow.websocket.messages:
            flow.websocket.messages[-1].drop()
        close_client(flow.client_conn)
        return
    if point == "response" and flow.response is not None and flow.response.stream:
        close_client(flow.client_conn)
        return
    passage.failed, passage.released = True, True
    flow.request.headers.pop("expect", None)
    flow.request.stream = False
    if point == "http_connect":
        flow.response = last_resort()
    else:
        flow.response = refusal(judged, flow.request, door.blocked_by)


def _fail_tunnel(door: Door, client: Client) -> None:
    tunnel = door.tunnels.get(client.id)
    if tunnel is None:
        close_client(client)
    else:
        tunnel.failed = True
