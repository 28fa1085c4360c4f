"""The places of a gateway's processes: which sockets each of them gets, and by which command it is started.

The supervisor binds and keeps all sockets. Each worker has sockets of its own on the same ports (SO_REUSEPORT,
socket(7)): the system spreads connections over the workers, and what waits at a dead one's sockets waits for the next.
"""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

ADMIN: Final = "admin:"  # no listener can have this name
DEMO: Final = "demo:"
KEEPER: Final = "keeper:"

_BACKLOG: Final = 4096  # the system cuts it to net.core.somaxconn


class CannotListen(Exception):  # noqa: N818 - reads as a sentence
    """An address or port is taken or not ours; the text names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one process works, and after it the next. `orders` are what it is told, besides its sockets.

    `overlaps`: the next one may begin before the one before it ends.
    """

    name: str
    command: Sequence[str]
    sockets: Mapping[str, socket.socket]
    orders: Mapping[str, Any]
    overlaps: bool


def bind(address: str, port: int, count: int = 1) -> list[socket.socket]:
    """So many listening TCP sockets on one port, which survive their workers.

    Raises CannotListen with the address when it is taken, by another gateway too.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound: list[socket.socket] = []
    try:
        if count > 1:
            # With SO_REUSEPORT a second gateway of the same user would get half of the connections.
            _listen(family, address, port, shared=False).close()
        bound += (_listen(family, address, port, shared=count > 1) for _ in range(count))
    except OSError as fault:
        for listening in bound:
            listening.close()
        sentence = f"cannot listen on {address}:{port}: {fault.strerror}; choose another address or port"
        raise CannotListen(sentence) from fault
    return bound


def _listen(family: socket.AddressFamily, address: str, port: int, *, shared: bool) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind((address, port))
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def places_of(
    listeners: Mapping[str, Sequence[socket.socket]],
    single: Mapping[str, socket.socket],
    keeper: socket.socket,
    keeper_name: str,
    orders: Mapping[str, Any],
) -> list[Place]:
    """The places of all processes, the keeper's first. `listeners` have a socket for each worker; `single` are for one.

    A single worker is the keeper too: one process takes less memory than two. Two keepers never overlap.
    """
    count = len(next(iter(listeners.values())))
    orders = {**orders, "workers": count, "place": 1}
    if count == 1:
        sockets = {**single, **{name: bound[0] for name, bound in listeners.items()}}
        return [Place(name="the worker", command=_command("worker"), sockets=sockets,
                      orders={**orders, "keeper": None}, overlaps=False)]  # fmt: skip
    keepers = Place(name="the keeper", command=_command("keeper"), sockets={**single, KEEPER: keeper},
                    orders={**orders, "keeper": keeper_name}, overlaps=False)  # fmt: skip
    workers = [
        Place(
            name=f"worker {number}",
            command=_command("worker"),
            sockets={name: bound[number - 1] for name, bound in listeners.items()},
            orders={**orders, "keeper": keeper_name, "place": number},
            overlaps=True,
        )
        for number in range(1, count + 1)
    ]
    return [keepers, *workers]


def _command(module: str) -> list[str]:
    """This very Python and package."""
    return [sys.executable, "-m", f"gateway.edge.{module}"]
