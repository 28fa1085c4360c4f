"""One canonical host per request: the CONNECT target, the SNI, Host or `:authority`, and the target must agree."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mitmproxy.http import Request

from gateway.decision.splice import Seen
from gateway.document.url import DEFAULT_PORTS, Url, at, canonical, canonical_host
from gateway.edge.mitm.forwarding import is_websocket

_NOT_OF_AN_AUTHORITY: Final = frozenset("/\\?#@ ,")
_SHORT: Final = 260  # characters: a name and a port; longer spellings exist, but are not to fill the memory


class RequestRefused(Exception):  # noqa: N818 - reads as a sentence
    """A request that cannot be judged. `status` is 400 for a malformed one, 421 when its names disagree."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(detail)


@dataclass(slots=True)
class Tunnel:
    """What a client asked for with CONNECT; every request inside it must be for the same host and port."""

    host: str  # canonical
    port: int
    login: str | None = None  # verified
    failed: bool = False  # a hook of ours failed on this connection: nothing passes through it any more
    seen: Seen | None = None  # what is to happen with the connection, where that was asked already


def connect_target(authority: bytes, ports: frozenset[int]) -> Tunnel:
    """The target of a CONNECT (RFC 9110, section 9.3.6), as it was sent.

    Raises RequestRefused, also for a port that is not listed.
    """
    target = _authority(authority.decode("utf-8", "replace"), "https")
    if target.port not in ports:
        raise RequestRefused(403, f"port {target.port} may not be connected to")
    return Tunnel(target.host, target.port)


def tunnel_url(tunnel: Tunnel) -> Url:
    """The address of the host behind a tunnel, before any request."""
    return _known_authority(_shown(tunnel.host, tunnel.port, "https"), "https")


def url_of(request: Request, *, tunnel: Tunnel | None, sni: str | None, tls: bool, ports: frozenset[int]) -> Url:
    """The canonical address of a request whose names all agree. Raises RequestRefused."""
    scheme = "https" if tls else "http"
    if request.method in ("TRACE", "CONNECT"):
        raise RequestRefused(400, f"{request.method} is not passed on")
    if request.scheme != scheme:
        raise RequestRefused(400, f"a target with {request.scheme} over {scheme}")
    if tunnel is not None and not tls and not is_websocket(request):
        # Browsers use CONNECT without TLS for ws:// addresses only (RFC 6455, section 4.1).
        raise RequestRefused(400, "plain HTTP inside a tunnel")
    authority = _one_authority(request, in_tunnel=tunnel is not None)
    if tunnel is not None:
        place = _authority(authority or _shown(tunnel.host, tunnel.port, scheme), scheme)
        if (place.host, place.port) != (tunnel.host, tunnel.port):
            raise RequestRefused(421, f"the request is for {place.host}, the connection for {tunnel.host}")
    else:
        place = _authority(_shown(request.data.host, request.data.port, scheme), scheme)
        named = _authority(authority, scheme) if authority else place
        if (named.host, named.port) != (place.host, place.port):
            raise RequestRefused(421, f"the target is {place.host}, the Host field says {named.host}")
    if sni is not None and tls and _host(sni) != place.host:
        raise RequestRefused(421, f"the request is for {place.host}, the TLS name is {sni}")
    if place.port not in ports:
        raise RequestRefused(403, f"port {place.port} may not be connected to")
    return _whole(request, place)


def make_one_name(request: Request, url: Url) -> None:
    """Makes every name in the request the canonical one: origin-form, one Host field (RFC 9112, section 3.2)."""
    shown = _shown(url.host, url.port, url.scheme)
    request.data.host, request.data.port = url.host, url.port
    if request.is_http2:
        request.headers.pop("host", None)
        request.data.authority = shown.encode()
    else:
        request.data.authority = b""
        if request.headers.get("host") != shown:
            request.headers["Host"] = shown


def same_name(sni: str | None, host: str) -> bool:
    """Whether the TLS name is exactly the canonical `host`; an absent one is not."""
    try:
        return sni is not None and canonical_host(sni) == host
    except ValueError:
        return False


def _one_authority(request: Request, *, in_tunnel: bool) -> str:
    """What the request itself names, or "" when it names nothing."""
    hosts = request.headers.get_all("host")
    if len(hosts) > 1:
        raise RequestRefused(400, "the request has more than one Host field")
    if request.is_http2:
        # h2 has already refused an `:authority` that differs from Host (RFC 9113, section 8.3.1).
        return request.data.authority.decode("utf-8", "replace") or (hosts[0] if hosts else "")
    if in_tunnel and request.data.authority:
        raise RequestRefused(400, "an absolute target inside a tunnel")
    if not hosts and request.http_version != "HTTP/1.0":
        raise RequestRefused(400, "the request has no Host field")
    return hosts[0].strip() if hosts else ""


def _authority(text: str, scheme: str) -> Url:
    return _known_authority(text, scheme) if len(text) <= _SHORT else _read_authority(text, scheme)


def _read_authority(text: str, scheme: str) -> Url:
    if not text or not _NOT_OF_AN_AUTHORITY.isdisjoint(text):
        raise RequestRefused(400, "a host with a character that no host has")
    try:
        return canonical(f"{scheme}://{text}/")
    except ValueError as fault:
        raise RequestRefused(400, str(fault)) from None


_known_authority = lru_cache(maxsize=4_096)(_read_authority)


def _host(sni: str) -> str:
    try:
        return canonical_host(sni)
    except ValueError as fault:
        raise RequestRefused(400, str(fault)) from None


def _whole(request: Request, place: Url) -> Url:
    path = request.data.path
    if path == b"*" and request.method == "OPTIONS":  # RFC 9110, section 9.3.7
        return place
    if not path.startswith(b"/") or b"#" in path:
        raise RequestRefused(400, "the target is not an absolute path")
    try:
        return at(place, path.decode("utf-8"))
    except ValueError as fault:  # also UnicodeDecodeError: not what any client would have meant
        raise RequestRefused(400, str(fault)) from None


def _shown(host: str, port: int, scheme: str) -> str:
    bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return bracketed if port == DEFAULT_PORTS[scheme] else f"{bracketed}:{port}"
