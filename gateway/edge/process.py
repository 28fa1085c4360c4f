"""What a worker and the keeper have in common as processes: their orders, how they say that they serve, how they end.

Started by the supervisor (gateway/edge/supervisor.py) with one JSON line on standard input; answers with one on
standard output once it serves. It ends on SIGTERM, when standard input ends (then the supervisor is gone), or slowly
when a line there says `drain` and how many seconds. Each second it says on standard output that it is alive, from the
event loop that serves: one that is stopped or blocked is silent, and the supervisor puts another in its place.
"""

import asyncio
import contextlib
import json
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gateway.edge.installation import Installation, read_installation
from gateway.edge.replaced import Replaced

ALIVE: Final = "alive"
_ALIVE_EVERY: Final = 1.0  # seconds
_SPARE: Final = "qorgan-spare"
_STOP_SECONDS: Final = 3.0
# These tell of every broken page and handshake of the web; what matters of them is counted.
_SILENT: Final = ("asyncio", "hpack", "hypercorn", "mitmproxy", "quic")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """`sockets` are listening sockets by name; `place` is the worker's number; `keeper` is where the keeper is found.

    `keeper` None: this process is worker and keeper at once. `replaced` is kept up to date by the supervisor.
    """

    installation: Installation
    sockets: Mapping[str, socket.socket]
    confdir: Path
    place: int = 1
    workers: int = 1
    keeper: str | None = None
    replaced: Replaced = field(default_factory=Replaced)


@dataclass(slots=True)
class Stop:
    """Set once: then the process ends, and lets requests end for up to `seconds`."""

    event: asyncio.Event = field(default_factory=asyncio.Event)
    seconds: float = _STOP_SECONDS

    def ask(self, seconds: float = _STOP_SECONDS) -> None:
        self.seconds = seconds
        self.event.set()


Main = Callable[[Orders, Stop], Awaitable[None]]


def run(main: Main, name: str, load: Callable[[], None] = lambda: None) -> None:
    """Runs `main` with the orders that come on standard input; `load` first loads what it needs.

    `name` is what the system's tools show, at most 15 letters (proc(5), comm).
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for silent in _SILENT:
        logging.getLogger(silent).setLevel(logging.CRITICAL)
    _be_called(_SPARE)
    load()
    line = sys.stdin.readline()
    if line:  # else the supervisor is gone, or needs no spare process
        _be_called(name)
        asyncio.run(_run(main, json.loads(line)))


def _be_called(name: str) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


async def _run(main: Main, told: Mapping[str, Any]) -> None:
    for descriptor in told["close"]:
        os.close(descriptor)
    config, data = (Path(told[key]) if told[key] else None for key in ("config", "data"))
    orders = Orders(
        installation=read_installation(config, data),
        sockets={name: socket.socket(fileno=fd) for name, fd in told["sockets"].items()},
        confdir=Path(told["confdir"]),
        place=told["place"],
        workers=told["workers"],
        keeper=told["keeper"],
    )
    orders.replaced.take(told["replaced"])
    stop = Stop()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.ask)
    beside = [asyncio.create_task(_listen(stop, orders.replaced)), asyncio.create_task(_say_alive())]
    try:
        await main(orders, stop)
    finally:
        for task in beside:
            task.cancel()


async def _say_alive() -> None:
    while True:
        # A supervisor that is stopped reads nothing: its workers must not wait for it.
        if select.select([], [sys.stdout], [], 0)[1]:
            with contextlib.suppress(OSError):  # it is gone, which the end of standard input tells
                sys.stdout.write(json.dumps(ALIVE) + "\n")
                sys.stdout.flush()
        await asyncio.sleep(_ALIVE_EVERY)


async def _listen(stop: Stop, replaced: Replaced) -> None:
    """Follows the supervisor's words until there are no more."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        try:
            told = json.loads(line)
            if "replaced" in told:
                replaced.take(told["replaced"])
            else:
                stop.ask(float(told["drain"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            _log.error("the supervisor said %r", line)
    stop.ask()


def tell_supervisor(**told: Any) -> None:
    """A line for the supervisor."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A message for whoever started the gateway."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Figures:
    """How much this process takes."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def to_json(self) -> dict[str, Any]:
        """The process's number, its age in seconds, and the bytes of memory that it holds (proc(5), statm)."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return {
            "pid": os.getpid(),
            "uptime": round(time.monotonic() - self._started, 1),
            "rss": pages * os.sysconf("SC_PAGESIZE"),
        }
