"""One canonical name per request, without a network."""

import pytest
from mitmproxy.http import Headers, Request

from gateway.edge.mitm.names import RequestRefused, Tunnel, connect_target, make_one_name, same_name, tunnel_url, url_of

PORTS = frozenset({80, 443, 8443})


def request(
    *,
    host: str = "",
    authority: bytes = b"",
    path: bytes = b"/",
    method: bytes = b"GET",
    scheme: bytes = b"https",
    version: bytes = b"HTTP/1.1",
    fields: tuple[tuple[bytes, bytes], ...] = ((b"Host", b"kids.test"),),
    port: int = 443,
) -> Request:
    return Request(host, port, method, scheme, authority, path, version, Headers(fields), None, None, 0.0, None)


@pytest.mark.parametrize(
    ("target", "host", "port"),
    [
        (b"kids.test:443", "kids.test", 443),
        (b"KIDS.test.:443", "kids.test", 443),
        ("мектеп.қаз:443".encode(), "xn--e1aaogsq.xn--80ao21a", 443),
        (b"0x7f000001:443", "127.0.0.1", 443),
        (b"[::ffff:127.0.0.1]:8443", "127.0.0.1", 8443),
        (b"[2001:DB8::1]:443", "2001:db8::1", 443),
    ],
)
def test_a_connect_target_becomes_one_name(target: bytes, host: str, port: int) -> None:
    tunnel = connect_target(target, PORTS)
    assert (tunnel.host, tunnel.port) == (host, port)


@pytest.mark.parametrize("target", [b"kids.test:22", b"a@kids.test:443", b"kids.test/x:443", b"ki ds.test:443"])
def test_a_connect_target_that_is_refused(target: bytes) -> None:
    with pytest.raises(RequestRefused):
        connect_target(target, PORTS)


def test_all_names_of_a_request_in_a_tunnel_agree() -> None:
    tunnel = Tunnel("kids.test", 443)
    url = url_of(request(path=b"/a%2e/b?c=1"), tunnel=tunnel, sni="KIDS.test", tls=True, ports=PORTS)
    assert url.href == "https://kids.test/a./b?c=1"
    assert url_of(request(), tunnel=tunnel, sni=None, tls=True, ports=PORTS).host == "kids.test"


@pytest.mark.parametrize("tunnel", [Tunnel("adult.test", 443), Tunnel("kids.test", 8443)])
def test_another_tunnel_is_misdirected(tunnel: Tunnel) -> None:
    with pytest.raises(RequestRefused) as refused:
        url_of(request(), tunnel=tunnel, sni=None, tls=True, ports=PORTS)
    assert refused.value.status == 421


def test_a_path_in_utf_8_is_read_as_a_browser_sends_it() -> None:
    url = url_of(request(path="/қ".encode()), tunnel=Tunnel("kids.test", 443), sni=None, tls=True, ports=PORTS)
    assert url.path == "/%D2%9B"
    with pytest.raises(RequestRefused):
        url_of(request(path=b"/\xff"), tunnel=Tunnel("kids.test", 443), sni=None, tls=True, ports=PORTS)


def test_an_options_request_for_the_whole_server() -> None:
    star = request(path=b"*", method=b"OPTIONS")
    assert url_of(star, tunnel=Tunnel("kids.test", 443), sni=None, tls=True, ports=PORTS).path == "/"


def test_an_old_request_without_a_host_gets_one() -> None:
    old = request(version=b"HTTP/1.0", fields=())
    url = url_of(old, tunnel=Tunnel("kids.test", 8443), sni=None, tls=True, ports=PORTS)
    make_one_name(old, url)
    assert old.headers.get_all("host") == ["kids.test:8443"]


def test_an_http2_request_keeps_its_authority_only() -> None:
    two = request(version=b"HTTP/2.0", authority=b"KIDS.test", fields=((b"host", b"kids.test"),))
    make_one_name(two, url_of(two, tunnel=Tunnel("kids.test", 443), sni="kids.test", tls=True, ports=PORTS))
    assert two.data.authority == b"kids.test"
    assert "host" not in two.headers


@pytest.mark.parametrize(
    ("sni", "same"),
    [("kids.test", True), ("KIDS.TEST.", True), ("a.kids.test", False), (None, False), ("ki ds", False)],
)
def test_only_the_very_name_is_the_same(sni: str | None, same: bool) -> None:
    assert same_name(sni, "kids.test") is same


def test_the_address_of_a_tunnel() -> None:
    assert tunnel_url(Tunnel("2001:db8::1", 8443)).href == "https://[2001:db8::1]:8443/"
