"""WebSockets without an end: a message that is never finished, a frame that never comes whole, bytes for ever."""

import contextlib
import ssl
import struct

import pytest

from gateway.edge.mitm.bounded_websocket import BoundedConnection
from gateway.edge.mitm.uploads import Upload
from tests.edge.mitm.origin import Page
from tests.edge.mitm.websocket import open_websocket, read_frame, send_text
from tests.edge.mitm.world import World

BEGUN, MORE, LAST = 0x02, 0x00, 0x80  # RFC 6455, section 5.2: the first byte of a binary message's frames
PING = 0x89
ACCEPTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


def frame(first: int, payload: bytes, length: int | None = None, *, masked: bool = True) -> bytes:
    """`length`: what is declared, if it is not the payload's."""
    length, bit = length or len(payload), 0x80 if masked else 0
    if length < 126:
        head = struct.pack(">BB", first, bit | length)
    elif length < 1 << 16:
        head = struct.pack(">BBH", first, bit | 126, length)
    else:
        head = struct.pack(">BBQ", first, bit | 127, length)
    return head + (b"\0\0\0\0" if masked else b"") + payload


def code_after(stream: ssl.SSLSocket, sent: bytes, times: int) -> int | None:
    """Sends until the other side closes; the code of its close frame, None when it closed without one."""
    stream.settimeout(5)
    received = b""
    with contextlib.suppress(OSError):
        for _ in range(times):
            stream.sendall(sent)
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := stream.recv(65_536):
            received += data
    begun = received.find(b"\x88")
    return struct.unpack(">H", received[begun + 2 : begun + 4])[0] if begun >= 0 else None


def counted(world: World, why: str) -> float:
    return world.gate.counters.registry.get_sample_value("qorgan_closed_connections_total", {"why": why}) or 0.0


@pytest.mark.parametrize(
    ("begun", "going_on"),
    [
        (frame(BEGUN, b"x" * 60_000), frame(MORE, b"x" * 60_000)),
        (frame(BEGUN, b""), frame(MORE, b"") * 100),
        (frame(BEGUN, b"", 1 << 40), b"x" * 30_000),
        (frame(0x01, "ә".encode()), frame(MORE, "ә".encode() * 30_000)),
    ],
)
def test_a_message_without_an_end_is_refused_with_1009(world: World, begun: bytes, going_on: bytes) -> None:
    """RFC 6455, section 7.4.1: 1009, a message too big to process. The limit here is 200 000 bytes."""
    before, held = counted(world, "websocket message"), Upload.in_all
    with world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        secure.sendall(begun)
        assert code_after(secure, going_on, 60) == 1009
    assert counted(world, "websocket message") == before + 1
    assert held == Upload.in_all


def test_a_message_without_an_end_from_a_site_is_refused_too(world: World) -> None:
    more = frame(MORE, b"x" * 30_000, masked=False)
    world.origin.pages["kids.test", "/endless"] = Page(
        raw=ACCEPTED + frame(BEGUN, b"x", masked=False), drip=(0.0, more)
    )
    before = counted(world, "websocket message")
    with world.tls("child", "kids.test") as secure:
        assert b" 101 " in open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/endless")
        assert code_after(secure, b"", 0) == 1001
    assert counted(world, "websocket message") == before + 1


def test_what_is_collected_counts_with_what_is_held(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a thousand messages, each a byte too short, take all the memory there is."""
    monkeypatch.setattr(Upload, "most_in_all", Upload.in_all + 100_000)
    before = counted(world, "websocket memory")
    with world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        secure.sendall(frame(BEGUN, b"x" * 1_000))
        assert code_after(secure, frame(MORE, b"x" * 30_000), 6) == 1013
    assert counted(world, "websocket memory") == before + 1


def test_a_site_may_speak_in_one_breath_with_its_101(world: World) -> None:
    world.origin.pages["kids.test", "/eager"] = Page(raw=ACCEPTED + bytes([0x81, 7]) + b"welcome", drip=(5.0, b""))
    with world.tls("child", "kids.test") as secure:
        assert b" 101 " in open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/eager")
        assert read_frame(secure) == b"welcome"


def test_a_message_in_many_frames_arrives(world: World) -> None:
    parts = [bytes([first, 0x80 | 100]) + b"\0\0\0\0" + b"y" * 100 for first in (BEGUN, *[MORE] * 40, LAST)]
    with world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        for _ in range(3):
            secure.sendall(b"".join(parts))
            assert sum(len(read_frame(secure)) for _ in parts) == 4_200
        send_text(secure, b"hello")
        assert read_frame(secure) == b"hello"
    assert BoundedConnection.message_bytes == 200_000


def test_a_connection_that_carries_bytes_for_ever_is_ended(world: World) -> None:
    before = counted(world, "websocket bytes")
    with world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        send_text(secure, b"hello")
        assert read_frame(secure) == b"hello"
        code_after(secure, (bytes([PING, 0x80 | 125]) + b"\0\0\0\0" + b"p" * 125) * 100, 200)
    assert counted(world, "websocket bytes") == before + 1
