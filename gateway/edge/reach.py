"""Whom the gateway may connect to: public addresses, and what the installation names."""

import errno
import socket
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from gateway.document.address import is_public_address


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
