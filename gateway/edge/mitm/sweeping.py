"""What is looked at by time: responses that are held for too long, clients too slow with a head or a body."""

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
from gateway.edge.mitm import brakes
from gateway.edge.mitm.closing import close_client
from gateway.edge.mitm.hold import HeldStream
from gateway.edge.mitm.http2 import Http2ClientSide
from gateway.edge.mitm.uploads import Upload

_SWEEP_SECONDS: Final = 0.25


async def sweep(
    handlers: Mapping[Any, ConnectionHandler], late: Callable[[], Iterable[Client]], counters: Counters
) -> None:
    """Wakes streams that hold a response, or wait for a body, for too long, closes `late` clients; until cancelled.

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
        for upload in [upload for upload in Upload.uploading if upload.is_late]:
            handler = handlers.get(upload.context.client.id)
            if handler is None:
                Upload.uploading.discard(upload)
            elif _is_held_up(upload, handler):
                upload.grant_time()
            else:
                await handler.server_event(_wakeup_for(upload, handler.layer))


def _is_held_up(upload: Upload, handler: ConnectionHandler) -> bool:
    """Whether the body would come faster if we, or the origin, took it."""
    origin = handler.transports.get(upload.context.server)
    writer = origin.writer if origin is not None else None
    if upload._paused is not None or (
        isinstance(writer, asyncio.StreamWriter) and writer.transport.get_write_buffer_size()
    ):
        return True
    http = brakes.http_layer_of(upload.context)
    client = http.connections.get(upload.context.client) if http is not None else None
    return isinstance(client, Http2ClientSide) and client.upload_waits(upload.stream_id)


def _wakeup_for(stream: HttpStream, top: Layer) -> events.Wakeup:
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
