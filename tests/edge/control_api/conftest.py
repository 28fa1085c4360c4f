"""A control API on real sockets; behind it is the gateway of gateway.py. (test_tokens.py has the real database.)"""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from gateway.edge.control_api.app import control_api, serve
from gateway.edge.control_api.tokens import Tokens, new_token
from gateway.store.state import TokenHash
from tests.edge.control_api.gateway import Gateway


@dataclass
class Served:
    """A running API: where it is and what its token is."""

    url: str
    port: int
    token: str
    gateway: Gateway

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Remembered:
    """Hashes in memory: two hundred tests need not each open a database."""

    def __init__(self) -> None:
        self.hashes: tuple[TokenHash, ...] = ()

    async def token_hashes(self) -> tuple[TokenHash, ...]:
        return self.hashes

    async def replace_tokens(self, token: TokenHash) -> None:
        self.hashes = (token,)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Remembered, str]:
    """One token for all tests: making it costs what argon2 costs."""
    store = Remembered()
    return store, asyncio.run(new_token(store, tmp_path_factory.mktemp("data")))


def listening() -> socket.socket:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def served(made: tuple[Remembered, str], gateway: Gateway) -> AsyncIterator[Served]:
    store, token = made
    tokens, bound = Tokens(store), listening()
    port = bound.getsockname()[1]
    runner = await serve(control_api(gateway.console(), tokens, ["gate.home"]), bound)
    yield Served(f"http://127.0.0.1:{port}", port, token, gateway)
    await runner.cleanup()
    tokens.close()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session
