"""The add-on inside somebody else's mitmproxy: what `Proxy` sets for itself is only checked here."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Client

from gateway.edge.gate import Gate
from gateway.edge.installation import Installation, read_installation
from gateway.edge.mitm.addon import AgeGate
from gateway.edge.mitm.destination import Destinations
from gateway.edge.mitm.replacements import replaced
from gateway.edge.mitm.settings import ProxySettings
from gateway.edge.mitm.sweeping import sweep
from gateway.edge.reach import Reach
from gateway.edge.ruling import build_ruling
from gateway.problems import ProblemsFound

_log = logging.getLogger(__name__)

# Options with which pages would pass unread, or strangers be trusted; each with the only value that will do.
_NEEDED: Final[dict[str, Any]] = {
    "connection_strategy": "lazy",
    "rawtcp": False,
    "validate_inbound_headers": True,
    "ssl_insecure": False,
    "stream_large_bodies": None,
    "ignore_hosts": [],
    "allow_hosts": [],
    "tcp_hosts": [],
    "udp_hosts": [],
    "emudhra": False,
    "emudhra_old": False,
}


class AgeGateScript:
    """Loaded by mitmproxy. Until its options fit and a policy is read, everything is refused.

    `qorgan_config` names an installation file, which may hold the policy too; `qorgan_listener` is the name by which
    the policy knows this proxy's clients.
    """

    def __init__(self) -> None:
        self.addons: list[AgeGate] = []  # mitmproxy calls their hooks after ours
        self._gate = Gate(None)
        self._closing = contextlib.ExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._runs = False

    def load(self, loader: Loader) -> None:
        loader.add_option("qorgan_config", str, "", "The gateway's installation or policy file.")
        loader.add_option("qorgan_listener", str, "proxy", "The name by which the policy knows clients of this proxy.")

    def configure(self, updated: set[str]) -> None:
        """Takes up a policy, or closes: at the start, and whenever an option changes."""
        if not self.addons or "qorgan_config" in updated:
            self._install(self._read(ctx.options.qorgan_config))
        if needs := _needs():
            self._gate.swap(None)
            _log.error("everything is refused until mitmproxy runs with %s", ", ".join(needs))

    def running(self) -> None:
        server = ctx.master.addons.get("proxyserver")
        self._runs = True
        self._tasks.append(asyncio.ensure_future(sweep(server.connections, self._late, self._gate.counters)))
        for addon in self.addons:
            self._watch(addon)

    def done(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._closing.close()
        self._gate.close()

    def _watch(self, addon: AgeGate) -> None:
        """What is open for long is judged again and again, also under an add-on in whose place another one stands."""
        self._tasks += [
            asyncio.ensure_future(addon.open.watch()),
            asyncio.ensure_future(addon.handshakes.spliced.watch()),
        ]

    def _late(self) -> list[Client]:
        return [client for addon in self.addons for client in addon.doorkeeper.late()]

    def _read(self, file: str) -> Installation | None:
        """Puts the policy of `file` in force, or none."""
        self._gate.swap(None)
        if not file:
            _log.error("everything is refused until an installation or policy file is named: --set qorgan_config=FILE")
            return None
        try:
            installation = read_installation(Path(file))
            ruling = build_ruling(installation)
            self._gate.swap(ruling)
            if ruling.policy.lists and ruling.hosts.listed is None:
                _log.error("the policy's lists say nothing: this add-on asks those that `qorgan run` has compiled")
        except ProblemsFound as found:
            _log.error("everything is refused until these are mended:\n%s", "\n".join(p.show() for p in found.problems))
            return None
        return installation

    def _install(self, installation: Installation | None) -> None:
        """Puts the add-on in place; without an installation, with a gate that refuses everything."""
        settings = ProxySettings(listeners=(), confdir=Path(ctx.options.confdir))
        if installation is not None:
            network = installation.shape.network
            settings = replace(
                settings,
                connect_ports=frozenset(network.connect_ports),
                allow_private=installation.allow_private,
                fixed_hosts=network.hosts,
                limits=installation.shape.limits.to_limits(),
            )
        destinations = Destinations(
            Reach(settings.fixed_hosts, settings.allow_private),
            resolve_seconds=settings.limits.resolve_seconds,
            connect_seconds=settings.limits.connect_seconds,
        )
        self._closing.close()
        self._closing.callback(destinations.close)
        addon = AgeGate(self._gate, settings, destinations, listener_of=_listener_of)
        self._closing.enter_context(
            replaced(
                limits=settings.limits,
                head_begins=addon.doorkeeper.expect_head,
                ended=lambda why: self._gate.counters.closed.labels(why).inc(),
                dial=destinations.open_connection,
            )
        )
        self.addons[:] = [addon]
        if self._runs:
            self._watch(addon)


def _listener_of(_client: Client) -> str:
    name: str = ctx.options.qorgan_listener
    return name


def _needs() -> list[str]:
    """Every option that does not fit, as the person has to set it."""
    options = ctx.options
    wrong = [f"{name}={_written(value)}" for name, value in _NEEDED.items() if getattr(options, name, value) != value]
    return wrong + [f"mode=regular instead of {mode}" for mode in options.mode if mode.partition("@")[0] != "regular"]


def _written(value: object) -> str:
    return str(value).lower() if value else "false" if value is False else "(nothing)"
