"""One visit to a host: its front page and its label files, within a time limit."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import ClientSession

from gateway.document.document import Document, Unreadable
from gateway.document.read import read_document
from gateway.document.url import Url, canonical
from gateway.edge.probe.fetching import Fetched, LeftSite, NotFetched, WrongCertificate, fetch
from gateway.hosts.learn import Visit
from gateway.labels.from_site_file import LARGEST

_PAGE_SCHEMES: Final = {"ws": "http", "wss": "https"}  # RFC 6455, section 3: a WebSocket's host is asked for a page

# Germany's file, its international form, and the EU project MIRACLE's (facts: labels, section 3).
SITE_FILES: Final = ("/age-de.xml", "/age.xml", "/miracle.xml")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a visit goes. Sizes are bytes as they come over the wire, times seconds."""

    seconds: float = 8.0  # the whole visit
    connect_seconds: float = 3.0  # until a connection stands: name, TCP and TLS
    page_bytes: int = 512 * 1024
    file_bytes: int = LARGEST  # of a label file
    redirects: int = 4


async def visit(session: ClientSession, host: str, front_pages: Sequence[Url], limits: Limits, now: datetime) -> Visit:
    """What a host says of itself; `host` is the name of its record, `front_pages` are tried in turn until one answers.

    Never raises but for cancellation; what fails is told in the notes.
    """
    notes: list[str] = []
    files: list[Fetched] = []
    front: Fetched | None = None
    left = False
    try:
        async with asyncio.timeout(limits.seconds):
            front, left = await _front(session, front_pages, limits, notes)
            if front is not None:
                await _files(session, front.url, limits, files)
    except TimeoutError:
        notes.append(f"it took longer than {limits.seconds:g} seconds")
    files.sort(key=lambda file: file.url.href)  # they came in any order; the same files make the same record
    # Decoding up to 8 MB must not hold up the loop.
    document = await asyncio.to_thread(read_fetched, front) if front is not None else None
    return Visit(
        host=host,
        front=document,
        site_files=tuple([await asyncio.to_thread(read_fetched, file) for file in files]),
        left=left,
        moment=now,
        notes=tuple(notes),
    )


def starts(host: str, port: int, scheme: str) -> tuple[Url, ...]:
    """Where the front page of `host` (canonical) is looked for. Raises ValueError when there is no such address."""
    shown = f"[{host}]" if ":" in host else host
    if port in (80, 443):
        return canonical(f"https://{shown}/"), canonical(f"http://{shown}/")
    return (canonical(f"{_PAGE_SCHEMES.get(scheme, scheme)}://{shown}:{port}/"),)


async def _front(
    session: ClientSession, front_pages: Sequence[Url], limits: Limits, notes: list[str]
) -> tuple[Fetched | None, bool]:
    for start in front_pages:
        try:
            most = limits.page_bytes
            return await fetch(session, start, most_bytes=most, redirects=limits.redirects), False
        except LeftSite as end:
            notes.append(str(end))
            return None, True
        except WrongCertificate as end:
            notes.append(str(end))
            return None, False  # going on in the clear would believe just anybody
        except NotFetched as end:
            notes.append(str(end))
    return None, False


async def _files(session: ClientSession, front: Url, limits: Limits, found: list[Fetched]) -> None:
    """Appends to `found` as the answers come, so that one slow file does not take the others away."""

    async def ask(path: str) -> None:
        with suppress(NotFetched):
            url = canonical(path, base=front)
            file = await fetch(session, url, most_bytes=limits.file_bytes, redirects=limits.redirects)
            if file.status == 200 and file.complete:
                found.append(file)

    async with asyncio.TaskGroup() as group:
        for path in SITE_FILES:
            group.create_task(ask(path))


def read_fetched(fetched: Fetched) -> Document | Unreadable:
    """A fetched response as a browser would read it."""
    return read_document(
        url=fetched.url.href,
        status=fetched.status,
        headers=fetched.headers,
        body=fetched.body,
        complete=fetched.complete,
    )
