"""Puts a worker together: gate, proxy, and its copy of what the keeper keeps."""

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import secrets
import sys
from collections.abc import Mapping
from typing import Any, Final

from gateway.edge.gate import Gate
from gateway.edge.guesses import Guarded
from gateway.edge.inquiry import Ruling
from gateway.edge.mitm.embed import Proxy
from gateway.edge.passwords import Passwords
from gateway.edge.process import Figures, Orders, Stop
from gateway.edge.proxy_settings import settings_of
from gateway.edge.reading import warm_up
from gateway.edge.retention import keeping_of
from gateway.edge.ruling import label_data
from gateway.edge.sights import Sights
from gateway.edge.worker.contact import Contact, Dial
from gateway.edge.worker.rulings import Rulings
from gateway.store.recorder import Recorder

_COLLECTED_AFTER: Final = (10_000, 20, 20)  # new objects; young and middle collections

_log = logging.getLogger(__name__)


class Worker:
    """Made by `assemble`; `serve` lets it work until it is told to stop."""

    def __init__(self, orders: Orders, dial: Dial, stack: contextlib.AsyncExitStack) -> None:
        installation = orders.installation
        identity = secrets.token_hex(8)
        self._figures = Figures()
        keeping = keeping_of(installation)
        self._recorder = Recorder(keeping)
        sights = Sights(keeping, on_lost=lambda what: self.gate.counters.lost.labels(what).inc())
        self.contact = Contact(
            dial,
            Rulings(installation.data, self._swap),
            self._recorder,
            introduce=lambda: {"id": identity, "place": orders.place, "pid": os.getpid()},
            figures=self.figures,
            workers=orders.workers,
            on_lost=lambda what: self.gate.counters.lost.labels(what).inc(),
            sights=sights,
        )
        self.gate = Gate(
            None,
            record=self._recorder.record,
            probe=self.contact.visits if installation.shape.probe.enabled else None,
            trouble=lambda: self.contact.trouble,
            standing=self.contact.held,
            sights=sights,
        )
        stack.callback(self.gate.close)
        passwords = Passwords(installation.shape.logins)
        stack.callback(passwords.close)
        logins = Guarded(passwords.verify, self.contact.guesses.take, self.contact.guesses.give_back)
        settings = settings_of(installation, orders.confdir)
        self.proxy = Proxy(settings, self.gate, orders.sockets, logins.verify, self.contact.book)

    def _swap(self, ruling: Ruling) -> None:
        self.gate.swap(ruling)

    def figures(self) -> Mapping[str, Any]:
        """How it does, in JSON values."""
        samples = self.gate.counters.samples()
        return {
            **self._figures.to_json(),
            "connections": self.proxy.connections,
            "requests": int(sum(value for name, _, value in samples if name == "qorgan_requests")),
            "revision": self.gate.ruling.revision if self.gate.ruling else None,
            "slower": list(self.proxy.slower),
            "counters": samples,
        }

    async def start(self, stack: contextlib.AsyncExitStack) -> None:
        """Returns once it serves: the keeper has told everything, and the proxy accepts connections."""
        keeping_contact = asyncio.create_task(self.contact.run())
        stack.push_async_callback(_end, keeping_contact)
        warm_up(label_data())
        await self.contact.complete.wait()
        await self.proxy.start()
        spare_the_collector()
        give_back()

    async def serve(self, stop: Stop) -> None:
        """Until `stop` is set, and then until the requests on their way have ended.

        A proxy that ends by itself ends the process, and the supervisor starts another.
        """
        proxy = asyncio.ensure_future(self.proxy.serve())
        stopped = asyncio.ensure_future(stop.event.wait())
        await asyncio.wait({proxy, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if proxy.done() and not stop.event.is_set():
            _log.critical("the proxy ended by itself", exc_info=proxy.exception())
            sys.exit(1)
        proxy.cancel()
        await self.proxy.drain(stop.seconds)


def spare_the_collector() -> None:
    """Keeps what lives as long as the worker out of the cyclic collector's sight.

    A full collection goes through every rule, host and label: a tenth of a second in which nobody is served, and a
    tenth of all CPU. What is new is looked at less often; bodies are let go without it (gateway.edge.mitm.hold).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


def give_back() -> None:
    """Returns what the start has freed to the system: 19 MB that the first token's argon2id took stay in a thread's
    arena otherwise (malloc_trim(3), of the GNU C library; elsewhere nothing is done)."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
