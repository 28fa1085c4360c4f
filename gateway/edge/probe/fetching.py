"""One bounded fetch: size, redirects and destination are limited here, time by the visit around it."""

from dataclasses import dataclass
from typing import Final

from aiohttp import (
    BaseConnector,
    ClientConnectorCertificateError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
)
from yarl import URL

from gateway import __version__
from gateway.document.document import Headers
from gateway.document.url import DEFAULT_PORTS, Url, canonical

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})  # RFC 9110, section 15.4


_HEADERS: Final = {
    "User-Agent": f"Qorgan/{__version__} (a filtering gateway that reads the site's age label)",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "kk,ru,en",
    "Accept-Encoding": "gzip, br, zstd, deflate",  # what document/coding.py undoes
}


class NotFetched(Exception):  # noqa: N818 - an outcome, not a fault
    """Nothing to read came back. The text says why, for a person."""


class LeftSite(NotFetched):
    """The address leads to another site, which would speak for itself only."""


class WrongCertificate(NotFetched):
    """Somebody answers, but cannot show that he is the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A response that is no redirect, as its bytes came (content codings still on)."""

    url: Url  # where it came from, after redirects
    status: int
    headers: Headers
    body: bytes
    complete: bool  # False: cut at the size limit


def open_session(dial: BaseConnector, *, connect_seconds: float) -> ClientSession:
    """A session that says who asks, keeps no cookies and heeds no proxy settings. Needs a running loop.

    `connect_seconds` bounds name, connection and TLS together: who listens and says nothing must not use up a visit.
    """
    return ClientSession(
        connector=dial,
        timeout=ClientTimeout(total=None, connect=connect_seconds),
        headers=_HEADERS,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,  # what a site sends is decoded within our own limits
        trust_env=False,
    )


async def fetch(session: ClientSession, start: Url, *, most_bytes: int, redirects: int) -> Fetched:
    """The response at `start`, or at the end of at most `redirects` redirects within its site.

    `most_bytes` bounds the body as it comes over the wire; what is longer is cut. Raises NotFetched.
    """
    url = start
    for _ in range(redirects + 1):
        try:
            # `encoded`: the address is canonical already and must go out as it was judged.
            async with session.get(URL(url.href, encoded=True), allow_redirects=False) as response:
                if response.status not in _REDIRECTS or "Location" not in response.headers:
                    body, complete = await _body(response, most_bytes)
                    headers = Headers(_pairs(response))
                    return Fetched(url=url, status=response.status, headers=headers, body=body, complete=complete)
                url = _next(start, url, response.headers["Location"])
        except ClientConnectorCertificateError as fault:
            raise WrongCertificate(f"{url.href}: {fault.certificate_error}") from fault
        except (ClientError, OSError, ValueError) as fault:  # ValueError: a host that yarl will not write
            raise NotFetched(f"{url.href}: {str(fault) or type(fault).__name__}") from fault
    raise NotFetched(f"{start.href}: more than {redirects} redirects")


def _next(start: Url, url: Url, location: str) -> Url:
    """Where a redirect leads. Only within the site, and only to ports that a browser would be sent to."""
    try:
        # aiohttp hands over bytes that are not ASCII as surrogates; browsers read them as UTF-8 (WHATWG Fetch, 2.2.4).
        target = canonical(location.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), base=url)
    except ValueError as fault:
        raise NotFetched(f"{url.href} redirects to no address: {fault}") from fault
    if target.site != start.site:
        raise LeftSite(f"{url.href} redirects to another site, {target.site}")
    if target.scheme not in ("http", "https") or target.port not in (start.port, DEFAULT_PORTS[target.scheme]):
        raise NotFetched(f"{url.href} redirects to {target.scheme} port {target.port}, where no page is looked for")
    return target


async def _body(response: ClientResponse, most_bytes: int) -> tuple[bytes, bool]:
    read = bytearray()
    async for piece in response.content.iter_any():
        read += piece
        if len(read) > most_bytes:
            response.close()  # or aiohttp would go on reading to save the connection
            return bytes(read[:most_bytes]), False
    return bytes(read), True


def _pairs(response: ClientResponse) -> list[tuple[str, str]]:
    # Header bytes that are not ASCII: as Latin-1, which keeps every byte (RFC 9110, section 5.5).
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
