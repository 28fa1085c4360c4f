"""What an HTTP/2 client may do to the gateway's memory and time: slow readers, resets, chatter (RFC 9113, 10.5)."""

import asyncio
import contextlib
import struct
import time
from collections.abc import Iterator
from typing import Any

import h2.events
import psutil
import pytest

from tests.edge.mitm.origin import Page
from tests.edge.mitm.raw_http2 import Http2, frame, shove
from tests.edge.mitm.world import World

FILM = {"Content-Type": "video/mp4"}
PING, SETTINGS, WINDOW_UPDATE, PRIORITY = 6, 4, 8, 2
MOST_GROWTH = 40 << 20


@contextlib.contextmanager
def connected(world: World, host: str = "kids.test", *, window: int = 65_535) -> Iterator[Http2]:
    with world.tls("child", host, alpn=["h2"]) as secure:
        yield Http2(secure, f"{host}:{world.origin.tls_port}", window)


def memory() -> int:
    return psutil.Process().memory_info().rss


def test_a_client_that_asks_and_resets_without_end_is_left(world: World) -> None:
    world.origin.pages["kids.test", "/"] = Page(b"<!doctype html>", FILM)
    with connected(world) as client:
        try:
            for _ in range(20):
                for _ in range(50):
                    client.h2.reset_stream(client.ask("/", send=False))
                client.flush()
        except OSError:
            pass
        ends = [event for event in client.events(10) if isinstance(event, h2.events.ConnectionTerminated)]
    assert ends
    assert ends[0].error_code == 11  # ENHANCE_YOUR_CALM
    assert len(world.origin.asked) <= 250


def test_a_reader_who_changes_pages_often_is_no_attacker(world: World) -> None:
    with connected(world) as client:
        for _ in range(60):
            client.h2.reset_stream(client.ask("/", send=False))
        client.flush()
        number = client.ask("/")
        assert any(getattr(event, "stream_id", 0) == number for event in client.events())


@pytest.mark.parametrize(
    "flood",
    [
        frame(PING, b"12345678"),
        frame(SETTINGS, b""),
        frame(WINDOW_UPDATE, struct.pack(">I", 1)),
        frame(PRIORITY, struct.pack(">IB", 0, 1), 1),
        frame(99, b"unknown"),
    ],
    ids=["ping", "settings", "window-update", "priority", "unknown"],
)
def test_chatter_without_end_is_cut(world: World, flood: bytes) -> None:
    with connected(world) as client:
        client.events(0.3)
        shove(client.stream, flood * 100, 60)
        assert client.is_closed(10)


def test_the_chatter_of_a_long_download_is_fine(world: World) -> None:
    size = 6 << 20
    world.origin.pages["kids.test", "/film"] = Page(b"f" * size, FILM)
    with connected(world) as client:
        client.ask("/film")
        got, updates = 0, 0
        deadline = time.monotonic() + 20
        while got < size and time.monotonic() < deadline:
            for event in client.h2.receive_data(client.stream.recv(65_536)):
                if isinstance(event, h2.events.DataReceived) and event.data:
                    got += len(event.data)
                    # As the most talkative clients do: two updates for each frame.
                    client.h2.increment_flow_control_window(event.flow_controlled_length)
                    with contextlib.suppress(h2.exceptions.ProtocolError):
                        client.h2.increment_flow_control_window(event.flow_controlled_length, event.stream_id)
                    updates += 2
            client.flush()
    assert got == size
    assert updates > 500


def test_streams_are_counted(world: World) -> None:
    world.origin.pages["kids.test", "/slow"] = Page(raw=b"", drip=(30.0, b""))
    with connected(world) as client:
        client.events(0.3)
        for _ in range(101):
            # The client's library would hold itself back.
            client.h2.remote_settings.max_concurrent_streams = 1_000
            client.h2.remote_settings.acknowledge()
            client.ask("/slow", send=False)
        client.flush()
        assert client.is_closed(10)


def test_a_client_that_does_not_read_fills_no_memory(world: World) -> None:
    world.origin.pages["kids.test", "/film"] = Page(b"", FILM, drip=(0.0, b"f" * 65_536))
    with connected(world, window=0) as client:
        client.ask("/film")
        client.events(0.3)
        before = memory()
        time.sleep(1.5)
        assert memory() - before < MOST_GROWTH


@pytest.mark.parametrize("http2", [False, True])
def test_an_origin_does_not_go_on_while_its_page_is_judged(
    world: World, http2: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = world.gate.judge_unread

    async def slowly(*arguments: Any) -> Any:
        await asyncio.sleep(1.5)
        return await judge(*arguments)

    monkeypatch.setattr(world.gate, "judge_unread", slowly)
    kind = {"Content-Type": "text/html"}
    world.origin.pages["kids.test", "/endless"] = Page(b"<html>", kind, drip=(0.0, b"f" * 65_536))
    before = memory()
    assert world.get("child", "kids.test/endless", http2=http2).status_code >= 400
    assert memory() - before < MOST_GROWTH


def test_what_was_held_back_comes_when_the_client_reads(world: World) -> None:
    body = bytes(range(256)) * (12 << 12)  # 12 MiB
    world.origin.pages["kids.test", "/film"] = Page(body, FILM)
    with connected(world, window=0) as client:
        number = client.ask("/film")
        client.events(0.5)
        client.h2.increment_flow_control_window(32 << 20)
        client.h2.increment_flow_control_window(32 << 20, number)
        client.flush()
        got = bytearray()
        client.stream.settimeout(10)
        while len(got) < len(body):
            for event in client.h2.receive_data(client.stream.recv(65_536)):
                if isinstance(event, h2.events.DataReceived):
                    got += event.data
    assert got == body


@pytest.mark.parametrize("http2", [False, True])
def test_a_long_stream_leaves_no_trace(world: World, http2: bool) -> None:
    size = 60 << 20
    page = Page(b"f" * size, FILM)
    world.origin.pages["kids.test", "/film"] = page
    with world.client("child", http2=http2) as client, client.stream("GET", world.url("kids.test/film")) as answer:
        chunks = answer.iter_raw()
        got = len(next(chunks))
        before, most = memory(), 0
        for chunk in chunks:
            got += len(chunk)
            most = max(most, memory())
    assert got == size
    assert most - before < MOST_GROWTH


def test_a_huge_head_is_no_request(world: World) -> None:
    with connected(world) as client:
        number = client.h2.get_next_available_stream_id()
        fields = [(":method", "GET"), (":scheme", "https"), (":authority", client.host), (":path", "/")]
        client.h2.send_headers(number, [*fields, *((f"x-{n}", "y" * 4_000) for n in range(40))], end_stream=True)
        client.flush()
        assert client.is_closed(10)
    assert not world.origin.asked
