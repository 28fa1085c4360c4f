"""What is held, for how long and how much; what streams; and what a hostile origin tries."""

import gzip
import time
import zlib

import brotli
import httpx
import pytest

from gateway.decision.verdict import Reason
from tests.edge.mitm.origin import CANARY, RTA, Page
from tests.edge.mitm.world import World, everything

RATED = b"<!doctype html><html><head><meta name=rating content=" + RTA + b"></head><body>" + CANARY * 50
HTML = "text/html"


def test_a_document_beyond_the_cap_is_unreadable(world: World) -> None:
    world.origin.pages["kids.test", "/huge"] = Page(CANARY + b"x" * 2_000_000)
    answer = world.get("child", "kids.test/huge")
    assert answer.status_code >= 400
    assert CANARY not in answer.content
    assert world.written[-1][0].reason is Reason.UNREADABLE


def test_the_cap_holds_without_a_declared_length(world: World) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    world.origin.pages["kids.test", "/endless"] = Page(raw=head, drip=(0.0, CANARY + b"x" * 60_000))
    answer = world.get("child", "kids.test/endless")
    assert answer.status_code >= 400
    assert CANARY not in answer.content


@pytest.mark.parametrize("kind", ["text/html", None])
def test_an_origin_that_drips_is_decided_by_time(world: World, kind: str | None) -> None:
    field = b"Content-Type: text/html\r\n" if kind else b""
    head = b"HTTP/1.1 200 OK\r\n" + field + b"\r\n<html>" + CANARY
    world.origin.pages["kids.test", "/drip"] = Page(raw=head, drip=(0.1, b"<p>"))
    started = time.monotonic()
    answer = world.get("child", "kids.test/drip")
    assert 1.0 < time.monotonic() - started < 6.0
    assert answer.status_code >= 400
    assert CANARY not in answer.content
    assert world.written[-1][0].reason is Reason.UNREADABLE


def test_a_page_without_a_first_byte_is_decided_by_time_too(world: World) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n"
    world.origin.pages["kids.test", "/silent"] = Page(raw=head, drip=(30.0, b""))
    assert world.get("child", "kids.test/silent").status_code >= 400


def test_what_is_no_document_streams_while_it_comes(world: World) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\nfirst"
    world.origin.pages["kids.test", "/film"] = Page(raw=head, drip=(0.2, b"more"))
    with world.client("child") as client, client.stream("GET", world.url("kids.test/film")) as answer:
        chunks = answer.iter_raw()
        assert next(chunks).startswith(b"first")
        assert next(chunks).startswith(b"more")


def test_bytes_without_a_type_stream_when_they_are_no_document(world: World) -> None:
    world.origin.pages["kids.test", "/blob"] = Page(b"\x89PNG\r\n\x1a\n" + b"p" * 500_000, {})
    assert len(world.get("child", "kids.test/blob").content) == 500_008


@pytest.mark.parametrize("http2", [False, True])
def test_a_page_passes_byte_for_byte(world: World, http2: bool) -> None:
    body = b"<!doctype html><p>" + bytes(range(32, 127)) * 5_000
    packed = gzip.compress(body)
    world.origin.pages["kids.test", "/page"] = Page(packed, {"Content-Type": HTML, "Content-Encoding": "gzip"})
    answer = world.get("child", "kids.test/page", http2=http2)
    assert answer.content == body
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "private, no-cache"


CODED = {
    "gzip": gzip.compress(RATED),
    "x-gzip": gzip.compress(RATED),
    "deflate": zlib.compress(RATED),
    "br": brotli.compress(RATED),
    "gzip, gzip": gzip.compress(gzip.compress(RATED)),
    "gzip, br": brotli.compress(gzip.compress(RATED)),
    "identity, gzip": gzip.compress(RATED),
    ",gzip": gzip.compress(RATED),
    "gzip;q=1": gzip.compress(RATED),
    "rot13": RATED,
    "base64": RATED,
}


@pytest.mark.parametrize("coding", CODED)
def test_no_coding_hides_a_label(world: World, coding: str) -> None:
    world.origin.pages["kids.test", "/coded"] = Page(CODED[coding], {"Content-Type": HTML, "Content-Encoding": coding})
    with world.client("child") as client, client.stream("GET", world.url("kids.test/coded")) as answer:
        received = b"".join(answer.iter_raw())
    assert answer.status_code >= 400
    assert CANARY not in received
    assert CODED[coding] not in received


def test_a_second_gzip_member_is_read_as_well(world: World) -> None:
    packed = gzip.compress(b"<html>" + b"x" * 1000) + gzip.compress(RATED)
    world.origin.pages["kids.test", "/members"] = Page(packed, {"Content-Type": HTML, "Content-Encoding": "gzip"})
    assert world.get("child", "kids.test/members").status_code >= 400


def test_a_bomb_is_refused_and_quickly(world: World) -> None:
    bomb = brotli.compress(b"\0" * 100_000_000)
    world.origin.pages["kids.test", "/bomb"] = Page(bomb, {"Content-Type": HTML, "Content-Encoding": "br"})
    started = time.monotonic()
    assert world.get("child", "kids.test/bomb").status_code >= 400
    assert time.monotonic() - started < 5.0


def test_a_transfer_coding_that_packs_is_not_passed(world: World) -> None:
    packed = gzip.compress(RATED)
    chunk = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunk
    world.origin.pages["kids.test", "/packed"] = Page(raw=raw, close=True)
    answer = world.get("child", "kids.test/packed")
    assert answer.status_code >= 400
    assert packed not in answer.content


@pytest.mark.parametrize("charset", ["rot13", "base64", "utf-7", "x-user-defined"])
def test_no_charset_hides_a_label(world: World, charset: str) -> None:
    world.origin.pages["kids.test", "/charset"] = Page(RATED, {"Content-Type": f"text/html; charset={charset}"})
    answer = world.get("child", "kids.test/charset")
    assert answer.status_code >= 400
    assert CANARY not in answer.content


@pytest.mark.parametrize("hints", [1, 3])
def test_a_page_behind_early_hints_loads(world: World, hints: int) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" * hints
    body = b"<!doctype html>Welcome"
    final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    world.origin.pages["kids.test", "/hints"] = Page(raw=early + final)
    answer = world.get("child", "kids.test/hints")
    assert answer.status_code == 200
    assert "Welcome" in answer.text


def test_a_piece_of_a_page_is_unreadable(world: World) -> None:
    headers = {"Content-Type": HTML, "Content-Range": "bytes 500-599/1000"}
    world.origin.pages["kids.test", "/piece"] = Page(CANARY, headers, 206)
    answer = world.get("child", "kids.test/piece", sec_fetch_dest="image", range="bytes=500-599")
    assert answer.status_code >= 400
    assert CANARY not in answer.content


def test_a_redirect_passes_without_its_body(world: World) -> None:
    answer = world.get("child", "kids.test/away")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/"
    assert answer.content == b""


def test_a_head_request_says_nothing_of_the_page(world: World) -> None:
    with world.client("child") as client:
        answer = client.head(world.url("adult.test/"))
        assert answer.status_code == 200
        assert client.head(world.url("adult.test/header")).status_code == 451
        assert client.get(world.url("kids.test/")).status_code == 200


def test_other_services_of_a_host_are_not_told(world: World) -> None:
    headers = {"Content-Type": HTML, "Alt-Svc": 'h3=":443"; ma=86400'}
    world.origin.pages["kids.test", "/alt"] = Page(b"<!doctype html>x", headers)
    assert "alt-svc" not in world.get("child", "kids.test/alt").headers


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: " + CANARY,  # ends inside the head
        b"HTTP/1.1 " + CANARY + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + CANARY + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + CANARY,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n" + CANARY,  # cut
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + CANARY,
        CANARY * 10,
    ],
)
def test_what_cannot_be_parsed_is_not_quoted(world: World, raw: bytes) -> None:
    world.origin.pages["kids.test", "/broken"] = Page(raw=raw, close=True)
    answer = world.get("child", "kids.test/broken")
    assert answer.status_code >= 400
    assert CANARY not in answer.content
    assert b"mitmproxy" not in answer.content


def test_an_endless_head_is_refused_on_both_sides(world: World) -> None:
    world.origin.pages["kids.test", "/head"] = Page(
        raw=b"HTTP/1.1 200 OK\r\n", drip=(0.0, b"X: " + b"y" * 8000 + b"\r\n")
    )
    assert world.get("child", "kids.test/head").status_code == 502
    with world.raw("child") as raw:
        raw.sendall(b"GET http://kids.test/ HTTP/1.1\r\n")
        try:
            for _ in range(40):
                raw.sendall(b"X: " + b"y" * 8000 + b"\r\n")
        except OSError:
            pass  # closed in our face, as it should be
        answer = everything(raw)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 431")


def test_trailers_do_not_hang_a_page(world: World) -> None:
    body = b"<!doctype html>Welcome"
    chunk = b"%x\r\n" % len(body) + body + b"\r\n0\r\nRating: x\r\n\r\n"
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nTrailer: Rating\r\n\r\n" + chunk
    world.origin.pages["kids.test", "/trailers"] = Page(raw=raw)
    assert "Welcome" in world.get("child", "kids.test/trailers").text


@pytest.mark.parametrize("http2", [False, True])
def test_a_refused_upload_is_answered_at_its_head(world: World, http2: bool) -> None:
    with world.ruled_by(None), world.client("child", http2=http2) as client:
        started = time.monotonic()
        try:
            answer = client.post(world.url("kids.test/up"), content=_slowly())
        except httpx.HTTPError:
            assert time.monotonic() - started < 3.0
        else:
            assert answer.status_code == 403
    assert not world.origin.asked


def _slowly() -> object:
    for _ in range(20):
        yield b"x" * 100_000
        time.sleep(0.02)


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("size", [10, 3_000_000])
def test_uploads_arrive_whole(world: World, size: int, http2: bool) -> None:
    world.origin.pages["kids.test", "/up"] = Page(b"<!doctype html>thanks")
    with world.client("child", http2=http2) as client:
        for content in (b"u" * size, iter([b"u" * size])):
            assert client.post(world.url("kids.test/up"), content=content).status_code == 200
            assert world.origin.asked[-1].body == b"u" * size


def test_an_upload_without_a_length_cannot_become_a_second_request(world: World) -> None:
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: kids.test\r\n\r\n"
    with world.tls("child", "kids.test", alpn=["h2", "http/1.1"]):
        pass
    with world.client("child", http2=True) as client:
        client.post(world.url("kids.test/up"), content=iter([smuggled]))
    assert [asked.target for asked in world.origin.asked] == ["/up"]
    assert world.origin.asked[0].body == smuggled
