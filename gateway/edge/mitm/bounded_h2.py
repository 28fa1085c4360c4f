"""The HTTP/2 connection below our codec: windows that are given only while there is room, and what a peer may spend."""

import time
from collections.abc import Buffer, Callable, Sequence

import h2.events
from h2.config import H2Configuration
from h2.connection import H2Connection
from mitmproxy.proxy.layers.http._http_h2 import BufferedH2Connection


class Allowance:
    """So many at once, and so many a second on average."""

    def __init__(self, burst: float, a_second: float) -> None:
        self._burst, self._a_second = burst, a_second
        self._left, self._since = burst, time.monotonic()

    def give(self, more: float) -> None:
        self._left = min(self._burst, self._left + more)

    def spend(self, count: int = 1) -> bool:
        """Whether there was enough."""
        now = time.monotonic()
        self.give((now - self._since) * self._a_second)
        self._since = now
        self._left -= count
        return self._left >= 0


class BoundedH2(BufferedH2Connection):
    """Gives window only while there is room on the other side, and joins what came in one read."""

    def __init__(self, config: H2Configuration, windows: tuple[int, int], is_full: Callable[[int], bool]) -> None:
        super().__init__(config)
        self._stream_window, self._window = windows
        self.local_settings.initial_window_size = self._stream_window
        self.local_settings.acknowledge()
        self.owed: dict[int, int] = {}  # stream → bytes whose window is held back
        self.updates = 0  # WINDOW_UPDATE frames since somebody looked
        self.sent = 0  # bytes since somebody looked
        self._is_full = is_full

    def initiate_connection(self) -> None:
        H2Connection.initiate_connection(self)
        self.increment_flow_control_window(self._window - self.inbound_flow_control_window)

    def queued(self, stream_id: int) -> int:
        """Bytes that wait for the peer's window on one stream."""
        return sum(len(chunk.data) for chunk in self.stream_buffers.get(stream_id, ()))

    def queued_in_all(self) -> int:
        return sum(len(chunk.data) for chunks in self.stream_buffers.values() for chunk in chunks)

    def is_amid_a_frame(self) -> bool:
        """Whether a frame, or a head in several frames, has begun and not ended."""
        buffer = self.incoming_buffer
        return bool(buffer._data or buffer._headers_buffer)

    def acknowledge_received_data(self, acknowledged_size: int, stream_id: int) -> None:
        owed = self.owed.pop(stream_id, 0) + acknowledged_size
        if self._is_full(stream_id):
            self.owed[stream_id] = owed
        elif owed:
            super().acknowledge_received_data(owed, stream_id)

    def settle(self, stream_id: int) -> None:
        """Gives what was held back of a stream's window, if there is room now."""
        if stream_id in self.owed:
            self.acknowledge_received_data(0, stream_id)

    def send_data(  # type: ignore[override]
        self, stream_id: int, data: bytes, end_stream: bool = False, pad_length: None = None
    ) -> None:
        self.sent += len(data)
        super().send_data(stream_id, data, end_stream, pad_length)

    def connection_window_updated(self) -> None:
        self.updates += 1
        super().connection_window_updated()

    def stream_window_updated(self, stream_id: int) -> bool:
        self.updates += 1
        return super().stream_window_updated(stream_id)

    def receive_data(self, data: Buffer) -> list[h2.events.Event]:
        return joined(super().receive_data(data))


def joined(received: Sequence[h2.events.Event]) -> list[h2.events.Event]:
    """Runs of DATA of one stream made one event; whatever stands between them keeps its place."""
    merged: list[h2.events.Event] = []
    run: list[h2.events.DataReceived] = []
    for event in received:
        if not isinstance(event, h2.events.DataReceived):
            merged += [*_one(run), event]
            run = []
        elif run and (run[-1].stream_id != event.stream_id or run[-1].stream_ended):
            merged += _one(run)
            run = [event]
        else:
            run.append(event)
    return merged + _one(run)


def _one(run: list[h2.events.DataReceived]) -> list[h2.events.DataReceived]:
    if len(run) > 1:
        first, last = run[0], run[-1]
        first.data = b"".join(event.data or b"" for event in run)
        first.flow_controlled_length = sum(event.flow_controlled_length or 0 for event in run)
        first.stream_ended = last.stream_ended
    return run[:1]
