"""How many may come, how long they may take for a head, how much is held for all of them together."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from gateway.edge.mitm.uploads import Upload
from tests.edge.mitm.origin import CANARY, Page
from tests.edge.mitm.raw_http2 import Http2, frame, shove
from tests.edge.mitm.world import World, everything

HELLO_BEGUN = b"\x16\x03\x01\x02\x00\x01"


def closed_after(raw: object, seconds: float) -> float:
    """How long it took until the peer closed; fails when it did not."""
    started = time.monotonic()
    raw.settimeout(seconds)
    with contextlib.suppress(OSError):
        while raw.recv(4_096):
            pass
    taken = time.monotonic() - started
    assert taken < seconds, "it was not closed"
    return taken


@pytest.mark.parametrize(
    "begun", [b"", b"\r\n", b"GET http://kids.test/ HTTP/1.1\r\nHost:", b"CONNECT kids", HELLO_BEGUN]
)
def test_a_client_must_say_what_it_wants(bounded_world: World, begun: bytes) -> None:
    with bounded_world.raw("child") as raw:
        raw.sendall(begun)
        assert closed_after(raw, 4.0) >= (0.0 if begun == HELLO_BEGUN else 0.5)


def test_a_head_byte_by_byte_is_cut(bounded_world: World) -> None:
    with bounded_world.raw("child") as raw:
        started = time.monotonic()
        with contextlib.suppress(OSError):
            for byte in b"GET http://kids.test/ HTTP/1.1\r\n" + b"X" * 100:
                raw.sendall(bytes([byte]))
                time.sleep(0.1)
        assert time.monotonic() - started < 4.0


def test_a_handshake_must_end_in_time(bounded_world: World) -> None:
    with bounded_world.tunnel("child", "kids.test") as raw:
        raw.sendall(HELLO_BEGUN)
        closed_after(raw, 4.0)


def test_a_head_of_http2_must_end_in_time(bounded_world: World) -> None:
    with bounded_world.tls("child", "kids.test", alpn=["h2"]) as secure:
        client = Http2(secure, "kids.test")
        client.events(0.3)
        secure.sendall(frame(1, b"\x82")[:5])
        started = time.monotonic()
        assert client.is_closed(5.0)
        assert time.monotonic() - started < 4.0


def test_a_second_head_must_end_in_time_too(bounded_world: World) -> None:
    with bounded_world.tls("child", "kids.test") as secure:
        host = f"Host: kids.test:{bounded_world.origin.tls_port}\r\n\r\n".encode()
        secure.sendall(b"GET / HTTP/1.1\r\n" + host)
        assert b"Welcome" in everything(secure)
        secure.sendall(b"GET / HTTP/1.1\r\nHo")
        closed_after(secure, 4.0)


def test_who_asks_for_nothing_may_stay(bounded_world: World) -> None:
    with bounded_world.client("child") as client:
        assert client.get(bounded_world.url("kids.test/")).status_code == 200
        connections = bounded_world.origin.connections
        time.sleep(1.8)
        assert client.get(bounded_world.url("kids.test/")).status_code == 200
        assert bounded_world.origin.connections == connections


@pytest.mark.parametrize("host", ["kids.test", "bank.test"])
def test_a_client_that_does_not_read_stops_the_origin(bounded_world: World, host: str) -> None:
    """Opened, and passed through unread."""
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"
    bounded_world.origin.pages[host, "/film"] = Page(raw=raw, drip=(0.0, b"f" * 65_536))
    with bounded_world.tls("child", host) as secure:
        port = bounded_world.origin.tls_port
        secure.sendall(f"GET /film HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        time.sleep(0.3)
        before = psutil.Process().memory_info().rss
        time.sleep(1.0)
        assert psutil.Process().memory_info().rss - before < 40 << 20
        secure.settimeout(5)
        got = 0
        while got < 8 << 20:  # and it goes on when he reads
            got += len(secure.recv(65_536))


def test_one_client_has_so_many_connections(bounded_world: World) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(bounded_world.raw("child"))
        with bounded_world.raw("child") as one_more:
            closed_after(one_more, 10.0)
        counted = bounded_world.gate.counters.registry.get_sample_value(
            "qorgan_closed_connections_total", {"why": "connections"}
        )
        assert counted is not None
        assert counted >= 1.0
    assert comes_in_again(bounded_world)


def comes_in_again(world: World) -> bool:
    """The gateway learns a moment later that connections were closed."""
    for _ in range(100):
        with contextlib.suppress(httpx.HTTPError):
            if world.get("child", "kids.test/").status_code == 200:
                return True
        time.sleep(0.1)
    return False


def test_one_client_asks_for_so_many_hosts(bounded_world: World) -> None:
    def connect(host: str) -> bytes:
        with bounded_world.raw("child") as raw:
            raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            return everything(raw)[:12]

    answers = [connect(f"n{number}.nowhere.test") for number in range(25)]
    assert answers[-1] == b"HTTP/1.1 429"
    assert bounded_world.get("child", "kids.test/").status_code == 200  # known from the tests before
    assert len([answer for answer in answers if answer != b"HTTP/1.1 429"]) <= 20


def test_one_client_makes_up_so_many_names(bounded_world: World) -> None:
    """Each TLS name costs a leaf, whatever host the tunnel is for."""

    def is_served(name: str) -> bool:
        with contextlib.suppress(OSError), bounded_world.tls("teen", "kids.test", sni=name):
            return True
        return False

    served = [is_served(f"made-up-{number}.test") for number in range(25)]
    assert sum(served) <= 20
    assert not served[-1]


def test_what_comes_before_the_answer_is_bounded(bounded_world: World) -> None:
    bounded_world.origin.pages["kids.test", "/late"] = Page(raw=b"", drip=(30.0, b""))
    with bounded_world.tls("child", "kids.test") as secure:
        host = f"Host: kids.test:{bounded_world.origin.tls_port}\r\n\r\n".encode()
        secure.sendall(b"GET /late HTTP/1.1\r\n" + host)
        assert not shove(secure, b"x" * 65_536, 200)


def test_all_pages_together_are_held_up_to_a_limit(bounded_world: World) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    bounded_world.origin.pages["kids.test", "/much"] = Page(raw=head + CANARY + b"x" * 120_000, drip=(30.0, b""))

    def get(_: int) -> httpx.Response:
        return bounded_world.get("child", "kids.test/much")

    started = time.monotonic()
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(get, range(3)))
    assert all(answer.status_code >= 400 and CANARY not in answer.content for answer in answers)
    details = [verdict.detail for verdict, _ in bounded_world.written]
    assert time.monotonic() - started < 8.0
    assert Upload.in_all <= 400_000
    assert details
