"""A CONNECT as browsers send it is answered at once; every other, and every refusal, goes the long way."""

import contextlib
import ssl
import time

import pytest

from gateway.edge.mitm.hold import HeldStream
from tests.edge.mitm.origin import Page
from tests.edge.mitm.taught import issuer
from tests.edge.mitm.test_early import first_flight
from tests.edge.mitm.world import World, everything

ODD = "X-Odd: 1\r\n"
BIG = 32 * 1024 * 1024


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every stream of HTTP that is made."""
    made: list[int] = []
    before = HeldStream.__init__

    def counting(self: HeldStream, context: object, stream_id: int) -> None:
        made.append(stream_id)
        before(self, context, stream_id)  # type: ignore[arg-type]

    monkeypatch.setattr(HeldStream, "__init__", counting)
    return made


def answer(world: World, target: str, *, odd: bool = False, listener: str = "child") -> bytes:
    """What comes within a moment after a CONNECT."""
    with world.raw(listener) as raw:
        raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{ODD if odd else ''}\r\n".encode())
        raw.settimeout(1.0)
        received = b""
        with contextlib.suppress(TimeoutError):
            while not received.endswith(b"</html>") and (data := raw.recv(65_536)):
                received += data
                raw.settimeout(0.2)
        return received


def test_it_is_answered_like_any_other_and_with_less(world: World, streams: list[int]) -> None:
    target = f"bank.test:{world.origin.tls_port}"
    plain = answer(world, target)
    assert not streams
    assert plain.startswith(b"HTTP/1.1 200 ")
    assert plain == answer(world, target, odd=True)
    assert streams


@pytest.mark.parametrize("target", ["kids.test:22", "127.0.0.1:443", "127.0.0.3:443", "nobody.invalid:443"])
def test_a_refusal_is_that_of_the_long_way_and_written_once(world: World, target: str) -> None:
    refused = answer(world, target)
    written = len(world.written)
    assert refused.startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 502 "))
    assert written == 1
    assert answer(world, target, odd=True) == refused


def test_whoever_must_log_in_is_asked(world: World) -> None:
    assert answer(world, f"kids.test:{world.origin.tls_port}", listener="login").startswith(b"HTTP/1.1 407 ")


def test_a_hello_right_behind_it_or_a_head_in_pieces_takes_the_long_way(world: World, streams: list[int]) -> None:
    target, hello = f"bank.test:{world.origin.tls_port}", first_flight("bank.test")
    head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()
    for pieces in ((head + hello,), (head[:20], head[20:] + hello)):
        with world.raw("child") as raw:
            for piece in pieces:
                raw.sendall(piece)
                time.sleep(0.05)
            received = everything(raw)
        assert received.startswith(b"HTTP/1.1 200 ")
        assert b"\r\n\r\n\x16\x03" in received
    assert len(streams) == 2


def test_a_client_that_goes_without_a_word_leaves_nothing(world: World) -> None:
    before = world.proxy.connections
    with world.raw("child"):
        pass
    target = f"kids.test:{world.origin.tls_port}"
    with world.raw("child") as raw:
        raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 200 ")
    until = time.monotonic() + 5
    while world.proxy.connections > before and time.monotonic() < until:
        time.sleep(0.01)
    assert world.proxy.connections <= before


def test_what_passes_unread_is_whole_and_does_not_pile_up(world: World) -> None:
    assert issuer(world, "child", "bank.test") == "origin CA"
    world.origin.pages["bank.test", "/big"] = Page(b"x" * BIG, {"Content-Type": "application/octet-stream"})
    with world.tls("child", "bank.test") as secure:
        secure.sendall(f"GET /big HTTP/1.1\r\nHost: bank.test:{world.origin.tls_port}\r\n\r\n".encode())
        time.sleep(0.5)  # the client reads nothing for a while
        waiting = most_waiting(world)
        received = secure.recv(65_536)
        body = received.partition(b"\r\n\r\n")[2]
        length = len(body)
        with contextlib.suppress(TimeoutError, ssl.SSLError):
            while length < BIG and (data := secure.recv(1 << 20)):
                length += len(data)
    assert length == BIG
    assert waiting < 1024 * 1024


def most_waiting(world: World) -> int:
    """Bytes that wait in the proxy to be written to any one peer."""
    server = world.proxy._server
    assert server is not None
    writers = [io.writer for each in list(server.connections.values()) for io in list(each.transports.values())]
    return max(writer.transport.get_write_buffer_size() for writer in writers if writer is not None)  # type: ignore[union-attr]
