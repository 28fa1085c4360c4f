"""What leads around the gateway: resolvers over HTTPS, other protocols for a host, workers, endless WebSockets."""

import ssl

import h2.config
import h2.connection
import h2.events
import pytest

from tests.edge.mitm.origin import CANARY, Page
from tests.edge.mitm.world import POLICY, World, everything, ruling_of

DNS = "application/dns-message"


@pytest.mark.parametrize("kind", [DNS, "application/dns-json", "Application/DNS-Message;q=0.9"])
def test_a_lookup_over_https_is_refused_at_any_host(world: World, kind: str) -> None:
    assert world.get("teen", "blog.test/dns-query?dns=AAAB", accept=f"text/html, {kind}").status_code == 403
    with world.client("teen") as client:
        answer = client.post(world.url("blog.test/dns-query"), content=b"x", headers={"Content-Type": kind})
    assert answer.status_code == 403
    assert not world.origin.asked


def test_the_answer_of_a_resolver_is_refused_too(world: World) -> None:
    world.origin.pages["blog.test", "/quiet"] = Page(CANARY, {"Content-Type": DNS})
    answer = world.get("teen", "blog.test/quiet")
    assert answer.status_code == 403
    assert CANARY not in answer.content


def test_where_no_rule_speaks_of_resolvers_they_pass(world: World) -> None:
    world.origin.pages["blog.test", "/dns-query"] = Page(b"x", {"Content-Type": DNS})
    with world.ruled_by(ruling_of(POLICY + "without: encrypted-dns\n")):
        assert world.get("teen", "blog.test/dns-query", accept=DNS).status_code == 200


@pytest.mark.parametrize("name", ["Alt-Svc", "alternate-protocol"])
@pytest.mark.parametrize("http2", [False, True])
def test_no_other_protocol_is_told(world: World, name: str, http2: bool) -> None:
    world.origin.pages["kids.test", "/alt"] = Page(
        b"<!doctype html>x", {"Content-Type": "text/html", name: 'h3=":443"'}
    )
    assert name.lower() not in world.get("child", "kids.test/alt", http2=http2).headers


def test_an_altsvc_frame_ends_here(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """RFC 7838, section 4, sent by a raw HTTP/2 origin before and after its response."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(world.folder / "origin.pem")
    context.set_alpn_protocols(["h2"])

    async def serve(reader: object, writer: object) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())  # type: ignore[attr-defined]
        while data := await reader.read(65_536):  # type: ignore[attr-defined]
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    connection.advertise_alternative_service(b'h3=":443"', stream_id=event.stream_id)
                    connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/html")])
                    connection.send_data(event.stream_id, b"<!doctype html>Welcome", end_stream=True)
                    connection.advertise_alternative_service(b'h3=":443"', origin=b"https://kids.test")
            writer.write(connection.data_to_send())  # type: ignore[attr-defined]

    before = world.origin._serve_h2
    world.origin._serve_h2 = serve  # type: ignore[method-assign, assignment]
    try:
        with world.tls("child", "kids.test", alpn=["h2"]) as secure:
            client = h2.connection.H2Connection()
            client.initiate_connection()
            place = f"kids.test:{world.origin.tls_port}"
            client.send_headers(
                1, [(":method", "GET"), (":scheme", "https"), (":authority", place), (":path", "/")], end_stream=True
            )
            secure.sendall(client.data_to_send())
            seen = client.receive_data(everything(secure))
    finally:
        world.origin._serve_h2 = before  # type: ignore[method-assign]
    assert b"Welcome" in b"".join(event.data for event in seen if isinstance(event, h2.events.DataReceived))
    assert not [event for event in seen if isinstance(event, h2.events.AlternativeServiceAvailable)]


def test_http2_without_tls_is_not_begun(world: World) -> None:
    """RFC 9113, section 3.3 and RFC 7540, section 3.2: prior knowledge, and the upgrade to h2c."""
    with world.raw("child") as raw:
        raw.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        assert not everything(raw).startswith(b"\0")
    with world.raw("child") as raw:
        place = f"kids.test:{world.origin.plain_port}"
        raw.sendall(
            f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n".encode()
        )
        assert b"Welcome" in everything(raw)
    names = {name.lower() for name, _ in world.origin.asked[-1].headers}
    assert names.isdisjoint({"upgrade", "http2-settings"})


WORKER = {"service_worker": "script", "sec_fetch_dest": "serviceworker", "sec_fetch_mode": "same-origin"}
STRICT = POLICY + "stances: {unlabelled: {0: block, 12: allow}}\n"


def test_a_worker_of_an_unlabelled_site_is_refused_to_the_young(world: World) -> None:
    world.origin.pages["blog.test", "/sw.js"] = Page(
        b"self.onfetch = 1 //" + CANARY, {"Content-Type": "text/javascript"}
    )
    with world.ruled_by(ruling_of(STRICT)):
        for headers in (WORKER, {"service_worker": "script"}, {"sec_fetch_dest": "serviceworker"}):
            answer = world.get("child", "blog.test/sw.js", **headers)
            assert answer.status_code == 403
            assert CANARY not in answer.content
        assert world.get("teen", "blog.test/sw.js", **WORKER).status_code == 200
        assert world.get("child", "blog.test/sw.js", sec_fetch_dest="script").status_code == 200


def test_a_worker_is_asked_for_whole(world: World) -> None:
    world.get("child", "blog.test/sw.js", **WORKER, if_none_match='"1"')
    assert world.origin.asked[-1].all("if-none-match") == []


def test_a_websocket_offers_no_packing(world: World) -> None:
    place = f"kids.test:{world.origin.tls_port}"
    head = (
        f"GET /echo HTTP/1.1\r\nHost: {place}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with world.tls("child", "kids.test") as secure:
        secure.sendall(head.encode())
        assert b" 101 " in secure.recv(4096)
    assert world.origin.asked[-1].all("sec-websocket-extensions") == []
