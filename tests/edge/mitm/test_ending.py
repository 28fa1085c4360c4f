"""A connection that has ended is gone at once, without the cyclic collector, which would stop the event loop."""

import contextlib
import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from mitmproxy.connection import Connection
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.layer import Layer
from mitmproxy.proxy.server import ConnectionHandler

from tests.edge.mitm.world import World, everything


def alive() -> list[object]:
    kinds = (Layer, ConnectionHandler, Connection, HTTPFlow)
    return [each for each in gc.get_objects() if isinstance(each, kinds)]


@contextlib.contextmanager
def leaving_nothing() -> Iterator[None]:
    gc.collect()
    before = {id(each) for each in alive()}
    gc.disable()
    try:
        yield
        until = time.monotonic() + 5
        while (left := [each for each in alive() if id(each) not in before]) and time.monotonic() < until:
            del left
            time.sleep(0.05)
        assert not left, Counter(type(each).__name__ for each in left)
    finally:
        gc.enable()


def opened(world: World) -> None:
    assert world.get("child", "kids.test/").status_code == 200


def over_http2(world: World) -> None:
    with world.client("child", http2=True) as client:
        for path in ("kids.test/", "kids.test/picture.png", "kids.test/away"):
            client.get(world.url(path))


def plain(world: World) -> None:
    assert world.get("child", "http://kids.test/").status_code == 200


def passed(world: World) -> None:
    assert world.get("child", "bank.test/").status_code == 404


def refused(world: World) -> None:
    assert world.get("child", "adult.test/").status_code == 451


def broken_off(world: World) -> None:
    """In the middle of the handshake, of a head, of a body."""
    with world.tunnel("child", "kids.test") as raw:
        raw.sendall(b"\x16\x03\x01\x00\x05")
    with world.raw("child") as raw:
        raw.sendall(b"GET http://kids.te")
    with world.tls("child", "kids.test") as secure:
        secure.sendall(b"POST / HTTP/1.1\r\nHost: kids.test\r\nContent-Length: 100\r\n\r\nhalf")


def no_tls(world: World) -> None:
    with world.tunnel("child", "kids.test") as raw:
        raw.sendall(b"SSH-2.0-hello\r\n")
        everything(raw)


@pytest.mark.parametrize("visit", [opened, over_http2, plain, passed, refused, broken_off, no_tls])
def test_nothing_is_left(world: World, visit: Callable[[World], None]) -> None:
    visit(world)  # what is kept for later visits is kept now
    with leaving_nothing():
        visit(world)
