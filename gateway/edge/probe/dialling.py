"""How a visit connects: to public addresses only, judged on the very address that is dialled.

A name is resolved once and the answer is dialled, so a second DNS answer (rebinding) has no effect; an address that
stands in the URL itself passes the same check, because the check is made where the socket is.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Final

from aiohttp import TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.edge.reach import Reach

_KEEP_ALIVE_SECONDS: Final = 2.0  # long enough for the label files after the front page


class FixedFirst(AbstractResolver):
    """Names that the installation fixes, then the system's resolver."""

    def __init__(self, fixed_hosts: Mapping[str, str], names: AbstractResolver) -> None:
        self._fixed_hosts, self._names = fixed_hosts, names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`. Raises OSError when it has none."""
        address = self._fixed_hosts.get(host.removesuffix("."))
        if address is None:
            return await self._names.resolve(host, port, family)
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=flags)]

    async def close(self) -> None:
        await self._names.close()


def connector(reach: Reach, trust: ssl.SSLContext, *, connections: int) -> TCPConnector:
    """A connector of at most `connections` connections that dials nothing but what `reach` allows. Needs a loop."""
    return TCPConnector(
        resolver=FixedFirst(reach.fixed_hosts, ThreadedResolver(asyncio.get_running_loop())),
        socket_factory=reach.open_socket,
        ssl=trust,
        limit=connections,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        use_dns_cache=False,
        # With several addresses each is tried in turn; racing them can hang with eager tasks (cpython issue 124309).
        happy_eyeballs_delay=None,
    )
