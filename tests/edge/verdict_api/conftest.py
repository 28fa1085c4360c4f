"""A keeper as it runs, in this process: real database, real HTTP, real policy; and devices that are paired with it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from gateway.edge.installation import read_installation
from gateway.edge.keeper.assembly import Keeper, start_keeper
from gateway.edge.process import Orders
from gateway.edge.workers import ADMIN

CONFIG = """
extends: home
zone: Asia/Almaty
people:
  dana: {age: adult}
  daniyar: {age: 15}
  aigerim: {age: 8}
  sanzhar: {age: 10}
  erlan: {age: 12}
block: [{host: games.example, for: aigerim}]
data: data
workers: 1
probe: {enabled: false}
retention: {hosts: true}
"""


@dataclass
class Answer:
    status: int
    headers: Any
    body: Any


@dataclass
class Served:
    """`url` is where the API is, `token` the guardian's."""

    url: str
    token: str
    data: Path
    client: aiohttp.ClientSession
    keeper: Keeper

    async def ask(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Answer:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        async with self.client.request(method, self.url + path, json=body, headers=fields) as response:
            is_json = response.content_type.endswith("json")
            content = await (response.json(content_type=None) if is_json else response.read())
            return Answer(response.status, response.headers, content)

    async def code(self, person: str, **asked: Any) -> dict[str, Any]:
        """A pairing code as its guardian sees it."""
        answer = await self.ask("POST", f"/api/v1/people/{person}/pairing", asked, self.token)
        assert answer.status == 200, answer.body
        offered: dict[str, Any] = answer.body
        return offered

    async def pair(self, code: str, name: str = "a laptop") -> Answer:
        body = {"code": code, "name": name, "browser": "Chrome 156", "version": "1.0"}
        return await self.ask("POST", "/addon/v1/pair", body)

    async def device(self, person: str) -> "Device":
        """A newly paired device of somebody."""
        paired = await self.pair((await self.code(person))["code"])
        assert paired.status == 200, paired.body
        return Device(self, paired.body["device"], paired.body["token"], paired.body)


@dataclass
class Device:
    served: Served
    id: str
    token: str
    paired: dict[str, Any]

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.served.ask("GET", f"/addon/v1/{path}", None, self.token, **headers)

    async def post(self, path: str, **body: Any) -> Answer:
        return await self.served.ask("POST", f"/addon/v1/{path}", body, self.token)

    async def verdict(self, url: str, **more: Any) -> dict[str, Any]:
        answer = await self.post("verdict", url=url, **more)
        assert answer.status == 200, answer.body
        verdict: dict[str, Any] = answer.body
        return verdict

    async def alive(self) -> dict[str, Any]:
        answer = await self.post("heartbeat", version="1.1", browser="Chrome 157", state="on", incognito=True)
        assert answer.status == 200, answer.body
        told: dict[str, Any] = answer.body
        return told


def listening() -> socket.socket:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


async def start(folder: Path, stack: AsyncExitStack, config: str = CONFIG) -> Served:
    """A keeper without workers whose files lie in `folder`; a second one may follow the first there."""
    bound = listening()
    port = bound.getsockname()[1]
    file = folder / "qorgan.yaml"
    file.write_text(f"{config}\nadmin: {{port: {port}}}\n", encoding="utf-8")
    installation = await asyncio.to_thread(read_installation, file)
    orders = Orders(installation=installation, sockets={ADMIN: bound}, confdir=folder)
    keeper = await start_keeper(orders, stack)
    client = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
    token = (folder / "data" / "admin-token").read_text().strip()
    return Served(f"http://127.0.0.1:{port}", token, folder / "data", client, keeper)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with AsyncExitStack() as stack:
        yield await start(tmp_path_factory.mktemp("keeper"), stack)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def child(served: Served) -> Device:
    """A device of aigerim, who is 8."""
    return await served.device("aigerim")
