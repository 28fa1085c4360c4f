"""Requests with two ends: refused, and nothing of what is hidden in them reaches the site. RFC 9112, section 11.2."""

import pytest

from tests.edge.mitm.origin import CANARY
from tests.edge.mitm.world import World, everything

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: HOST\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"0\r\n\r\n"


def post(fields: bytes, body: bytes, *, version: bytes = b"HTTP/1.1") -> bytes:
    return b"POST /up " + version + b"\r\nHost: HOST\r\n" + fields + b"\r\n" + body


REQUESTS = {
    "CL.TE": post(b"Content-Length: 4\r\n" + CHUNKED, END + HIDDEN),
    "TE.CL": post(CHUNKED + b"Content-Length: 4\r\n", b"5c\r\n" + HIDDEN + END),
    "CL.CL": post(b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(HIDDEN), HIDDEN),
    "CL.CL in one field": post(b"Content-Length: 0, %d\r\n" % len(HIDDEN), HIDDEN),
    "a signed length": post(b"Content-Length: +0\r\n", HIDDEN),
    "a negative length": post(b"Content-Length: -1\r\n", HIDDEN),
    "a hexadecimal length": post(b"Content-Length: 0x0\r\n", HIDDEN),
    "an empty length": post(b"Content-Length: \r\n", HIDDEN),
    "chunked, identity": post(b"Transfer-Encoding: chunked, identity\r\n", END + HIDDEN),
    "identity, chunked": post(b"Transfer-Encoding: identity, chunked\r\n", END + HIDDEN),
    "gzip, chunked": post(b"Transfer-Encoding: gzip, chunked\r\n", END + HIDDEN),
    "xchunked": post(b"Transfer-Encoding: xchunked\r\n", END + HIDDEN),
    "two transfer codings": post(CHUNKED + b"Transfer-Encoding: x\r\n", END + HIDDEN),
    "a blank before the colon": post(b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n", END + HIDDEN),
    "a vertical tab": post(b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 0\r\n", END + HIDDEN),
    "a NUL in the coding": post(b"Transfer-Encoding: chunked\0\r\nContent-Length: 0\r\n", END + HIDDEN),
    "chunked in HTTP/1.0": post(CHUNKED, END + HIDDEN, version=b"HTTP/1.0"),
    "a newline in a chunk extension": post(CHUNKED, b"0;x\nGET /hidden HTTP/1.1\r\n\r\n" + HIDDEN),
    "a hexadecimal prefix in a chunk": post(CHUNKED, b"0x1\r\na\r\n" + END + HIDDEN),
    "a signed chunk": post(CHUNKED, b"+1\r\na\r\n" + END + HIDDEN),
    "a negative chunk": post(CHUNKED, b"-1\r\n" + HIDDEN),
    "an underscore in a chunk": post(CHUNKED, b"1_0\r\n" + b"x" * 16 + b"\r\n" + END + HIDDEN),
    "a chunk without its end": post(CHUNKED, b"1\r\nab" + END + HIDDEN),
    "a bare CR in a field": b"GET / HTTP/1.1\r\nHost: HOST\r\nX: a\rGET /hidden HTTP/1.1\r\n\r\n",
    "a NUL in a field": b"GET / HTTP/1.1\r\nHost: HOST\r\nX: a\0b\r\n\r\n",
    "a NUL in the method": b"G\0ET /hidden HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "a folded field": b"GET / HTTP/1.1\r\nHost: HOST\r\nX: a\r\n GET /hidden HTTP/1.1\r\n\r\n",
    "a folded host": b"GET / HTTP/1.1\r\nHost:\r\n HOST\r\n\r\n",
    "HTTP/2.0 in a line": b"GET /hidden HTTP/2.0\r\nHost: HOST\r\n\r\n",
    "HTTP/0.9": b"GET /hidden\r\n",
    "a field without a colon": b"GET / HTTP/1.1\r\nHost: HOST\r\nGET /hidden HTTP/1.1\r\n\r\n",
    "TRACE": b"TRACE /hidden HTTP/1.1\r\nHost: HOST\r\n\r\n",
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_with_two_ends_is_refused(world: World, name: str) -> None:
    place = b"kids.test:%d" % world.origin.tls_port
    with world.tls("child", "kids.test") as secure:
        secure.sendall(REQUESTS[name].replace(b"HOST", place))
        answer = everything(secure)
    assert not answer or answer.split(b" ", 2)[1][:1] in b"45", answer[:100]
    assert "/hidden" not in [asked.target for asked in world.origin.asked]


@pytest.mark.parametrize("name", REQUESTS)
def test_nor_does_it_hide_one_on_a_plain_connection(world: World, name: str) -> None:
    place = b"adult.test:%d" % world.origin.plain_port
    request = REQUESTS[name].replace(b" /", b" http://" + place + b"/", 1).replace(b"HOST", place)
    with world.raw("child") as raw:
        raw.sendall(request)
        answer = everything(raw)
    assert CANARY not in answer
    assert "/hidden" not in [asked.target for asked in world.origin.asked]


def test_requests_in_a_row_are_each_judged(world: World) -> None:
    """RFC 9112, section 9.3.2: pipelining."""
    place = f"kids.test:{world.origin.tls_port}"
    with world.tls("child", "kids.test") as secure:
        first = f"GET / HTTP/1.1\r\nHost: {place}\r\n\r\n"
        secure.sendall((first + first.replace("kids", "adult") + first).encode())
        answer = everything(secure)
    assert answer.count(b"Welcome") == 2
    assert b" 421 " in answer
    assert CANARY not in answer
