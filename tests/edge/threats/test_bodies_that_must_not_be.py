"""Bytes behind a head that says there are none, and a handshake that says for whom it is. Found by tests/canary."""

import contextlib

import pytest

from tests.edge.mitm.origin import CANARY, RTA, Page
from tests.edge.mitm.websocket import open_websocket, read_frame
from tests.edge.mitm.world import World

HTML = {"Content-Type": "text/html"}
RATED = b"<!doctype html><meta name=rating content=" + RTA + b"><p>" + CANARY
_ACCEPTED = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, section 1.3: of the key that open_websocket sends
_FRAME = bytes([0x81, len(CANARY)]) + CANARY


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_brings_none(world: World, status: int, http2: bool) -> None:
    """RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5: scripts read what a lenient client lets through."""
    world.origin.pages["kids.test", "/none"] = Page(RATED, HTML, status, close=True)
    if http2 or status == 205:
        answer = world.get("child", "kids.test/none", http2=http2)
        assert (answer.status_code, answer.content) == (status, b"")
    else:
        with world.tls("child", "kids.test") as secure:
            secure.sendall(f"GET /none HTTP/1.1\r\nHost: kids.test:{world.origin.tls_port}\r\n\r\n".encode())
            secure.settimeout(0.5)
            assert CANARY not in secure.recv(65_536)


def test_other_scripts_get_their_empty_answers(world: World) -> None:
    world.origin.pages["kids.test", "/gone"] = Page(b"", {}, 204)
    for http2 in (False, True):
        answer = world.get("child", "kids.test/gone", http2=http2)
        assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(("listener", "passes"), [("child", False), ("adult", True)])
def test_a_handshake_is_judged_by_its_head(world: World, listener: str, passes: bool) -> None:
    head = f"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {_ACCEPTED}\r\n"
    rated = f"{head}Rating: {RTA.decode()}\r\n\r\n".encode()
    world.origin.pages["kids.test", "/rated"] = Page(raw=rated + _FRAME, close=True)
    with world.tls(listener, "kids.test") as secure:
        answer = open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/rated")
        assert (b" 101 " in answer) is passes
        secure.settimeout(0.5)
        with contextlib.suppress(TimeoutError):
            assert (read_frame(secure) == CANARY) is passes


@pytest.mark.parametrize("listener", ["adult", "teen"])
def test_a_message_behind_a_handshake_is_not_lost(world: World, listener: str) -> None:
    """A site may speak at once; its first message then comes with the head of its answer."""
    head = f"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {_ACCEPTED}\r\n\r\n"
    world.origin.pages["kids.test", "/speaks"] = Page(raw=head.encode() + _FRAME, close=True)
    host = f"kids.test:{world.origin.plain_port}"
    with world.raw(listener) as raw:
        assert b" 101 " in open_websocket(raw, host, f"http://{host}/speaks")
        assert read_frame(raw) == CANARY
