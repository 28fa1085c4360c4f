"""A server of lists on loopback, over TLS, that answers what a test tells it to and keeps what it was asked."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from gateway.edge.reach import Reach

NAME = "lists.test"


@dataclass
class Server:
    """`answer` gives the response; `asked` has the headers of each request."""

    answer: Callable[[web.Request], Awaitable[web.StreamResponse]]
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/list.txt") -> str:
        return f"https://{NAME}:{self.port}{path}"

    @property
    def reach(self) -> Reach:
        return Reach({NAME: "127.0.0.1"}, frozenset({("127.0.0.1", self.port)}))

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append({name.lower(): value for name, value in request.headers.items()})
        return await self.answer(request)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
async def server(authority: trustme.CA) -> AsyncIterator[Server]:
    async def nothing(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=404)

    made = Server(nothing)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(context)
    app = web.Application()
    app.router.add_get("/{path:.*}", made.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data" / "lists"
    made.mkdir(parents=True, mode=0o700)
    return made
