"""One fetch of a list: conditions, redirects, sizes, time, and where it may not go."""

import asyncio
import ssl
from pathlib import Path

import pytest
from aiohttp import web

from gateway.edge.lists.fetching import Fetched, FetchLimits, NotFetched, fetch_list, open_session
from gateway.edge.reach import Reach
from gateway.store.list_state import ListState
from tests.edge.lists.conftest import Server

LIMITS = FetchLimits(connect=5, silent=0.5, whole=3)
MOST = 1_000


async def fetch(
    server: Server,
    trust: ssl.SSLContext,
    file: Path,
    *,
    path: str = "/list.txt",
    reach: Reach | None = None,
    **state: str,
) -> Fetched:
    asked = ListState(origin=server.url(path), etag=state.get("etag"), modified=state.get("modified"))
    async with open_session(reach or server.reach, trust, LIMITS) as session:
        return await fetch_list(session, asked, file, MOST, LIMITS, anew="etag" not in state)


async def test_a_list_is_written_whole_with_its_tag_and_asked_for_by_it(
    server: Server, trust: ssl.SSLContext, tmp_path: Path
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.Response(text="a.test\n", headers={"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 00:00:00 GMT"})

    server.answer = answer
    file = tmp_path / "one.new"
    first = await fetch(server, trust, file)
    assert first == Fetched(etag='"1"', modified="Sun, 22 Nov 2026 00:00:00 GMT")
    assert file.read_text() == "a.test\n"
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    again = await fetch(server, trust, file, etag='"1"', modified="Sun, 22 Nov 2026 00:00:00 GMT")
    assert again.unchanged
    assert again.etag == '"1"'
    assert not file.exists()
    assert "if-none-match" not in server.asked[0]
    assert server.asked[1]["if-modified-since"] == "Sun, 22 Nov 2026 00:00:00 GMT"
    assert "cookie" not in server.asked[1]


async def test_redirects_are_followed_to_https_only(server: Server, trust: ssl.SSLContext, tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/moved":
                return web.Response(status=302, headers={"Location": "/list.txt"})
            case "/clear":
                return web.Response(status=301, headers={"Location": "http://lists.test/list.txt"})
            case "/round":
                return web.Response(status=307, headers={"Location": "/round"})
        return web.Response(text="a.test\n")

    server.answer = answer
    file = tmp_path / "one.new"
    assert not (await fetch(server, trust, file, path="/moved")).unchanged
    assert file.read_text() == "a.test\n"
    for path, says in (("/clear", "redirects to http"), ("/round", "redirects more than 5 times")):
        with pytest.raises(NotFetched, match=says):
            await fetch(server, trust, file, path=path)
    assert file.read_text() == "a.test\n"
    assert [path.name for path in tmp_path.iterdir()] == ["one.new"]


async def long(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"x" * (MOST + 1))


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(1_000):
        await response.write(b"x" * 100)
    return response


async def silent(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"a.test\n")
    await asyncio.sleep(20)
    return response


async def dripping(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(200):
        await response.write(b"x")
        await asyncio.sleep(0.1)
    return response


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "500"})
    await response.prepare(request)
    await response.write(b"a.test\n")
    assert request.transport is not None
    request.transport.abort()
    return response


async def missing(request: web.Request) -> web.StreamResponse:
    return web.Response(status=404, text="not here")


async def unasked(request: web.Request) -> web.StreamResponse:
    return web.Response(status=304)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (long, "more than 1000 bytes"),
        (endless, "more than 1000 bytes"),
        (silent, "it took too long"),
        (dripping, "it took too long"),
        (cut, "."),
        (missing, "status 404"),
        (unasked, "status 304"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_is_no_whole_list_is_not_taken(
    server: Server, trust: ssl.SSLContext, tmp_path: Path, answer: object, says: str
) -> None:
    server.answer = answer  # type: ignore[assignment]
    with pytest.raises(NotFetched, match=says):
        await fetch(server, trust, tmp_path / "one.new")
    assert list(tmp_path.iterdir()) == []


async def test_a_private_destination_or_a_stranger_is_not_believed(
    server: Server, trust: ssl.SSLContext, tmp_path: Path
) -> None:
    server.answer = missing
    with pytest.raises(NotFetched, match="not on the public internet"):
        await fetch(server, trust, tmp_path / "one.new", reach=Reach({"lists.test": "127.0.0.1"}))
    with pytest.raises(NotFetched, match="certificate"):
        await fetch(server, ssl.create_default_context(), tmp_path / "one.new")
    assert server.asked == []
