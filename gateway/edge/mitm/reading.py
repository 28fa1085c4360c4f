"""How a client's connections are read: what comes is worked on where it arrives, and no task is woken up for it."""

import asyncio
import contextlib
import time
from abc import abstractmethod
from functools import partial
from typing import Any, Final

from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import events
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.server import ConnectionIO, LiveConnectionHandler
from mitmproxy.utils import asyncio_utils

from gateway.edge.mitm import brakes
from gateway.edge.mitm.ending import forget_frames

_FULL: Final = 64 * 1024  # bytes that may wait to be written: asyncio's own high-water mark
_PIECE: Final = 65_535  # bytes that are read at once, as mitmproxy has it


class FedHandler(ProxyConnectionHandler):
    """The half of our handler that reads (the other: gateway.edge.mitm.handler)."""

    def __init__(self, *arguments: Any) -> None:
        self.master, *others = arguments
        LiveConnectionHandler.__init__(self, *others)  # mitmproxy's own class only makes a name for logs besides
        self._fed: set[Connection] = set()
        self._closed = False  # nothing that comes is looked at any more
        self._between: tuple[Connection, Connection] | None = None  # what comes from one goes to the other

    @abstractmethod
    def _work(self, event: events.Event) -> None:
        """Works on what happened, and sends what comes of it. Never raises."""

    async def handle_connection(self, connection: Connection) -> None:
        """As mitmproxy's, but a cancellation ends here: raised on, its traceback keeps all that the frames know."""
        reader: Any = self.transports[connection].reader
        ended_by_peer = await self._read_to_its_end(connection, reader)
        connection.state = connection.state & ~ConnectionState.CAN_READ if ended_by_peer else ConnectionState.CLOSED
        await self.server_event(events.ConnectionClosed(connection))
        if connection.state is ConnectionState.CAN_WRITE:
            with contextlib.suppress(asyncio.CancelledError):  # by whoever closes the connection
                await asyncio.Event().wait()
        writer: Any = self.transports.pop(connection).writer
        vars(reader).pop("feed_data", None)
        assert writer is not None
        with contextlib.suppress(OSError):
            writer.close()
        asyncio.get_running_loop().call_soon(forget_frames, reader, writer)  # when the transport has told its end

    async def _read_to_its_end(self, connection: Connection, reader: Any) -> bool:
        """Whether the peer has ended it, and not we."""
        self._feed(connection, self.transports[connection])
        try:
            while data := await reader.read(_PIECE):
                await self.server_event(events.DataReceived(connection, data))
                await self.drain_writers()
        except OSError:
            pass
        except asyncio.CancelledError:
            return False
        return True

    async def drain_writers(self) -> None:
        """Called by whoever has read something, before he reads on; from now on he only waits for the end."""
        for connection, io in self.transports.items():
            if connection not in self._fed:
                self._feed(connection, io)
        if self._is_congested():
            await super().drain_writers()  # type: ignore[no-untyped-call]
        if brakes.waiting:
            await brakes.wait_for_room(brakes.read_by(self, asyncio.current_task()))

    def _feed(self, connection: Connection, io: ConnectionIO) -> None:
        """What comes on a connection is worked on where it arrives: no task is woken up for it."""
        reader: Any = io.reader
        if isinstance(reader, asyncio.StreamReader) and isinstance(io.writer, asyncio.StreamWriter):
            inner: Any = reader
            if not inner._buffer:  # else somebody has to take that first
                self._fed.add(connection)
                transport: Any = io.writer.transport
                inner.feed_data = partial(self._received, connection, transport)

    def _received(self, connection: Connection, transport: asyncio.Transport, data: bytes) -> None:
        state = connection.state
        can_read = state is ConnectionState.OPEN or state is ConnectionState.CAN_READ  # `&` of flags takes microseconds
        if not can_read or connection not in self.transports:
            return  # it is closed, and whoever waits for its end has not been told yet
        if self._between is None:
            self._work(events.DataReceived(connection, bytes(data)))
            full = bool(brakes.waiting) or self._is_congested()
        else:
            full = self._relay(self._between, connection, data)
        if full:
            transport.pause_reading()
            asyncio_utils.create_task(
                self._go_on(connection, transport), name="back-pressure", keep_ref=True, client=self.client.peername
            )

    def _relay(self, between: tuple[Connection, Connection], connection: Connection, data: bytes) -> bool:
        """Hands on what passes unread; whether that piles up."""
        self.timeout_watchdog.last_activity = time.time()
        io = self.transports.get(between[connection is between[0]])
        if self._closed or io is None or not isinstance(io.writer, asyncio.StreamWriter):
            return False
        transport = io.writer.transport
        if not transport.is_closing():
            transport.write(data)
        return transport.get_write_buffer_size() > _FULL

    async def _go_on(self, connection: Connection, transport: asyncio.Transport) -> None:
        """Reads on when there is room again for what will come."""
        await super().drain_writers()  # type: ignore[no-untyped-call]
        if brakes.waiting:
            await brakes.wait_for_room(connection)
        if not transport.is_closing():
            transport.resume_reading()

    def _is_congested(self) -> bool:
        for io in self.transports.values():
            writer = io.writer
            if isinstance(writer, asyncio.StreamWriter) and writer.transport.get_write_buffer_size() > _FULL:
                return True
        return False
