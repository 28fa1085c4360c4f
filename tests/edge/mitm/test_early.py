"""What is passed unread is passed at its ClientHello, by one look; everything else takes the way through the layers."""

import contextlib
import ssl
import time

import pytest
from mitmproxy.proxy.layers import ClientTLSLayer

from gateway.edge.mitm.early import PassedEarly
from tests.edge.mitm.taught import issuer
from tests.edge.mitm.world import World, everything


class Made:
    """Counts the layers that are made."""

    def __init__(self) -> None:
        self.passing = self.opening = 0


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    counted = Made()
    for kind, name in ((PassedEarly, "passing"), (ClientTLSLayer, "opening")):
        before = kind.__init__

        def counting(self: object, *arguments: object, _before: object = before, _name: str = name) -> None:
            setattr(counted, _name, getattr(counted, _name) + 1)
            _before(self, *arguments)  # type: ignore[operator]

        monkeypatch.setattr(kind, "__init__", counting)
    return counted


def looks(world: World, sight: str) -> float:
    return world.gate.counters.registry.get_sample_value("qorgan_connections_total", {"sight": sight}) or 0.0


def first_flight(name: str) -> bytes:
    sent = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name).do_handshake()
    return sent.read()


def test_a_private_host_is_passed_by_one_look(world: World, made: Made) -> None:
    before = looks(world, "pass")
    assert issuer(world, "child", "bank.test") == "origin CA"
    assert (made.passing, made.opening, looks(world, "pass") - before) == (1, 0, 1)


def test_so_it_is_where_the_connect_was_odd(world: World, made: Made) -> None:
    before = looks(world, "pass")
    with world.tunnel("child", "bank.test", long_way=True) as raw:
        raw.sendall(first_flight("bank.test"))
        assert raw.recv(3) in (b"\x16\x03\x03", b"\x16\x03\x01")
    assert (made.passing, made.opening, looks(world, "pass") - before) == (1, 0, 1)


def test_one_that_is_opened_is_asked_about_once(world: World, made: Made) -> None:
    before = looks(world, "look")
    assert world.get("child", "kids.test/").status_code == 200
    assert (made.passing, made.opening, looks(world, "look") - before) == (0, 1, 1)


def test_one_that_is_refused_is_asked_about_once(world: World, made: Made) -> None:
    before = looks(world, "refuse")
    assert world.get("child", "adult.test/").status_code in (403, 451)
    assert (made.passing, made.opening) == (0, 1)
    assert looks(world, "refuse") - before <= 1


def test_in_pieces_it_takes_the_long_way_and_is_passed_all_the_same(world: World, made: Made) -> None:
    flight = first_flight("bank.test")
    with world.tunnel("child", "bank.test") as raw:
        for start in range(0, len(flight), 100):
            raw.sendall(flight[start : start + 100])
            time.sleep(0.02)
        assert raw.recv(3) in (b"\x16\x03\x03", b"\x16\x03\x01")
    assert (made.passing, made.opening) == (0, 1)


def test_the_name_of_a_passed_host_opens_no_other_tunnel(world: World, made: Made) -> None:
    assert issuer(world, "child", "kids.test", sni="bank.test") == "test CA"
    assert issuer(world, "child", "bank.test", sni="kids.test") == "test CA"
    assert made.passing == 0


@pytest.mark.parametrize(
    ("point", "long_way"),
    [("plain_hello", False), ("judge_host", False), ("next_layer", True), ("judge_host", True)],
)
def test_where_the_look_fails_nothing_passes(world: World, made: Made, point: str, long_way: bool) -> None:
    asked = len(world.origin.asked)
    with world.tunnel("child", "bank.test", long_way=long_way) as raw, world.fault_at(point):
        raw.sendall(first_flight("bank.test"))
        raw.settimeout(2)
        with contextlib.suppress(TimeoutError):
            everything(raw)
    assert made.passing == 0
    assert len(world.origin.asked) == asked


def test_one_that_is_passed_ends_on_both_sides(world: World, made: Made) -> None:
    with world.tls("child", "bank.test") as secure:
        secure.sendall(
            f"GET / HTTP/1.1\r\nHost: bank.test:{world.origin.tls_port}\r\nConnection: close\r\n\r\n".encode()
        )
        assert everything(secure).startswith(b"HTTP/1.1 404")
    assert made.passing == 1
