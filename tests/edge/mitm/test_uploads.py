"""What is collected of requests counts with all that is held: 300,000 bytes here."""

import time
from collections.abc import Callable

import pytest

from gateway.edge.mitm.uploads import Upload
from tests.edge.mitm.origin import Page
from tests.edge.mitm.test_slow_bodies import FILE, FORM, head
from tests.edge.mitm.world import POLICY, World, everything, ruling_of

HOST = "  - {host: kids.test, kind: social-network, source: test}\n"
WITH = f"packs: [kz/169-vi, kz/draft-18-viii-10-1]\n{POLICY}{HOST}"


def comes(holds: Callable[[], bool], seconds: float = 0.8) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_what_is_collected_counts(bounded_world: World) -> None:
    bounded_world.origin.pages["kids.test", "/up"] = Page(b"<!doctype html>thanks")
    before = Upload.in_all
    with bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, FILE, length=100_000) + b"x" * 90_000)
        assert comes(lambda: Upload.in_all == before + 90_000)
        assert not bounded_world.origin.asked
        secure.sendall(b"x" * 10_000)
        assert b"thanks" in everything(secure)
    assert comes(lambda: Upload.in_all == before)
    assert len(bounded_world.origin.asked[-1].body) == 100_000


def test_what_finds_no_room_passes_as_it_comes(bounded_world: World) -> None:
    bounded_world.origin.pages["kids.test", "/up"] = Page(b"<!doctype html>thanks")
    before, body = Upload.in_all, bytes(range(256)) * 900
    with bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, FILE, length=len(body)) + body[:160_000])
        assert comes(lambda: Upload.in_all == before and bool(bounded_world.origin.connections_open))
        secure.sendall(body[160_000:])
        assert b"thanks" in everything(secure)
    assert bounded_world.origin.asked[-1].body == body
    assert comes(lambda: Upload.in_all == before)


def test_a_client_that_leaves_takes_its_bytes_with_it(bounded_world: World) -> None:
    before = Upload.in_all
    with bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, FILE, length=100_000) + b"x" * 90_000)
        assert comes(lambda: Upload.in_all > before)
    assert comes(lambda: Upload.in_all == before, 5.0)


def test_a_form_that_finds_no_room_is_refused(bounded_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Upload, "most_in_all", Upload.in_all + 1_000)
    with bounded_world.ruled_by(ruling_of(WITH)), bounded_world.tls("child", "kids.test") as secure:
        secure.sendall(head(bounded_world, FORM, length=5_000) + b"a=" + b"x" * 2_000)
        assert everything(secure).startswith(b"HTTP/1.1 503 ")
    assert not bounded_world.origin.asked
    why = {"why": "upload memory"}
    assert bounded_world.gate.counters.registry.get_sample_value("qorgan_closed_connections_total", why) == 1
