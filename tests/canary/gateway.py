"""The gateway as a user starts it, with an origin behind it whose names it knows."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

from tests.canary.client import Proxy
from tests.canary.generator import HOSTS, LISTED, PEOPLE
from tests.canary.origin import Origin
from tests.edge.conftest import Running, free_ports, start

POLICY = f"""extends: home
zone: Asia/Almaty
hosts:
  - {{host: {LISTED}, topics: [adult], source: what only this test knows}}
"""


@dataclass(frozen=True, slots=True)
class Gateway:
    running: Running
    origin: Origin
    proxy: Proxy
    policy: Path


@contextlib.asynccontextmanager
async def gateway(folder: Path, **more: Any) -> AsyncIterator[Gateway]:
    """Starts both; `more` are keys of the installation file."""
    plain, secure, admin, *ports = free_ports(3 + len(PEOPLE))
    by_person = dict(zip(PEOPLE, ports, strict=True))
    context, ca = _certified(folder)
    origin = Origin(context)
    await origin.start(plain, secure)
    policy = folder / "policy.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    network = {
        "hosts": dict.fromkeys((*HOSTS, LISTED), "127.0.0.1"),
        "allow-private": [f"127.0.0.1:{plain}", f"127.0.0.1:{secure}"],
        "connect-ports": [80, 443, plain, secure],
        "upstream-ca": [str(ca)],
    }
    more = {"network": network, "policy": [policy.name], "probe": {"enabled": False}, **more}
    running = await asyncio.to_thread(
        start, folder, {**by_person, "admin": admin, "demo": 0}, drop=("zone", "extends", "demo"), **more
    )
    try:
        yield Gateway(running, origin, Proxy(by_person, plain, secure), policy)
    finally:
        await asyncio.to_thread(running.stop)
        origin.stop()


def _certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    authority, file = trustme.CA(), folder / "origin-ca.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*HOSTS, LISTED).configure_cert(context)
    return context, file


@contextlib.contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="qorgan-canary-") as name:
        yield Path(name)
