"""What is changed in the heads that pass, without a network."""

import pytest
from mitmproxy.http import Headers, Request, Response

from gateway.document.media_type import essence_of
from gateway.edge.mitm.forwarding import (
    fields_of,
    is_opened,
    is_part_of_page,
    is_partial_document,
    is_websocket,
    keep_fresh,
    trim_request,
    trim_response,
    with_body,
)


def request(**fields: str) -> Request:
    made = Request.make("GET", "https://kids.test/")
    for name, value in fields.items():
        made.headers[name.replace("_", "-")] = value
    return made


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "gzip, deflate, br, zstd"),
        ("GZIP", "gzip"),
        ("gzip;q=0, br;q=0.5", "br"),
        ("gzip ; q = 0.000 , br", "br"),
        ("compress, sdch, dcb", "identity"),
        ("*", "gzip, deflate, br, zstd"),
        ("*;q=0, gzip", "gzip"),
        ("", "identity"),
    ],
)
def test_only_codings_that_are_read_are_asked_for(accepted: str, sent: str) -> None:
    asked = request(accept_encoding=accepted)
    trim_request(asked, to_be_read=True)
    assert asked.headers["accept-encoding"] == sent


def test_what_is_not_read_keeps_its_wishes() -> None:
    asked = request(accept_encoding="dcb", range="bytes=0-5", x_forwarded_for="1.2.3.4")
    trim_request(asked, to_be_read=False)
    assert asked.headers["accept-encoding"] == "dcb"
    assert asked.headers["range"] == "bytes=0-5"
    assert "x-forwarded-for" not in asked.headers


@pytest.mark.parametrize("destination", ["", "document", "iframe", "xslt", "unheard-of"])
def test_conditions_go_wherever_a_document_may_come(destination: str) -> None:
    fields = {"range": "bytes=0-5", "if_range": "x", "if_none_match": "x", "if_modified_since": "x"}
    asked = request(sec_fetch_dest=destination, **fields)
    trim_request(asked, to_be_read=True)
    assert not set(asked.headers) & {"range", "if-range", "if-none-match", "if-modified-since"}


@pytest.mark.parametrize("name", ["X-Age", "x-user-AGE", "Forwarded", "X-Real-IP", "Via", "X-Remote-User"])
def test_who_a_client_says_it_is_does_not_pass(name: str) -> None:
    asked = request()
    asked.headers[name] = "42"
    trim_request(asked, to_be_read=False)
    assert name not in asked.headers


def test_hops_end_here() -> None:
    asked = request(connection="keep-alive, X-Secret, Content-Length", x_secret="1", te="gzip", upgrade="h2c")
    asked.headers["content-length"] = "0"
    trim_request(asked, to_be_read=False)
    assert not set(asked.headers) & {"connection", "x-secret", "te", "upgrade"}
    assert asked.headers["content-length"] == "0"


def test_a_websocket_keeps_its_upgrade() -> None:
    asked = request(connection="keep-alive, Upgrade", upgrade="WebSocket")
    assert is_websocket(asked)
    trim_request(asked, to_be_read=True)
    assert (asked.headers["connection"], asked.headers["upgrade"]) == ("Upgrade", "WebSocket")


def test_other_services_of_a_host_are_cut_out() -> None:
    response = Response.make(200, b"", {"Alt-Svc": "h3=x", "Upgrade": "h2c", "Keep-Alive": "5", "ETag": "x"})
    trim_response(response)
    assert set(response.headers) & {"Alt-Svc", "Upgrade", "Keep-Alive"} == set()
    assert response.headers["etag"] == "x"


@pytest.mark.parametrize(
    ("before", "after"),
    [("max-age=600, public", "private, no-cache"), ("no-store", "no-store"), (None, "private, no-cache")],
)
def test_a_judged_page_is_asked_for_again(before: str | None, after: str) -> None:
    response = Response.make(200, b"", {"Cache-Control": before} if before else {})
    keep_fresh(response)
    assert response.headers["cache-control"] == after


def test_another_body_leaves_no_word_of_the_old_one() -> None:
    response = Response.make(302, b"old", Headers(ETag="x", Content_Encoding="gzip", Location="/", Digest="x"))
    made = with_body(response, b"")
    assert (made.status_code, made.headers["location"], made.headers["content-length"]) == (302, "/", "0")
    assert not set(made.headers) & {"ETag", "Content-Encoding", "Digest"}


@pytest.mark.parametrize(
    ("status", "kind", "partial"),
    [
        (206, "text/html", True),
        (206, "multipart/byteranges; boundary=x", True),
        (206, None, True),
        (206, "video/mp4", False),
        (200, "text/html", False),
    ],
)
def test_which_pieces_are_pieces_of_documents(status: int, kind: str | None, partial: bool) -> None:
    response = Response.make(status, b"", {"Content-Type": kind} if kind else {})
    assert is_partial_document(response, essence_of(fields_of(response.headers))) is partial


@pytest.mark.parametrize(
    ("fields", "opened"),
    [
        ({"sec_fetch_dest": "document"}, True),
        ({"sec_fetch_dest": "IFRAME"}, True),
        ({"sec_fetch_mode": "navigate"}, True),
        ({"sec_fetch_dest": "image"}, False),
        ({}, False),
    ],
)
def test_what_is_opened_in_a_tab_or_frame(fields: dict[str, str], opened: bool) -> None:
    assert is_opened(request(**fields)) is opened


@pytest.mark.parametrize(
    ("destination", "essence", "part"),
    [
        ("image", "image/svg+xml", True),
        ("document", "image/svg+xml", False),
        ("image", "text/html", False),
        ("image", "application/xhtml+xml", False),
        ("", "image/svg+xml", False),
        ("image", None, False),
    ],
)
def test_only_what_is_no_html_can_be_a_part_of_a_page(destination: str, essence: str | None, part: bool) -> None:
    assert is_part_of_page(request(sec_fetch_dest=destination), essence) is part
