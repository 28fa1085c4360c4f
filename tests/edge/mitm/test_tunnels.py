"""What a tunnel may carry and where it may lead, told by raw bytes."""

import contextlib
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.edge.mitm.origin import CANARY, Page
from tests.edge.mitm.websocket import open_websocket, read_frame, send_text
from tests.edge.mitm.world import World, everything


def connect(world: World, target: str, listener: str = "child") -> bytes:
    with world.raw(listener) as raw:
        raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        return raw.recv(65_536)


@pytest.mark.parametrize("port", [22, 25, 53, 3306, 8080, 65535])
def test_only_listed_ports_are_connected_to(world: World, port: int) -> None:
    assert connect(world, f"kids.test:{port}").startswith(b"HTTP/1.1 403")


SPELLINGS = (
    *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0"),
    *(
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:0:0:1]",
        "[::1]",
        "[::]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "[fe80::1]",
    ),
)


@pytest.mark.parametrize("listener", ["child", "adult"])
@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_private_address_is_reached(world: World, host: str, listener: str) -> None:
    assert not connect(world, f"{host}:443", listener).startswith(b"HTTP/1.1 200")
    with world.raw(listener) as raw:
        raw.sendall(f"GET http://{host}:80/ HTTP/1.1\r\nHost: {host}:80\r\n\r\n".encode())
        assert raw.recv(12) in (b"HTTP/1.1 403", b"HTTP/1.1 400", b"HTTP/1.1 502")


def test_the_proxys_own_listener_is_not_reached(world: World) -> None:
    host, port = world.proxy.addresses()["adult"]
    assert connect(world, f"{host}:{port}").startswith(b"HTTP/1.1 403")


def test_a_name_that_leads_to_loopback_is_refused(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as private:
        private.settimeout(0.2)
        answer = connect(world, "localhost:80", "adult")
        assert not answer.startswith(b"HTTP/1.1 200")
        with pytest.raises(TimeoutError):
            private.accept()


@pytest.mark.parametrize("start", [b"\r\n", b" ", b"\0", b"\n\n\n", b"SSH-2.0-x\r\n", b"\x16\x03", b"EHLO me\r\n"])
def test_bytes_that_are_not_tls_never_become_a_raw_tunnel(world: World, start: bytes) -> None:
    with world.tunnel("child", "adult.test", port=world.origin.plain_port) as raw:
        raw.sendall(start + f"GET / HTTP/1.1\r\nHost: adult.test:{world.origin.plain_port}\r\n\r\n".encode())
        assert CANARY not in everything(raw)
    assert not world.origin.asked


def test_plain_http_in_a_tunnel_is_refused(world: World) -> None:
    with world.tunnel("child", "kids.test", port=world.origin.plain_port) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nHost: kids.test:{world.origin.plain_port}\r\n\r\n".encode())
        assert raw.recv(12) == b"HTTP/1.1 400"
    assert not world.origin.asked


def test_an_unknown_application_protocol_is_not_tunnelled(world: World) -> None:
    received = b""
    with contextlib.suppress(OSError), world.tls("child", "adult.test", alpn=["imap"]) as secure:
        secure.sendall(b"a login x y\r\n")
        received = everything(secure)
    assert CANARY not in received
    assert not world.origin.asked


def test_tls_to_the_proxys_own_port_is_closed(world: World) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with world.raw("child") as raw, pytest.raises((ssl.SSLError, OSError)):
        context.wrap_socket(raw, server_hostname="kids.test")


def test_a_switch_to_another_protocol_is_refused(world: World) -> None:
    raw_switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\n" + CANARY
    world.origin.pages["kids.test", "/switch"] = Page(raw=raw_switch)
    with world.tls("child", "kids.test") as secure:
        host = f"kids.test:{world.origin.tls_port}"
        secure.sendall(f"GET /switch HTTP/1.1\r\nHost: {host}\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\n".encode())
        assert CANARY not in everything(secure)
    assert world.origin.asked[-1].all("upgrade") == []


def test_a_websocket_to_an_open_site_works(world: World) -> None:
    with world.tls("child", "kids.test") as secure:
        assert b" 101 " in open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        for text in (b"one", b"two"):
            send_text(secure, text)
            assert read_frame(secure) == text


def test_a_plain_websocket_through_a_tunnel_works(world: World) -> None:
    with world.tunnel("child", "kids.test", port=world.origin.plain_port) as raw:
        assert b" 101 " in open_websocket(raw, f"kids.test:{world.origin.plain_port}", "/echo")
        send_text(raw, b"one")
        assert read_frame(raw) == b"one"


def test_an_open_websocket_ends_when_its_person_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.edge.mitm.sockets._LOOK_AGAIN_SECONDS", 0.0)
    with world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        with world.ruled_by(None):
            send_text(secure, b"hello")
            with contextlib.suppress(OSError):
                assert read_frame(secure) == b""


def issuer_of(world: World, listener: str, host: str, sni: str) -> str:
    with world.tls(listener, host, sni=sni) as secure:
        certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    return str(certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def test_private_traffic_is_passed_through_unopened(world: World) -> None:
    assert issuer_of(world, "child", "bank.test", "bank.test") == "origin CA"
    assert issuer_of(world, "adult", "adult.test", "adult.test") == "origin CA"


def test_the_name_of_a_bank_does_not_open_a_door(world: World) -> None:
    assert issuer_of(world, "child", "adult.test", "bank.test") == "test CA"
    assert issuer_of(world, "child", "bank.test", "adult.test") == "test CA"
    with world.tls("child", "adult.test", sni="bank.test") as secure:
        secure.sendall(f"GET / HTTP/1.1\r\nHost: adult.test:{world.origin.tls_port}\r\n\r\n".encode())
        assert CANARY not in everything(secure)
    assert not world.origin.asked


def test_many_streams_share_one_connection_to_the_site(world: World) -> None:
    before = world.origin.connections
    with world.client("child", http2=True) as client:
        for _ in range(5):
            assert client.get(world.url("kids.test/")).http_version == "HTTP/2"
    assert world.origin.connections == before + 1


def test_a_site_whose_certificate_is_wrong_is_an_error_page(world: World) -> None:
    answer = world.get("child", "wrong.test/")
    assert answer.status_code == 502
    assert b"Welcome" not in answer.content
    assert not world.origin.asked
