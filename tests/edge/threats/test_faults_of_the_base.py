"""What mitmproxy does and a filter must not, as far as tests/edge/mitm does not tell it: by raw bytes."""

import socket
import struct
import threading
from typing import Any

import pytest

import gateway.edge.gate
from tests.edge.mitm.certificates import make_ca
from tests.edge.mitm.origin import Page
from tests.edge.mitm.world import World

CARRIED = (
    *("[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]", "[2002:c0a8:101::1]", "[::ffff:10.0.0.1]"),
    *("[2001:0:808:808::80ff:fffe]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[fd00::1]", "[fe80::1%25eth0]"),
    *("[fec0::1]", "[ff02::1]", "0x7f.1", "017700000001", "127.0.0.1.", "%31%32%37.0.0.1", "100.64.0.1", "0.0.0.1"),
)


@pytest.mark.parametrize("host", CARRIED)
def test_no_address_inside_another_is_reached(world: World, host: str) -> None:
    for target in (f"{host}:80", f"{host}:443"):
        with world.raw("adult") as raw:
            raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            assert raw.recv(12) in (b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 502")


def test_a_service_on_loopback_hears_nothing(world: World) -> None:
    """CVE-2025-23217: an API that trusts loopback, asked through the proxy at a port that may be connected to."""
    with socket.create_server(("127.0.0.1", 0)) as private:
        private.settimeout(0.3)
        port = private.getsockname()[1]
        for host in ("127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"):
            with world.raw("child") as raw:
                raw.sendall(f"GET http://{host}:{port}/api HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                assert raw.recv(12) in (b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 502")
        with pytest.raises(TimeoutError):
            private.accept()


@pytest.mark.parametrize("issuer", ["itself", "the gateway"])
def test_a_site_that_nobody_vouches_for_is_not_shown(world: World, issuer: str) -> None:
    """RFC 9110, section 4.3.4: the gateway checks for its clients, and never trusts its own CA upstream."""
    path = world.folder / "mitmproxy-ca.pem"
    if issuer == "itself":
        path = world.folder / "own.pem"
        make_ca(path, with_key=True, name="kids.test")
    world.origin.context.load_cert_chain(path)
    try:
        answer = world.get("child", "kids.test/")
    finally:
        world.origin.context.load_cert_chain(world.folder / "origin.pem")
    assert answer.status_code == 502
    assert not world.origin.asked
    assert world.get("child", "kids.test/").status_code == 200


def test_one_page_that_is_read_slowly_stops_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long page is read off the event loop: another client is served while its reading stands still."""
    read, go_on = gateway.edge.gate.read_whole, threading.Event()

    def stands(*args: Any) -> Any:
        if len(args[-1]) > 100_000:
            go_on.wait(20)
        return read(*args)

    monkeypatch.setattr(gateway.edge.gate, "read_whole", stands)
    world.origin.pages["kids.test", "/long"] = Page(b"<!doctype html><p>long " + b"x" * 200_000)
    slow: list[int] = []
    thread = threading.Thread(target=lambda: slow.append(world.get("child", "kids.test/long").status_code))
    thread.start()
    try:
        for _ in range(5):
            assert "Welcome" in world.get("teen", "kids.test/").text
        assert slow == []
    finally:
        go_on.set()
        thread.join(20)
    assert slow == [200]


def test_many_resets_and_half_heads_leave_the_proxy_serving(world: World) -> None:
    left = []
    for number in range(60):
        raw = socket.create_connection(world.proxy.addresses()["child"], timeout=5)
        raw.sendall(b"GET http://kids.test/ HTTP/1.1\r\nHost: k" if number % 2 else b"CONNECT kids.test:443 HT")
        if number % 3:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
        else:
            left.append(raw)
    assert "Welcome" in world.get("teen", "kids.test/").text
    for raw in left:
        raw.close()
