"""Windows that are given only while there is room, and DATA that is joined."""

from typing import TypeGuard

import h2.config
import h2.events
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge.mitm.bounded_h2 import Allowance, BoundedH2, joined


def data(stream: int, body: bytes, *, ended: bool = False) -> h2.events.DataReceived:
    event = h2.events.DataReceived(stream_id=stream)
    event.data, event.flow_controlled_length = body, len(body) + 1
    event.stream_ended = h2.events.StreamEnded(stream_id=stream) if ended else None
    return event


EVENT = st.one_of(
    st.builds(data, st.sampled_from([1, 3]), st.binary(max_size=3)),
    st.builds(h2.events.PingReceived, ping_data=st.just(b"12345678")),
)


def is_data(event: h2.events.Event) -> TypeGuard[h2.events.DataReceived]:
    return isinstance(event, h2.events.DataReceived)


def seen(received: list[h2.events.Event]) -> tuple[list[tuple[int, int]], int, list[h2.events.Event]]:
    """Each byte with its stream, the length that counts for windows, and what is no DATA."""
    told = [event for event in received if is_data(event)]
    of_streams = [(event.stream_id, byte) for event in told for byte in event.data or b""]
    length = sum(event.flow_controlled_length or 0 for event in told)
    return of_streams, length, [event for event in received if not is_data(event)]


@given(st.lists(EVENT, max_size=12))
def test_joining_changes_no_byte_and_no_order(received: list[h2.events.Event]) -> None:
    before = seen(received)
    assert seen(joined(received)) == before


def test_an_end_ends_a_run() -> None:
    first, last = data(1, b"a"), data(1, b"b", ended=True)
    (event,) = joined([first, last])
    assert isinstance(event, h2.events.DataReceived)
    assert (event.data, bool(event.stream_ended)) == (b"ab", True)


def test_an_allowance_runs_out_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    allowance = Allowance(3, 1)
    assert [allowance.spend() for _ in range(4)] == [True, True, True, False]
    now[0] = 2.0
    assert allowance.spend()
    now[0] = 1_000.0
    assert [allowance.spend() for _ in range(4)] == [True, True, True, False]


def test_a_window_is_held_back_while_there_is_no_room() -> None:
    full = [True]
    config = h2.config.H2Configuration(client_side=False)
    ours = BoundedH2(config, (1 << 20, 1 << 24), lambda _stream: full[0])
    theirs = h2.connection.H2Connection()
    ours.initiate_connection()
    theirs.initiate_connection()
    theirs.receive_data(ours.data_to_send())
    theirs.send_headers(1, [(":method", "POST"), (":scheme", "https"), (":authority", "a"), (":path", "/")])
    ours.receive_data(theirs.data_to_send())
    theirs.receive_data(ours.data_to_send())
    assert theirs.local_flow_control_window(1) == 1 << 20
    for _ in range(45):
        theirs.send_data(1, b"x" * 16_384)
    ours.receive_data(theirs.data_to_send())
    ours.acknowledge_received_data(45 * 16_384, 1)
    assert ours.data_to_send() == b""
    full[0] = False
    ours.settle(1)
    theirs.receive_data(ours.data_to_send())
    assert theirs.local_flow_control_window(1) == 1 << 20
