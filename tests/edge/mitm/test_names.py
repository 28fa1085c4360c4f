"""One name for one request, told by raw bytes: CONNECT target, SNI, Host, `:authority` and target must agree."""

import ssl

import h2.config
import h2.connection
import h2.events
import pytest

from tests.edge.mitm.origin import CANARY
from tests.edge.mitm.world import World, everything


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


def in_tunnel(world: World, request: str, *, sni: str | None = None, host: str = "kids.test") -> bytes:
    with world.tls("child", host, sni=sni) as secure:
        secure.sendall(request.replace("PORT", str(world.origin.tls_port)).encode("latin-1"))
        return everything(secure)


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        ("GET / HTTP/1.1\r\nHost: adult.test:PORT\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: kids.test\r\n\r\n", 421),  # another port is another place
        ("GET https://adult.test:PORT/ HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", 400),
        ("GET https://kids.test:PORT/ HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: kids.test:PORT\r\nHost: adult.test:PORT\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: kids.test:PORT, adult.test:PORT\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: adult.test@kids.test:PORT\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: kids.test:PORT/\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("TRACE / HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", 400),
        ("GET /#x HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", 400),
    ],
)
def test_names_that_disagree_or_are_malformed_are_refused(world: World, request_head: str, status: int) -> None:
    answer = in_tunnel(world, request_head)
    assert status_of(answer) == status
    assert b"Welcome" not in answer
    assert CANARY not in answer
    assert not world.origin.asked


@pytest.mark.parametrize("host", ["KIDS.test:PORT", "kids.test.:PORT", "kids%2Etest:PORT", "kids\u3002test:PORT"])
def test_spellings_of_the_same_name_are_one_name(world: World, host: str) -> None:
    request = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode().decode("latin-1")
    assert b"Welcome" in in_tunnel(world, request)
    assert world.origin.asked[-1].all("host") == [f"kids.test:{world.origin.tls_port}"]
    assert world.origin.asked[-1].target == "/"


def test_another_sni_than_the_target_is_refused(world: World) -> None:
    request = "GET / HTTP/1.1\r\nHost: kids.test:PORT\r\nConnection: close\r\n\r\n"
    assert status_of(in_tunnel(world, request, sni="adult.test")) == 421
    assert not world.origin.asked


def test_the_connect_target_may_be_spelt_in_many_ways(world: World) -> None:
    answer = in_tunnel(world, "GET / HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", host="KIDS.TEST.", sni="kids.test")
    assert b"Welcome" in answer


@pytest.mark.parametrize(
    ("fields", "fine"),
    [
        ([(":authority", "kids.test:PORT"), (":path", "/")], True),
        ([(":authority", "adult.test:PORT"), (":path", "/")], False),
        ([(":authority", "kids.test:PORT"), (":path", "https://adult.test/")], False),
        ([(":authority", "kids.test:PORT"), (":path", "adult")], False),
        ([(":authority", "kids.test:PORT"), (":path", "/"), ("host", "adult.test")], False),
    ],
)
def test_http2_names_agree_as_well(world: World, fields: list[tuple[str, str]], fine: bool) -> None:
    with world.tls("child", "kids.test", alpn=["h2"]) as secure:
        connection = h2.connection.H2Connection(
            h2.config.H2Configuration(header_encoding="utf-8", validate_outbound_headers=False)
        )
        connection.initiate_connection()
        sent = [(name, value.replace("PORT", str(world.origin.tls_port))) for name, value in fields]
        connection.send_headers(1, [(":method", "GET"), (":scheme", "https"), *sent], end_stream=True)
        secure.sendall(connection.data_to_send())
        received = _h2_body(secure, connection)
    assert (b"Welcome" in received) is fine
    assert bool(world.origin.asked) is fine


def _h2_body(secure: ssl.SSLSocket, connection: h2.connection.H2Connection) -> bytes:
    secure.settimeout(5)
    body = b""
    while data := secure.recv(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.DataReceived):
                body += event.data
            if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset | h2.events.ConnectionTerminated):
                return body
        secure.sendall(connection.data_to_send())
    return body


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        ("GET http://kids.test:PORT/ HTTP/1.1\r\nHost: adult.test:PORT\r\n\r\n", 421),
        ("GET http://adult.test@kids.test:PORT/ HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", 400),
        ("GET https://kids.test:TLS/ HTTP/1.1\r\nHost: kids.test:TLS\r\n\r\n", 400),
        ("GET ftp://kids.test:PORT/ HTTP/1.1\r\nHost: kids.test:PORT\r\n\r\n", 400),
        ("GET http://kids.test:22/ HTTP/1.1\r\nHost: kids.test:22\r\n\r\n", 403),
    ],
)
def test_plain_requests_have_one_name_too(world: World, request_head: str, status: int) -> None:
    ports = request_head.replace("PORT", str(world.origin.plain_port)).replace("TLS", str(world.origin.tls_port))
    with world.raw("child") as raw:
        raw.sendall(ports.encode())
        answer = everything(raw)
    assert status_of(answer) == status
    assert not world.origin.asked


def test_identity_that_a_client_claims_is_dropped(world: World) -> None:
    world.get("child", "kids.test/", x_forwarded_for="10.0.0.1", forwarded="for=1.2.3.4", x_user_age="30", via="1.1 me")
    names = {name.lower() for name, _ in world.origin.asked[-1].headers}
    assert names.isdisjoint({"x-forwarded-for", "forwarded", "x-user-age", "via", "proxy-authorization", "te"})


def test_codings_are_narrowed_and_conditions_removed(world: World) -> None:
    world.get(
        "child", "kids.test/", accept_encoding="gzip;q=1.0, dcb, br;q=0, sdch", if_none_match='"x"', range="bytes=0-9"
    )
    asked = world.origin.asked[-1]
    assert asked.all("accept-encoding") == ["gzip"]
    assert asked.all("if-none-match") == asked.all("range") == []


def test_a_picture_keeps_its_conditions(world: World) -> None:
    world.get("child", "kids.test/picture.png", sec_fetch_dest="image", range="bytes=0-9")
    assert world.origin.asked[-1].all("range") == ["bytes=0-9"]


def test_a_field_named_in_connection_cannot_take_the_framing_away(world: World) -> None:
    head = "POST / HTTP/1.1\r\nHost: kids.test:PORT\r\nConnection: content-length, host, close\r\n"
    request = head + "Content-Length: 5\r\n\r\nhello"
    assert b"Welcome" in in_tunnel(world, request)
    assert world.origin.asked[-1].body == b"hello"
