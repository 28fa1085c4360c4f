"""One fetch of a list by https: only to the public internet, never on to plain http, bounded in size and time."""

import asyncio
import contextlib
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from gateway import __version__
from gateway.document.url import Url, canonical
from gateway.edge.probe.dialling import connector
from gateway.edge.reach import Reach
from gateway.store.list_state import ListState

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})  # RFC 9110, section 15.4
_BLOCK: Final = 64 * 1024
_CONNECTIONS: Final = 64  # more than anybody has lists that are slow at the same time


class NotFetched(Exception):  # noqa: N818 - an outcome, not a fault
    """Nothing came that may be taken. The text says why, for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Seconds, and redirects."""

    connect: float = 10.0  # name, TCP and TLS
    silent: float = 30.0  # without a byte
    whole: float = 900.0
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A list that was written to its file. `unchanged`: it was not, the copy that is there is still the list."""

    unchanged: bool = False
    etag: str | None = None
    modified: str | None = None


def open_session(reach: Reach, trust: ssl.SSLContext, limits: FetchLimits) -> ClientSession:
    """A session that dials nothing but what `reach` allows. Needs a running loop."""
    return ClientSession(
        connector=connector(reach, trust, connections=_CONNECTIONS),
        timeout=ClientTimeout(total=None, connect=limits.connect, sock_read=limits.silent),
        headers={"User-Agent": f"Qorgan/{__version__} (a filtering gateway that loads lists)"},
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,  # what is packed is unpacked within its own limit, where it is read
        trust_env=False,
    )


async def fetch_list(
    session: ClientSession, state: ListState, file: Path, at_most: int, limits: FetchLimits, *, anew: bool
) -> Fetched:
    """Writes the list at `state.origin` to `file`, whole. Raises NotFetched, and leaves `file` as it was then.

    `anew`: there is no copy that could be unchanged.
    """
    try:
        async with asyncio.timeout(limits.whole):
            return await _follow(session, state, file, at_most, limits, anew=anew)
    except TimeoutError as fault:
        raise NotFetched("it took too long") from fault
    except (ClientError, OSError, ValueError) as fault:  # ValueError: a host that yarl will not write
        raise NotFetched(str(fault) or type(fault).__name__) from fault


async def _follow(
    session: ClientSession, state: ListState, file: Path, at_most: int, limits: FetchLimits, *, anew: bool
) -> Fetched:
    url = canonical(state.origin)
    headers = {} if anew else _conditions(state)
    for _ in range(limits.redirects + 1):
        # `encoded`: the address is canonical already and must go out as it was judged.
        async with session.get(URL(url.href, encoded=True), headers=headers, allow_redirects=False) as response:
            if response.status in _REDIRECTS and "Location" in response.headers:
                url = _next(url, response.headers["Location"])
                continue
            if response.status == 304 and headers:
                return Fetched(unchanged=True, etag=state.etag, modified=state.modified)
            if response.status != 200:
                raise NotFetched(f"{url.host} answers with status {response.status}")
            await _save(response, file, at_most)
            return Fetched(etag=response.headers.get("ETag"), modified=response.headers.get("Last-Modified"))
    raise NotFetched(f"{url.host} redirects more than {limits.redirects} times")


def _conditions(state: ListState) -> dict[str, str]:
    """RFC 9110, section 13.1: the entity tag, and the date for servers that know no tags."""
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
    return {name: value for name, value in asked.items() if value is not None}


def _next(url: Url, location: str) -> Url:
    try:
        target = canonical(location.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), base=url)
    except ValueError as fault:
        raise NotFetched(f"{url.host} redirects to no address: {fault}") from fault
    if target.scheme != "https":
        raise NotFetched(f"{url.host} redirects to {target.scheme}, where anybody on the way could change the list")
    return target


async def _save(response: ClientResponse, file: Path, at_most: int) -> None:
    if (response.content_length or 0) > at_most:
        raise _too_long(at_most)
    size, part = 0, file.with_suffix(".part")
    with _written(part) as output:
        async for block in response.content.iter_chunked(_BLOCK):
            size += len(block)
            if size > at_most:
                response.close()  # or aiohttp would go on reading to save the connection
                raise _too_long(at_most)
            output.write(block)
        output.flush()
        await asyncio.to_thread(os.fsync, output.fileno())
        os.rename(part, file)  # noqa: PTH104 - one name in the place of another, at once


@contextlib.contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file to write to; it is gone when that fails."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as output:
            yield output
    finally:
        path.unlink(missing_ok=True)


def _too_long(at_most: int) -> NotFetched:
    return NotFetched(f"it has more than {at_most} bytes; at-most: may allow more")
