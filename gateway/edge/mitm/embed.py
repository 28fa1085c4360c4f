"""mitmproxy inside our own process: one Master with four add-ons and options that nobody else sets."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.connection import Client
from mitmproxy.master import Master
from mitmproxy.options import Options

from gateway.edge.gate import Gate
from gateway.edge.mitm.addon import AgeGate
from gateway.edge.mitm.destination import Destinations
from gateway.edge.mitm.login import Logins, Verify
from gateway.edge.mitm.replacements import replaced
from gateway.edge.mitm.settings import ProxySettings
from gateway.edge.mitm.speed import faster
from gateway.edge.mitm.sweeping import sweep
from gateway.edge.reach import Reach
from gateway.hosts.address_book import AddressBook

_CA: Final = "mitmproxy-ca.pem"
_BACKLOG: Final = 1024
_IDLE_SECONDS: Final = 1.0
# Options that sign with the published key of somebody else's CA (facts: mitmproxy, section 0).
_FOREIGN_KEYS: Final = "emudhra"


class CannotProxy(Exception):  # noqa: N818 - reads as a sentence
    """The proxy cannot start; the text says why."""


class Proxy:
    """The proxy of one process (mitmproxy keeps its master in a global, so there can be only one at a time).

    `sockets`: listening sockets by listener name, which stay their owner's; those that are missing are opened here.
    `verify` checks a login and a password from an address, for listeners that ask for them. `book` is told which names
    live where.
    """

    _alive: ClassVar[bool] = False

    def __init__(
        self,
        settings: ProxySettings,
        gate: Gate,
        sockets: Mapping[str, socket.socket] | None = None,
        verify: Verify | None = None,
        book: AddressBook | None = None,
    ) -> None:
        self.gate = gate
        self._book = book
        self.slower: tuple[str, ...] = ()  # what mitmproxy does itself because its source is not one that we know
        self._settings = settings
        self._given = dict(sockets or {})
        self._verify = verify
        self._sockets: dict[str, socket.socket] = {}
        self._closing = contextlib.ExitStack()
        self._master: Master | None = None
        self._server: Proxyserver | None = None
        self._addon: AgeGate | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns once every listener accepts connections. Raises CannotProxy, UnknownMitmproxy or OSError."""
        if Proxy._alive:
            raise CannotProxy("another proxy runs in this process")
        _refuse_own_ca(self._settings)
        with contextlib.ExitStack() as closing:
            self._sockets = self._opened(closing)
            limits = self._settings.limits
            destinations = Destinations(
                Reach(self._settings.fixed_hosts, self._settings.allow_private),
                resolve_seconds=limits.resolve_seconds,
                connect_seconds=limits.connect_seconds,
                book=self._book,
            )
            closing.callback(destinations.close)
            addon = self._addon = AgeGate(
                self.gate, self._settings, destinations, listener_of=_listener_of, logins=self._logins()
            )
            closing.enter_context(
                replaced(
                    limits=limits,
                    head_begins=addon.doorkeeper.expect_head,
                    ended=lambda why: self.gate.counters.closed.labels(why).inc(),
                    sockets=self._sockets,
                    dial=destinations.open_connection,
                )
            )
            self.slower = closing.enter_context(faster(self.gate.fault))
            for name in self.slower:
                self.gate.counters.stock.labels(name).inc()
            await self._run(addon)
            self._closing = closing.pop_all()

    async def serve(self) -> None:
        """Returns when the proxy has stopped, by `drain`. Raises what ended it otherwise."""
        assert self._running is not None
        await asyncio.shield(self._running)

    async def drain(self, seconds: float) -> None:
        """Accepts nobody new, lets requests end for up to `seconds`, and stops."""
        if self._master is None or self._server is None or self._addon is None or self._running is None:
            return
        self._addon.draining = True
        await self._server.servers.update([])
        give_up = asyncio.get_running_loop().time() + seconds
        while self._server.connections and asyncio.get_running_loop().time() < give_up:
            self._close_connections(idle_only=True)
            await asyncio.sleep(0.05)
        self._close_connections(idle_only=False)
        self._master.shutdown()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self._closing.close()

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._server.connections) if self._server is not None else 0

    def addresses(self) -> Mapping[str, tuple[str, int]]:
        """Where each listener listens: name → (address, port)."""
        return {name: listening.getsockname()[:2] for name, listening in self._sockets.items()}

    def _opened(self, closing: contextlib.ExitStack) -> dict[str, socket.socket]:
        sockets = {}
        for listener in self._settings.listeners:
            given = self._given.get(listener.name)
            if given is None:
                family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
                given = socket.create_server((listener.host, listener.port), family=family, backlog=_BACKLOG)
                closing.callback(given.close)
            sockets[listener.name] = given
        return sockets

    def _logins(self) -> Logins | None:
        if not any(listener.login for listener in self._settings.listeners):
            return None
        if self._verify is None:
            raise CannotProxy("a listener asks for logins, but nothing is there to check them")
        return Logins(self._verify, self._settings.realm)

    async def _run(self, addon: AgeGate) -> None:
        options = Options()
        master = Master(options)
        server = Proxyserver()
        ready = _Ready()
        # Ours after TlsConfig, whose choice for each connection it replaces; a layer that it has chosen, none replaces.
        master.addons.add(server, addon.early, NextLayer(), _Tls(), addon, ready)
        options.update(**fixed_options(self._settings))
        refuse_foreign_keys(options)
        self._master, self._server = master, server
        self._running = asyncio.ensure_future(self._live(master, server, addon))
        waiting = asyncio.ensure_future(ready.event.wait())
        await asyncio.wait({self._running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        broken = [str(listener.last_exception) for listener in server.servers if not listener.is_running]
        if self._running.done() or broken or len(server.servers) != len(self._sockets):
            master.shutdown()
            await self._running
            raise CannotProxy("; ".join(broken) or "mitmproxy ended while starting")

    async def _live(self, master: Master, server: Proxyserver, addon: AgeGate) -> None:
        sweeping = asyncio.gather(
            sweep(server.connections, addon.doorkeeper.late, self.gate.counters),
            addon.open.watch(),
            addon.handshakes.spliced.watch(),
        )
        Proxy._alive = True
        try:
            await master.run()
        finally:
            Proxy._alive = False
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping

    def _close_connections(self, *, idle_only: bool) -> None:
        assert self._server is not None
        for handler in list(self._server.connections.values()):
            watchdog = handler.timeout_watchdog
            busy = watchdog.blocker > 0 or _age(watchdog.last_activity) < _IDLE_SECONDS
            transport = handler.transports.get(handler.client)
            if transport is not None and transport.handler is not None and not (idle_only and busy):
                transport.handler.cancel("drained")


class _Tls(TlsConfig):
    """Serves no list of revoked certificates: no leaf of ours names one (`upstream_cert` is off)."""

    request = None  # type: ignore[assignment]


class _Ready:
    """Tells when mitmproxy says that it runs."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def running(self) -> None:
        self.event.set()


def fixed_options(settings: ProxySettings) -> dict[str, Any]:
    """Every option of mitmproxy that matters to a filter. None is read from a file or an environment."""
    return {
        # The host part is the listener's name: our sockets are found by it, and so is the listener of a client.
        "mode": [f"regular@{listener.name}:{1 + place}" for place, listener in enumerate(settings.listeners)],
        "confdir": str(settings.confdir),
        "connection_strategy": "lazy",  # a refused host is never contacted
        "upstream_cert": False,  # leaves are for the name alone: an excluded name in a CDN's certificate breaks a page
        "rawtcp": False,
        "http3": False,
        "ssl_insecure": False,
        # None: certifi's list; never the operating system's store.
        "ssl_verify_upstream_trusted_ca": str(settings.upstream_ca) if settings.upstream_ca else None,
        "validate_inbound_headers": True,
        "ignore_hosts": [],
        "allow_hosts": [],
        "tcp_hosts": [],
        "udp_hosts": [],
        "show_ignored_hosts": False,
        "stream_large_bodies": None,  # it would send the head before anything is read
        "store_streamed_bodies": False,
        "add_upstream_certs_to_client_chain": False,
        "http2_ping_keepalive": 0,
        "tcp_timeout": settings.limits.idle_seconds,
    }


def refuse_foreign_keys(options: Options) -> None:
    """Raises CannotProxy when an option is on that signs with a published key of somebody else's CA."""
    on = [name for name in options.keys() if name.startswith(_FOREIGN_KEYS) and getattr(options, name)]  # noqa: SIM118
    if on:
        raise CannotProxy(f"mitmproxy's option {on[0]} signs with somebody else's key and must be off")


def _refuse_own_ca(settings: ProxySettings) -> None:
    if not (settings.confdir / _CA).is_file():
        # mitmproxy would make one: RSA, ten years, without constraints.
        raise CannotProxy(f"{settings.confdir / _CA} is missing: the authority must make it first")


def _listener_of(client: Client) -> str | None:
    return client.proxy_mode.custom_listen_host


def _age(moment: float) -> float:
    return time.time() - moment  # mitmproxy's own clock
