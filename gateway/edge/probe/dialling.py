"""Whom a visit may connect to: public addresses only, judged on the very address that is dialled.

A name is resolved once and the answer is dialled, so a second DNS answer (rebinding) has no effect; an address that
stands in the URL itself passes the same check, because the check is made where the socket is.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.document.address import is_public_address

_KEEP_ALIVE_SECONDS: Final = 2.0  # long enough for the label files after the front page


class AddressRefused(OSError):  # noqa: N818 - a refusal of ours, not an error of the system
    """The destination is not on the public internet and the installation does not name it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the gateway may reach, as the installation file says (`network.hosts`, `network.allow_private`)."""

    fixed_hosts: Mapping[str, str] = field(default_factory=dict)  # canonical host → IP address
    allow_private: Set[tuple[str, int]] = frozenset()  # (address, port) in canonical form

    def allows(self, address: str, port: int) -> bool:
        """Whether a connection to `address` (as a socket has it) and `port` may be made."""
        return is_public_address(address) or (address, port) in self.allow_private

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for one getaddrinfo tuple, made only for an allowed destination. Raises AddressRefused."""
        family, kind, protocol, _, destination = info
        address, port = destination[0], destination[1]
        zoned = family == socket.AF_INET6 and destination[3] != 0  # RFC 4007: a link of this machine
        if zoned or not self.allows(address, port):
            raise AddressRefused(errno.EACCES, f"{address} port {port} is not on the public internet")
        return socket.socket(family, kind, protocol)


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
