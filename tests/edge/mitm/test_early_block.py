"""A label that forbids a page is enough: the rest is not waited for. Everything else needs the whole page."""

import time

import pytest

from gateway.decision.verdict import Reason
from tests.edge.mitm.origin import CANARY, RTA, Page
from tests.edge.mitm.world import World

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
META = b"<!doctype html><html><head><meta name=rating content=" + RTA + b"></head><body>" + CANARY


def refused(world: World, path: str, *, http2: bool = False) -> float:
    """Seconds until the page was refused for its label."""
    started = time.monotonic()
    answer = world.get("child", f"kids.test{path}", http2=http2)
    assert answer.status_code == 451
    assert CANARY not in answer.content
    assert world.written[-1][0].reason is Reason.LABEL
    return time.monotonic() - started


def test_a_header_that_forbids_is_enough(world: World) -> None:
    fields = b"Rating: " + RTA + b"\r\n\r\n"
    world.origin.pages["kids.test", "/header"] = Page(raw=HEAD + fields + CANARY, drip=(30.0, b""))
    assert refused(world, "/header") < 0.5


def test_the_first_bytes_of_a_long_page_are_enough(world: World) -> None:
    world.origin.pages["kids.test", "/long"] = Page(raw=HEAD + b"\r\n" + META + b"x" * 300_000, drip=(30.0, b""))
    assert refused(world, "/long") < 0.5


def test_a_page_that_drips_is_looked_at_after_a_while(world: World) -> None:
    world.origin.pages["kids.test", "/drip"] = Page(raw=HEAD + b"\r\n" + META, drip=(0.2, b"<p>"))
    assert 0.4 < refused(world, "/drip") < 1.5  # where the time for the whole page is


def test_over_http2_too(world: World) -> None:
    kind = {"Content-Type": "text/html"}
    world.origin.pages["kids.test", "/endless"] = Page(META, kind, drip=(0.0, b"x" * 16_384))
    refused(world, "/endless", http2=True)
    assert "Welcome" in world.get("child", "kids.test/", http2=True).text


def test_the_origin_is_not_asked_for_the_rest(world: World) -> None:
    raw, before = HEAD + b"\r\n" + META + b"x" * 300_000, world.origin.connections_open
    world.origin.pages["kids.test", "/long"] = Page(raw=raw, drip=(0.01, b"y" * 8_192))
    with world.client("child") as client:
        assert client.get(world.url("kids.test/long")).status_code == 451
        assert client.get(world.url("kids.test/")).status_code == 200
    time.sleep(0.3)
    assert world.origin.connections_open <= before


@pytest.mark.parametrize("place", ["0+ 6+ 12+ 16+ ", ""], ids=["legend", "alone"])
def test_a_visible_sign_is_weighed_with_the_whole_page(world: World, place: str) -> None:
    """What looks like 18+ at the cut may go on as a list of all marks."""
    start = b"<!doctype html><html lang=ru><body><p>" + "Чтение. ".encode() * 2_000
    body = start + b"<footer>18+ " + b" " * 20_000 + b"16+ 12+ 6+ 0+</footer>"
    world.origin.pages["kids.test", "/legend"] = Page(body)
    whole = world.get("child", "kids.test/legend").status_code
    dripped = Page(raw=HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    world.origin.pages["kids.test", "/legend"] = dripped
    assert world.get("child", "kids.test/legend").status_code == whole


@pytest.mark.parametrize("listener", ["child", "teen"])
def test_the_first_bytes_never_free_a_page(world: World, listener: str) -> None:
    low = b"<!doctype html><html><head><meta name=rating content=general></head><body>" + b"x" * 60_000
    world.origin.pages["kids.test", "/late"] = Page(low + META[15:])
    answer = world.get(listener, "kids.test/late")
    assert answer.status_code == 451
    assert CANARY not in answer.content


def test_an_adult_reads_while_it_comes(world: World) -> None:
    world.origin.pages["kids.test", "/drip"] = Page(raw=HEAD + b"\r\nfirst", drip=(0.3, b"more"))
    with world.client("adult") as client:
        started = time.monotonic()
        with client.stream("GET", world.url("http://kids.test/drip")) as answer:
            assert next(answer.iter_raw()).startswith(b"first")
        assert time.monotonic() - started < 1.0
