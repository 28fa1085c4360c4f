"""The lean look at header fields and lengths says what stock says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.http import Headers, Request, Response
from mitmproxy.net.http.http1 import read
from mitmproxy.options import Options
from mitmproxy.proxy.context import Context
from mitmproxy.test import tflow

from gateway.edge.mitm import lean

NAMES = st.sampled_from([b"Host", b"host", b"Content-Length", b"content-length", b"Transfer-Encoding", b"Connection"])
LENGTHS = (b"", b"0", b"00", b"5", b"05", b"+5", b" 5", b"5, 5", b"\xc2\xb2", b"9" * 15, b"9" * 40)
VALUES = st.sampled_from(
    [*LENGTHS, b"chunked", b"identity", b"gzip, chunked", b"close", b"Keep-Alive", b"keep-alive, Close", b"\xff\xc3"]
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "get", "CONNECT"])
STATUSES = st.sampled_from([200, 101, 204, 304, 206])
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=4)
ASKED = st.sampled_from(["host", "HOST", b"Host", "content-length", "absent", b"x", "Ü"])


def outcome(work: object, *arguments: object) -> object:
    try:
        return work(*arguments)  # type: ignore[operator]
    except (ValueError, KeyError) as fault:
        return type(fault)


@given(FIELDS, ASKED)
def test_fields_are_found_as_stock_finds_them(fields: list[tuple[bytes, bytes]], name: str | bytes) -> None:
    headers = Headers(fields)
    assert lean.get_all(headers, name) == headers.get_all(name)
    assert lean.get_one(headers, name) == headers.get(name)
    assert lean.get_one(headers, name, "none") == headers.get(name, "none")
    assert outcome(lean.get_item, headers, name) == outcome(headers.__getitem__, name)
    assert lean.has(headers, name) == (name in headers)
    ours, theirs = Headers(fields), Headers(fields)
    assert lean.pop(ours, name, None) == theirs.pop(name, None)
    assert ours.fields == theirs.fields
    assert outcome(lean.pop, Headers(fields), name) == outcome(Headers(fields).pop, name)


def test_what_is_no_name_is_no_field() -> None:
    assert not lean.has(Headers(host="x"), 5)


@given(
    FIELDS,
    FIELDS,
    st.sampled_from(["GET", "HEAD", "POST", "get", "CONNECT"]),
    st.sampled_from([200, 101, 204, 304, 206]),
)
def test_lengths_are_as_stock_has_them(
    asked: list[tuple[bytes, bytes]], answered: list[tuple[bytes, bytes]], method: str, status: int
) -> None:
    request = Request.make("GET", "http://kids.test/")
    request.headers, request.data.method = Headers(asked), method.encode()
    response = Response.make(status)
    response.headers = Headers(answered)
    assert outcome(lean.expected_http_body_size, request) == outcome(read.expected_http_body_size, request)
    ours = outcome(lean.expected_http_body_size, request, response)
    assert ours == outcome(read.expected_http_body_size, request, response)


@given(FIELDS, st.sampled_from(["HTTP/1.1", b"HTTP/1.1", "HTTP/1.0", "HTTP/2.0", b"HTTP/2.0", "HTTP/0.9"]))
def test_who_closes_is_as_stock_has_it(fields: list[tuple[bytes, bytes]], version: str | bytes) -> None:
    assert lean.connection_close(version, Headers(fields)) == read.connection_close(version, Headers(fields))


@pytest.mark.parametrize("fork", [Context.fork, lean.fork])
def test_a_fork_shares_all_but_its_layers(fork: object) -> None:
    context = Context(tflow.tclient_conn(), Options())
    forked = fork(context)  # type: ignore[operator]
    assert vars(forked) == vars(context)
    assert forked.layers is not context.layers
