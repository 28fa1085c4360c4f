"""Who may come in, and how long he may stand in the door: bounds on connections, hosts and unfinished heads.

Without them a client that opens connections and sends nothing, or a head byte by byte, keeps each for two minutes.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from cachetools import TTLCache
from mitmproxy.connection import Client

from gateway.edge.mitm.closing import close_client
from gateway.edge.mitm.names import RequestRefused
from gateway.edge.mitm.settings import Limits

_MINUTE: Final = 60.0
_ADDRESSES: Final = 20_000


class Doorkeeper:
    """Belongs to one proxy. Times are monotonic seconds, addresses those of the clients' sockets."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._here: Counter[str] = Counter()
        self._in_all = 0
        self._unfinished: dict[str, tuple[float, Client]] = {}  # by client id: since when it owes us a head
        self._asked: TTLCache[str, set[str]] = TTLCache(_ADDRESSES, _MINUTE, timer=clock)

    def enter(self, client: Client) -> str | None:
        """A client has connected; a sentence when it is one too many."""
        address = client.peername[0]
        self._here[address] += 1
        self._in_all += 1
        self.expect_head(client)
        if self._in_all > self._limits.connections:
            return "too many connections"
        if self._here[address] > self._limits.client_connections:
            return "too many connections of one client"
        return None

    def leave(self, client: Client) -> None:
        """A client that entered has gone."""
        address = client.peername[0]
        self._in_all -= 1
        self._here[address] -= 1
        if self._here[address] <= 0:
            del self._here[address]
        self.head_came(client)

    def expect_head(self, client: Client) -> None:
        """From now on the client owes us a head, or the rest of its handshake."""
        self._unfinished.setdefault(client.id, (self._clock(), client))

    def head_came(self, client: Client) -> None:
        self._unfinished.pop(client.id, None)

    def late(self) -> Iterable[Client]:
        """The clients whose time for a head ran out; each is told once."""
        before = self._clock() - self._limits.head_seconds
        late = [client for since, client in self._unfinished.values() if since < before]
        for client in late:
            self.head_came(client)
        return late

    def count_leaf(self, client: Client, sni: str | None) -> None:
        """A TLS name that is not the tunnel's costs a certificate as well; the client of one too many is closed."""
        try:
            self.count_host(client, sni or "")
        except RequestRefused:
            close_client(client)

    def count_host(self, client: Client, host: str) -> None:
        """Each new host costs a certificate and a name lookup. Raises RequestRefused when it is one too many."""
        address = client.peername[0]
        hosts = self._asked.get(address)
        if hosts is None:
            hosts = self._asked[address] = set()
        if host not in hosts and len(hosts) >= self._limits.hosts_a_minute:
            raise RequestRefused(429, "too many different hosts within a minute")
        hosts.add(host)
