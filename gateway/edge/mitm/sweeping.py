"""What is looked at by time: responses that are held for too long, clients that take too long for a head."""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import Layer, NextLayer
from mitmproxy.proxy.layers.http import HttpLayer, HttpStream
from mitmproxy.proxy.server import ConnectionHandler

from gateway.edge.counters import Counters
from gateway.edge.mitm.closing import close_client
from gateway.edge.mitm.hold import HeldStream

_SWEEP_SECONDS: Final = 0.25


async def sweep(
    handlers: Mapping[Any, ConnectionHandler], late: Callable[[], Iterable[Client]], counters: Counters
) -> None:
    """Wakes streams that have held a response for too long, closes `late` clients; runs until it is cancelled.

    One task for all: a timer for each response would keep every flow in memory until it fires.
    """
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        for client in late():
            counters.closed.labels("slow head").inc()
            close_client(client)
        now = time.monotonic()
        for stream in [stream for stream in HeldStream.waiting if min(stream.look_at, stream.deadline) < now]:
            stream.look_at = math.inf
            HeldStream.waiting.discard(stream)
            handler = handlers.get(stream.context.client.id)
            if handler is not None:
                await handler.server_event(_wakeup_for(stream, handler.layer))


def _wakeup_for(stream: HeldStream, top: Layer) -> events.Wakeup:
    """An event that finds its way from `top` through all HTTP layers to `stream`, as if the stream had asked for it."""
    wakeup = commands.RequestWakeup(0)
    while isinstance(top, NextLayer) and top.layer is not None:
        top = top.layer
    layers = stream.context.layers
    layers = layers[layers.index(top) :] if top in layers else layers
    for index, layer in enumerate(layers):
        if isinstance(layer, HttpLayer):
            # Below each HTTP layer stands the one stream of it that leads here, at the end `stream` itself.
            below = (lower for lower in layers[index + 1 :] if isinstance(lower, HttpStream))
            layer.command_sources[wakeup] = next(below, stream)
    return events.Wakeup(wakeup)
