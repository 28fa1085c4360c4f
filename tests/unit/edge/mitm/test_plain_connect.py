"""The short way to a CONNECT's target: it finds what mitmproxy's parser finds, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.net.http import http1

from gateway.edge.mitm.plain_connect import plain_authority

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
BROWSERS = {
    "Chromium": ("Host: kids.test:443", "Proxy-Connection: keep-alive", f"User-Agent: {AGENT}"),
    "Firefox": (
        f"User-Agent: {AGENT}",
        "Proxy-Connection: keep-alive",
        "Connection: keep-alive",
        "Host: kids.test:443",
    ),
    "curl": ("Host: kids.test:443", "User-Agent: curl/8.14.1", "Proxy-Connection: Keep-Alive"),
    "httpx": ("Host: kids.test:443", "Accept: */*"),
    "another host in the field": ("Host: adult.test:443",),
    "small letters": ("host: kids.test:443", "user-agent: x"),
}


def head(*fields: str, target: str = "kids.test:443", start: str = "CONNECT {} HTTP/1.1") -> bytes:
    return "\r\n".join((start.format(target), *fields, "", "")).encode()


PLAIN = head("Host: kids.test:443")
ODD = {
    "nothing": b"",
    "not all of it": PLAIN[:-2],
    "bytes behind it": PLAIN + b"\x16\x03\x01",
    "a second one behind it": PLAIN * 2,
    "an empty line before it": b"\r\n" + PLAIN,
    "another method": head("Host: kids.test:443", start="GET {} HTTP/1.1"),
    "a method in small letters": head("Host: kids.test:443", start="connect {} HTTP/1.1"),
    "a version in small letters": head("Host: kids.test:443", start="CONNECT {} http/1.1"),
    "two spaces": head("Host: kids.test:443", start="CONNECT  {} HTTP/1.1"),
    "HTTP/1.0": head("Host: kids.test:443", start="CONNECT {} HTTP/1.0"),
    "HTTP/2.0": head("Host: kids.test:443", start="CONNECT {} HTTP/2.0"),
    "no version": head("Host: kids.test:443", start="CONNECT {}"),
    "no Host": head("User-Agent: x"),
    "two Hosts": head("Host: kids.test:443", "host: adult.test:443"),
    "no port": head("Host: kids.test", target="kids.test"),
    "an absolute target": head("Host: kids.test:443", target="https://kids.test:443"),
    "somebody at a host": head("Host: kids.test:443", target="a@kids.test:443"),
    "an address of IPv6": head("Host: [::1]:443", target="[::1]:443"),
    "letters beyond ASCII": head("Host: x:443", target="мектеп.қаз:443"),
    "a login": head("Host: kids.test:443", "Proxy-Authorization: Basic eDp5"),
    "a body": head("Host: kids.test:443", "Content-Length: 5"),
    "a body in chunks": head("Host: kids.test:443", "Transfer-Encoding: chunked"),
    "a field that is not known": head("Host: kids.test:443", "X-Odd: 1"),
    "a folded field": head("Host: kids.test:443", "User-Agent: x", " y"),
    "a space before the colon": head("Host : kids.test:443"),
    "a zero": head("Host: kids.test:443", "User-Agent: x\0y"),
    "a bare line feed": PLAIN.replace(b"\r\n", b"\n"),
    "a bare carriage return": head("Host: kids.test:443", "User-Agent: x\ry"),
    "bytes beyond ASCII": head("Host: kids.test:443", "User-Agent: é"),
    "a very long one": head("Host: kids.test:443", "User-Agent: " + "x" * 4_100),
}


@pytest.mark.parametrize("name", BROWSERS)
def test_a_plain_one_is_understood(name: str) -> None:
    assert plain_authority(head(*BROWSERS[name])) == b"kids.test:443"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_one_is_left_to_the_long_way(name: str) -> None:
    assert plain_authority(ODD[name]) is None


@given(st.sampled_from(sorted(BROWSERS)), st.data())
def test_whatever_it_understands_mitmproxy_understands_alike(name: str, data: st.DataObject) -> None:
    changed = bytearray(head(*BROWSERS[name]))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b"\r\n", b" ", b":", b"\nhost: b:1\r", b"\0", b"A", b"@", b"[", b"9", b"\xc3"])
        )
    authority = plain_authority(bytes(changed))
    if authority is None:
        return
    lines = bytes(changed).split(b"\r\n")
    assert lines[-2:] == [b"", b""]
    request = http1.read_request_head(lines[:-2])
    assert request.data.method == b"CONNECT"
    assert (request.data.authority, request.data.http_version) == (authority, b"HTTP/1.1")
    assert len(request.headers.get_all("host")) == 1
    assert "content-length" not in request.headers
    assert "transfer-encoding" not in request.headers
