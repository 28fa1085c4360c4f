"""Every page that comes to stand in a tab is judged, whatever its status; redirects have no body; no cache loosens."""

import pytest

from tests.edge.mitm.origin import CANARY, RTA, Page
from tests.edge.mitm.world import World

HTML = {"Content-Type": "text/html; charset=utf-8"}
RATED = b"<!doctype html><meta name=rating content=" + RTA + b"><body>" + CANARY


@pytest.mark.parametrize("status", [200, 201, 203, 300, 305, 400, 401, 403, 404, 410, 418, 451, 500, 503, 599])
@pytest.mark.parametrize("http2", [False, True])
def test_a_page_of_any_status_is_judged(world: World, status: int, http2: bool) -> None:
    world.origin.pages["kids.test", "/status"] = Page(RATED, HTML, status)
    answer = world.get("child", "kids.test/status", http2=http2)
    assert answer.status_code == 451
    assert CANARY not in answer.content


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("kind", ["text/html", "image/png", "application/octet-stream"])
def test_a_redirect_has_no_body(world: World, status: int, kind: str) -> None:
    world.origin.pages["kids.test", "/away"] = Page(CANARY, {"Content-Type": kind, "Location": "/"}, status)
    answer = world.get("child", "kids.test/away")
    assert answer.status_code == status
    assert answer.content == b""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_that_leads_nowhere_is_a_page(world: World, status: int) -> None:
    world.origin.pages["kids.test", "/away"] = Page(RATED, HTML, status)
    assert CANARY not in world.get("child", "kids.test/away").content


def test_where_a_refresh_leads_is_judged_by_itself(world: World) -> None:
    target = world.url("adult.test/")
    leads = b"<!doctype html><meta http-equiv=refresh content='0; url=" + target.encode() + b"'><p>Wait"
    world.origin.pages["kids.test", "/refresh"] = Page(leads, {**HTML, "Refresh": f"0; url={target}"})
    assert b"Wait" in world.get("child", "kids.test/refresh").content
    assert world.get("child", "adult.test/", referer=world.url("kids.test/refresh")).status_code == 451


def test_a_frame_is_judged_by_itself(world: World) -> None:
    headers = {"sec_fetch_dest": "iframe", "sec_fetch_site": "cross-site", "referer": world.url("kids.test/")}
    assert world.get("child", "adult.test/", **headers).status_code == 451


@pytest.mark.parametrize(
    "headers",
    [
        {"if_none_match": '"1"'},
        {"if_modified_since": "Sun, 22 Nov 2026 10:00:00 GMT"},
        {"range": "bytes=60-", "if_range": '"1"'},
        {"sec_fetch_dest": "document", "if_none_match": "*"},
    ],
)
def test_an_allow_of_yesterday_is_no_allow(world: World, headers: dict[str, str]) -> None:
    """The page that an adult has stored on the same device is asked for whole, and judged again."""
    world.get("child", "kids.test/", **headers)
    names = {name.lower() for name, _ in world.origin.asked[-1].headers}
    assert names.isdisjoint({"if-none-match", "if-modified-since", "range", "if-range"})


def test_a_page_may_be_stored_by_its_reader_only(world: World) -> None:
    world.origin.pages["kids.test", "/old"] = Page(
        b"<!doctype html>x", {**HTML, "Cache-Control": "public, max-age=9999"}
    )
    assert world.get("child", "kids.test/old").headers["cache-control"] == "private, no-cache"
    blocked = world.get("child", "adult.test/")
    assert blocked.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", ["text/html", "image/png"])
def test_the_head_of_a_304_is_judged(world: World, kind: str) -> None:
    headers = {"Content-Type": kind, "Rating": RTA.decode(), "ETag": '"1"'}
    world.origin.pages["kids.test", "/same"] = Page(b"", headers, 304)
    answer = world.get("child", "kids.test/same", sec_fetch_dest="image", if_none_match='"1"')
    assert answer.status_code == 451


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_what_comes_before_the_answer_is_swallowed(world: World, status: int) -> None:
    early = b"HTTP/1.1 %d Early\r\nRating: x\r\nSet-Cookie: a=b\r\n\r\n" % status
    final = b"HTTP/1.1 451 No\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(RATED)
    world.origin.pages["kids.test", "/early"] = Page(raw=early + final + RATED)
    answer = world.get("child", "kids.test/early")
    assert answer.status_code == 451
    assert "set-cookie" not in answer.headers
    assert CANARY not in answer.content


def test_a_label_in_a_trailer_frees_nothing(world: World) -> None:
    chunk = b"%x\r\n" % len(RATED) + RATED + b"\r\n0\r\nRating: general\r\n\r\n"
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nTrailer: Rating\r\n\r\n"
    world.origin.pages["kids.test", "/trailer"] = Page(raw=raw + chunk)
    assert CANARY not in world.get("child", "kids.test/trailer").content


@pytest.mark.parametrize("http2", [False, True])
def test_only_adults_get_what_adults_may_see(world: World, http2: bool) -> None:
    """No cache in between: the same address, asked for in turn by the young and the old."""
    for listener, seen in (("adult", True), ("child", False), ("adult", True), ("teen", False)):
        assert (CANARY in world.get(listener, "adult.test/", http2=http2).content) is seen
