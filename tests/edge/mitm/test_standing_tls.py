"""TLS that stands is read and written without its layers, and nothing is different for it."""

import contextlib
import ssl

import pytest

from gateway.edge.mitm.standing_tls import StandingTls
from tests.edge.mitm.origin import Page
from tests.edge.mitm.test_bounds import closed_after
from tests.edge.mitm.world import World, everything


def ask(world: World, secure: ssl.SSLSocket, path: str) -> bytes:
    host = f"kids.test:{world.origin.tls_port}"
    secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return everything(secure)


@pytest.mark.parametrize("http2", [False, True])
def test_requests_go_the_short_way(world: World, monkeypatch: pytest.MonkeyPatch, http2: bool) -> None:
    ways: list[bool] = []
    take = StandingTls.take

    def counted(self: StandingTls, event: object) -> object:
        work = take(self, event)  # type: ignore[arg-type]
        ways.append(work is not None)
        return work

    monkeypatch.setattr(StandingTls, "take", counted)
    world.origin.pages["kids.test", "/long"] = Page(b"<!doctype html>" + b"x" * 300_000)
    with world.client("child", http2=http2) as client:
        for _ in range(3):
            assert len(client.get(world.url("kids.test/long")).content) == 300_015
            assert client.post(world.url("kids.test/"), content=b"u" * 200_000).status_code == 200
    assert ways.count(True) > 10


def test_a_connection_that_the_origin_closed_is_made_anew(world: World) -> None:
    world.origin.pages["kids.test", "/once"] = Page(b"<!doctype html>once", close=True)
    before = world.origin.connections
    with world.tls("child", "kids.test") as secure:
        for _ in range(3):
            assert b"once" in ask(world, secure, "/once")
    assert world.origin.connections >= before + 3


def test_a_client_that_says_goodbye_is_let_go(world: World) -> None:
    """RFC 8446, section 6.1: close_notify."""
    with world.tls("child", "kids.test") as secure:
        assert b"Welcome" in ask(world, secure, "/")
        secure.settimeout(2)
        with contextlib.suppress(OSError):
            plain = secure.unwrap()
            closed_after(plain, 3.0)
    assert world.get("child", "kids.test/").status_code == 200


def test_bytes_that_are_no_tls_end_the_connection(world: World) -> None:
    with world.tunnel("child", "kids.test") as raw:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(into, out, server_hostname="kids.test")
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                raw.sendall(out.read())
                into.write(raw.recv(65_536))
        host = f"kids.test:{world.origin.tls_port}"
        tls.write(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        raw.sendall(out.read())
        assert raw.recv(65_536)
        raw.sendall(b"these bytes are no TLS" * 100)
        everything(raw)
    assert world.get("child", "kids.test/").status_code == 200
