"""Where the proxy may connect to: a name is resolved here, each address is checked, and that very one is dialled."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Final

from cachetools import TTLCache, cached

from gateway.edge.mitm.names import RequestRefused
from gateway.edge.reach import AddressRefused, Reach
from gateway.hosts.address_book import AddressBook

_KNOWN_SECONDS: Final = 60.0
_UNKNOWN_SECONDS: Final = 5.0
_NAMES: Final = 20_000
_RESOLVING: Final = 32  # threads: a name server that hangs must not stop other names
_ATTEMPT_SECONDS: Final = 3.0  # for one of several addresses

# Set in the task that opens a connection: the host or address that is dialled in place of the one that is named.
ELSEWHERE: Final[ContextVar[str | None]] = ContextVar("elsewhere", default=None)


class Destinations:
    """Resolves, checks and dials. One answer of the resolver serves the check and the dialling: no rebinding.

    `book` is told which names live where.
    """

    def __init__(
        self, reach: Reach, *, resolve_seconds: float, connect_seconds: float, book: AddressBook | None = None
    ) -> None:
        self._reach = reach
        self.book = book or AddressBook()
        self._resolve_seconds, self._connect_seconds = resolve_seconds, connect_seconds
        self._known: TTLCache[str, tuple[str, ...]] = TTLCache(_NAMES, _KNOWN_SECONDS)
        self._unknown: TTLCache[str, str] = TTLCache(_NAMES, _UNKNOWN_SECONDS)
        self._asked: dict[str, asyncio.Task[tuple[str, ...]]] = {}
        self._threads = ThreadPoolExecutor(_RESOLVING, thread_name_prefix="resolving")

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses of the canonical `host` that may be reached at `port`, at least one.

        Raises AddressRefused when there are only forbidden ones, OSError when there are none at all.
        """
        found = await self._resolved(host)
        allowed = tuple(address for address in found if self._allows(address, port))
        if not allowed:
            raise AddressRefused(f"{host} is at {found[0]}, which is not on the public internet")
        return allowed

    def reaches(self, host: str, port: int) -> bool:
        """Whether `addresses` would give some at once."""
        fixed = self._reach.fixed_hosts.get(host)
        found = self._known.get(host, ()) if fixed is None else (fixed,)
        return any(self._allows(address, port) for address in found)

    async def expect(self, host: str, port: int) -> None:
        """Raises RequestRefused where `addresses` raises."""
        try:
            await self.addresses(host, port)
        except AddressRefused as refused:
            raise RequestRefused(403, str(refused)) from None
        except OSError:
            raise RequestRefused(502, f"the name {host} has no address") from None

    async def open_connection(
        self, host: str, port: int, *, local_addr: tuple[str, int] | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Stands in for asyncio.open_connection in mitmproxy. Raises OSError; each address is tried in turn."""
        host = ELSEWHERE.get() or host
        addresses = await self.addresses(host, port)
        fault: OSError = OSError("no address answered in time")
        try:
            async with asyncio.timeout(self._connect_seconds):
                for address in addresses[:-1]:
                    try:
                        async with asyncio.timeout(_ATTEMPT_SECONDS):
                            return await asyncio.open_connection(address, port, local_addr=local_addr)
                    except OSError as refused:  # TimeoutError is one
                        fault = refused
                return await asyncio.open_connection(addresses[-1], port, local_addr=local_addr)
        except TimeoutError:
            pass
        except OSError as refused:
            fault = refused
        raise OSError(f"{host} cannot be reached: {fault.strerror or 'no answer in time'}")

    def close(self) -> None:
        """Lets the resolving threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _allows(self, address: str, port: int) -> bool:
        if (address, port) in self._reach.allow_private:
            return True
        return self._reach.allows(address, port) and not _is_own(address)

    async def _resolved(self, host: str) -> tuple[str, ...]:
        fixed = self._reach.fixed_hosts.get(host)
        if fixed is not None:
            self.book.note(host, (fixed,), time.monotonic())
            return (fixed,)
        known = self._known.get(host)
        if known is not None:
            return known
        try:
            return (str(ip_address(host)),)
        except ValueError:
            pass
        if host in self._unknown:
            raise OSError(self._unknown[host])
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = asyncio.ensure_future(self._ask(host))
            asked.add_done_callback(lambda _: self._asked.pop(host, None))
        # A client that leaves must not take the answer away from the others.
        return await asyncio.shield(asked)

    async def _ask(self, host: str) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        asking = loop.run_in_executor(self._threads, _look_up, host)
        try:
            found = await asyncio.wait_for(asking, self._resolve_seconds)
        except (OSError, UnicodeError):
            self._unknown[host] = f"the name {host} has no address"
            raise OSError(self._unknown[host]) from None
        self._known[host] = found
        self.book.note(host, found, time.monotonic())
        return found


def _look_up(host: str) -> tuple[str, ...]:
    # The order is the system's (RFC 6724).
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@cached(TTLCache(4_096, _KNOWN_SECONDS))
def _is_own(address: str) -> bool:
    """Whether the address is this machine's: only such an address can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return False
    return True
