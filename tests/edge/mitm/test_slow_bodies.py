"""Bodies of requests that come too slowly: 408 or a reset, whatever is done with the body. The time here is 1 s."""

import time

import h2.events
import pytest

from tests.edge.mitm.origin import Page
from tests.edge.mitm.raw_http2 import Http2
from tests.edge.mitm.test_bounds import closed_after
from tests.edge.mitm.world import World, everything

FORM = "application/x-www-form-urlencoded"
FILE = "application/octet-stream"


def counted(world: World) -> float:
    found = world.gate.counters.registry.get_sample_value("qorgan_closed_connections_total", {"why": "slow body"})
    return found or 0.0


def head(world: World, kind: str, *, length: int) -> bytes:
    host = f"kids.test:{world.origin.tls_port}"
    return f"POST /up HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


def reset_after(client: Http2) -> list[h2.events.Event]:
    """All that comes until the stream is reset; fails when it is not."""
    seen: list[h2.events.Event] = []
    until = time.monotonic() + 4.0
    while not any(isinstance(event, h2.events.StreamReset) for event in seen):
        assert time.monotonic() < until
        seen += client.events(0.1)
    return seen


@pytest.mark.parametrize(("kind", "length", "asked"), [(FORM, 500, 0), (FILE, 500, 0), (FILE, 5_000_000, 1)])
def test_a_body_that_drips_is_answered_with_408(bounded_world: World, kind: str, length: int, asked: int) -> None:
    """Waited for as a form, collected, and passed on as it comes."""
    before = counted(bounded_world)
    with bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, kind, length=length) + b"a=")
        time.sleep(0.3)
        secure.sendall(b"b")
        answer = everything(secure)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"connection: close" in answer.lower()
        closed_after(secure, 1.0)
    assert len(bounded_world.origin.asked) == asked
    assert counted(bounded_world) == before + 1


@pytest.mark.parametrize(("kind", "length"), [(FORM, 500), (FILE, 5_000_000)])
def test_a_body_that_drips_over_http2_is_answered_too(bounded_world: World, kind: str, length: int) -> None:
    before = counted(bounded_world)
    with bounded_world.tls("child", "kids.test", alpn=["h2"]) as secure:
        host = f"kids.test:{bounded_world.origin.tls_port}"
        client = Http2(secure, host)
        fields = {":method": "POST", ":scheme": "https", ":authority": host, ":path": "/up"}
        client.h2.send_headers(1, [*fields.items(), ("content-type", kind), ("content-length", str(length))])
        client.h2.send_data(1, b"a=")
        client.flush()
        seen = reset_after(client)
        status = [dict(event.headers)[":status"] for event in seen if isinstance(event, h2.events.ResponseReceived)]
        assert status == ["408"]
        number = client.ask("/")
        ended = [event for event in client.events(0.5) if isinstance(event, h2.events.StreamEnded)]
        assert [event.stream_id for event in ended] == [number]  # the others on the connection go on
    assert counted(bounded_world) == before + 1


def test_a_refused_upload_is_not_waited_for_either(bounded_world: World) -> None:
    with bounded_world.ruled_by(None), bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, FILE, length=5_000_000))
        started = time.monotonic()
        assert secure.recv(12) == b"HTTP/1.1 403"  # at its head
        assert time.monotonic() - started < 0.9
        secure.sendall(b"x" * 2_000)  # which buys no time
        closed_after(secure, 2.5)
    assert not bounded_world.origin.asked


def test_a_body_that_is_only_slow_arrives(bounded_world: World) -> None:
    """Twice the least rate, for longer than the time that a body may be behind."""
    bounded_world.origin.pages["kids.test", "/up"] = Page(b"<!doctype html>thanks")
    with bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, FILE, length=4_000))
        for _ in range(8):
            time.sleep(0.2)
            secure.sendall(b"x" * 500)
        assert b"thanks" in everything(secure)
    assert bounded_world.origin.asked[-1].body == b"x" * 4_000
