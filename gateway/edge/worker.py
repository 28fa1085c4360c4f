"""A worker process: proxy, probe, journal, control API and demo site on one event loop.

Started by the supervisor (gateway/edge/workers.py) with one JSON line on standard input; answers with one JSON line on
standard output once it serves; ends when standard input ends or on SIGTERM.
"""

import asyncio
import contextlib
import gc
import json
import logging
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gateway.edge.assembly import Assembly, assemble
from gateway.edge.installation import read_installation
from gateway.edge.workers import adopt

_DRAIN_SECONDS: Final = 3.0
_COLLECTED_AFTER: Final = (10_000, 20, 20)  # new objects; young and middle collections

_log = logging.getLogger(__name__)


def main() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # These tell of every broken page and handshake of the web; what matters of them is counted.
    for name in ("asyncio", "hpack", "hypercorn", "mitmproxy", "quic"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    orders = json.loads(sys.stdin.readline())
    asyncio.run(work(orders))


async def work(orders: Mapping[str, Any]) -> None:
    """Serves until it is told to stop. `orders`: sockets (name → descriptor), config and data (paths or null)."""
    paths = [Path(orders[key]) if orders[key] else None for key in ("config", "data")]
    installation = read_installation(*paths)
    sockets = {name: adopt(fd) for name, fd in orders["sockets"].items()}
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Nothing more is ever written there: it becomes readable when the supervisor is gone, and then so is this worker.
    loop.add_reader(sys.stdin.fileno(), stop.set)
    async with contextlib.AsyncExitStack() as stack:
        assembly = await assemble(installation, sockets, stack)
        spare_the_collector()
        loop.add_signal_handler(signal.SIGHUP, lambda: _reload(assembly))
        sys.stdout.write(json.dumps(assembly.summary()) + "\n")
        sys.stdout.flush()
        await _until_stopped(assembly, stop)
        await assembly.proxy.drain(_DRAIN_SECONDS)


def spare_the_collector() -> None:
    """Keeps what lives as long as the worker out of the cyclic collector's sight.

    A full collection goes through every rule, host and label: a tenth of a second in which nobody is served, and a
    tenth of all CPU. What is new is looked at less often; bodies are let go without it (gateway.edge.mitm.hold).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


def _reload(assembly: Assembly) -> None:
    task = asyncio.ensure_future(assembly.reloader.reload())
    assembly.tasks.add(task)
    task.add_done_callback(assembly.tasks.discard)


async def _until_stopped(assembly: Assembly, stop: asyncio.Event) -> None:
    """Returns when `stop` is set; a proxy that ends by itself ends the worker, and the supervisor starts another."""
    proxy = asyncio.ensure_future(assembly.proxy.serve())
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({proxy, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if proxy.done() and not stop.is_set():
        _log.critical("the proxy ended by itself", exc_info=proxy.exception())
        sys.exit(1)
    proxy.cancel()


if __name__ == "__main__":
    main()
