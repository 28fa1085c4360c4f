"""Reading from an origin stops while what it sends has nowhere to go: nothing between two peers grows without bound.

HTTP/1 towards the client needs no brake of its own: mitmproxy reads no further while its write buffers are full. What
it does not know is a response that waits for a hook, and an HTTP/2 client that opens no window for a stream.
"""

import asyncio
from typing import Any, Final, Protocol
from weakref import WeakSet

from mitmproxy.connection import Connection
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.server import ConnectionHandler

STREAM_ROOM: Final = 512 * 1024  # bytes of one response that may wait for an HTTP/2 client
CONNECTION_ROOM: Final = 4 * 1024 * 1024  # bytes that may wait for one HTTP/2 client in all its streams
_LOOK_SECONDS: Final = 1.0  # a missed wake-up costs no more than this


class Braked(Protocol):
    """An HTTP/1 connection to an origin."""

    conn: Connection
    released: asyncio.Event

    def must_wait(self) -> bool:
        """Whether nothing more should be read from it."""


waiting: WeakSet[Braked] = WeakSet()


def http_layer_of(context: Context) -> HttpLayer | None:
    """The innermost HTTP layer around a connection's codec."""
    return next((layer for layer in reversed(context.layers) if isinstance(layer, HttpLayer)), None)


def is_piling_up(stream: Any) -> bool:
    """Whether a stream waits for a hook, so that what comes is only piled up. It says so when it goes on."""
    if stream is None or stream._paused is None:
        return False
    stream.piled_up = True
    return True


def release() -> None:
    """Lets those go on whose way is free again."""
    for origin in [origin for origin in waiting if not origin.must_wait()]:
        waiting.discard(origin)
        origin.released.set()


def read_by(handler: ConnectionHandler, task: Any) -> Connection | None:
    """The connection that `task` reads from."""
    return next((connection for connection, io in handler.transports.items() if io.handler is task), None)


async def wait_for_room(connection: Connection | None) -> None:
    """Called by whoever reads from a connection, before he reads on."""
    while (origin := next((origin for origin in waiting if origin.conn is connection), None)) is not None:
        origin.released.clear()
        try:
            await asyncio.wait_for(origin.released.wait(), _LOOK_SECONDS)
        except TimeoutError:
            release()
