"""A client's connection, served without detours: hooks run where they are called for, writes go out together.

Stock mitmproxy takes a lock for every event and starts a task for every hook. Here events stand in a queue and one
loop works through it, so their order is that of the lock; a hook that is done at once costs a function call. A CONNECT
as browsers send it is answered here (gateway.edge.mitm.plain_connect); once one has been answered, by whomever, what
comes through the tunnel goes to the layer in the tunnel alone.
"""

import logging
import time
from collections import deque
from collections.abc import Awaitable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, ClassVar, Final

from mitmproxy.connection import Connection
from mitmproxy.flow import Flow
from mitmproxy.master import Master
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator, Layer, NextLayer
from mitmproxy.proxy.server import ConnectionIO
from mitmproxy.utils import asyncio_utils

from gateway.edge.mitm.dispatch import DirectHooks, Tell, argument_of
from gateway.edge.mitm.ending import take_apart
from gateway.edge.mitm.own_commands import HookBegun, TakeOver
from gateway.edge.mitm.plain_connect import STANDS, PlainConnect, PlainHello, layer_behind, plain_authority
from gateway.edge.mitm.reading import FedHandler
from gateway.edge.mitm.standing_tls import StandingTls
from gateway.edge.mitm.watchdog import Watchdog

_LOOKS: Final = 20  # for TLS that stands; what has not come to it by then is spliced
_LOG: Final = logging.getLogger("mitmproxy.proxy.server")  # where `log` of mitmproxy's handler writes


@lru_cache(maxsize=1)
def fixed(master: Master) -> Any:
    """The options as they are when the first client comes; nobody changes them afterwards.

    mitmproxy makes a deep copy of an option's default at each look.
    """
    return SimpleNamespace(**{name: getattr(master.options, name) for name in master.options.keys()})  # noqa: SIM118


class DirectHandler(FedHandler):
    """Stands in for mitmproxy's handler of a client's connection. A layer that fails closes all its connections."""

    tell: ClassVar[Tell] = lambda _place, _fault: None  # is told that a layer failed, and how
    stands_by: ClassVar[bool] = False  # whether TLS is read and written here once it stands
    answers: ClassVar[bool] = False  # whether a plain CONNECT is answered here

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.timeout_watchdog = self._watchdog = Watchdog(self.timeout_watchdog.timeout, self.on_timeout)
        self.layer.context.options = fixed(self.master)
        self._queue: deque[events.Event] = deque()
        self._working = False
        self._unsent: dict[Connection, list[bytes]] = {}
        self._taken_over = False
        self._start: events.Start | None = None  # while no layer has been given anything
        self._stands = False  # a tunnel does, and nothing has come through it yet
        self._standing: StandingTls | None = None
        self._looked = 0

    def close_now(self) -> None:
        """Closes all connections. Nothing of what waits is sent, and no event is looked at any more."""
        self._closed = True
        self._queue.clear()
        for io in list(self.transports.values()):
            if io.handler is not None:
                io.handler.cancel("closed by the gateway")

    async def handle_client(self) -> None:
        try:
            await super().handle_client()
        finally:
            self._closed, self._standing = True, None
            self._queue.clear()
            self.transports.clear()
            self._watchdog.end()
            take_apart(self.layer)

    async def server_event(self, event: events.Event) -> None:
        self._work(event)

    def _work(self, event: events.Event) -> None:
        if self._closed:
            return
        self._queue.append(event)
        if self._working:
            return  # whoever works through the queue takes it
        self._working = True
        try:
            while self._queue:
                self._take(self._queue.popleft())
            self._send()
        except Exception as fault:  # noqa: BLE001 - after a fault of a layer nobody knows what would come next
            DirectHandler.tell("layer", fault)
            self.close_now()
        finally:
            self._working = False

    async def handle_hook(self, hook: commands.StartHook) -> None:
        """Used by mitmproxy for hooks outside the layers: connections that open and close."""
        data: Any = argument_of(hook)
        waiting = self._hooks.begin(hook.name, data)
        if waiting is not None or (isinstance(data, Flow) and data.intercepted):
            await self._wait(data, waiting)

    def log(self, message: str, level: int = logging.INFO, exc_info: Any = None) -> None:
        if _LOG.isEnabledFor(level):
            super().log(message, level, exc_info)

    @property
    def _hooks(self) -> DirectHooks:
        addons: Any = self.master.addons
        return addons  # type: ignore[no-any-return]

    def _take(self, event: events.Event) -> None:
        self.timeout_watchdog.last_activity = time.time()
        if self.answers and not self._taken_over and self._answer(event):
            return
        if self._stands:
            self._hear(event)
        layer = self.layer
        if self._taken_over and isinstance(layer, NextLayer) and layer.layer is not None and layer._handle is not None:
            layer = self.layer = layer.layer
        work = self._shortcut(layer, event) if type(event) is events.DataReceived and self._taken_over else None
        self._obey_all(layer.handle_event(event) if work is None else work)

    def _answer(self, event: events.Event) -> bool:
        """Whether no layer is given the event: nothing has come yet, or a plain CONNECT, which is answered here."""
        if type(event) is events.Start:
            self._start = event
            return True
        start, self._start = self._start, None
        if start is None:
            return False
        authority = plain_authority(event.data) if type(event) is events.DataReceived else None
        tunnel = self._tunnel_to(authority) if authority is not None else None
        if tunnel is not None:
            self.layer, self._taken_over, self._stands = layer_behind(self.layer.context, tunnel), True, True
            self._unsent.setdefault(self.client, []).append(STANDS)
        self._obey_all(self.layer.handle_event(start))
        return tunnel is not None

    def _tunnel_to(self, authority: bytes) -> tuple[str, int] | None:
        asked = PlainConnect(self.client, authority)
        self._hooks.begin("plain_connect", asked)
        return asked.tunnel

    def _hear(self, event: events.Event) -> None:
        """The first that comes through a tunnel: whether it passes can be told before mitmproxy chooses a layer."""
        self._stands = False
        if type(event) is events.DataReceived:
            said = PlainHello(self.layer.context, event.data)
            self._hooks.begin("plain_hello", said)
            if said.layer is not None:
                self.layer = said.layer
                self._obey_all(self.layer.handle_event(events.Start()))

    def _obey_all(self, work: CommandGenerator[None]) -> None:
        for command in work:
            if self._closed:
                break
            self._obey(command)

    def _shortcut(self, layer: Layer, event: events.DataReceived) -> CommandGenerator[None] | None:
        if self._standing is None:
            if not self.stands_by or self._looked == _LOOKS:
                return None
            self._looked += 1
            self._standing = StandingTls.find(layer)
        return self._standing.take(event) if self._standing is not None else None

    def _obey(self, command: commands.Command) -> None:
        if isinstance(command, commands.SendData):
            self._unsent.setdefault(command.connection, []).append(command.data)
        elif isinstance(command, commands.StartHook):
            self._start_hook(command)
        elif isinstance(command, commands.Log):
            if _LOG.isEnabledFor(command.level):
                self.log(command.message, command.level)
        elif isinstance(command, commands.OpenConnection):
            self._open(command)
        elif isinstance(command, commands.ConnectionCommand):
            self._close(command)
        elif isinstance(command, commands.RequestWakeup):
            self._wake_later(command)
        elif isinstance(command, TakeOver):
            self.layer, self._taken_over, self._between = command.layer, True, command.between
        else:
            raise TypeError(f"a command that is not known: {command}")

    def _start_hook(self, hook: commands.StartHook) -> None:
        data: Any
        waiting: Awaitable[None] | None
        if isinstance(hook, HookBegun):
            data, waiting = hook.flow, hook.waiting
        else:
            data = argument_of(hook)
            waiting = self._hooks.begin(hook.name, data)
        if waiting is not None or (isinstance(data, Flow) and data.intercepted):
            asyncio_utils.create_task(
                self._complete_later(hook, data, waiting),
                name=f"handle_hook({hook.name})",
                keep_ref=True,
                client=self.client.peername,
            )
        elif hook.blocking and not self._closed:
            self._queue.append(events.HookCompleted(hook))

    async def _complete_later(self, hook: commands.StartHook, data: Any, waiting: Awaitable[None] | None) -> None:
        await self._wait(data, waiting)
        if hook.blocking:
            await self.server_event(events.HookCompleted(hook))

    async def _wait(self, data: Any, waiting: Awaitable[None] | None) -> None:
        with self.timeout_watchdog.disarm():
            if waiting is not None:
                await waiting
            if isinstance(data, Flow):
                await data.wait_for_resume()

    def _open(self, command: commands.OpenConnection) -> None:
        opening = asyncio_utils.create_task(
            self.open_connection(command),
            name=f"server connection handler {command.connection.address}",
            keep_ref=False,
            client=self.client.peername,
        )
        if not opening.done():  # it may have been refused already
            self.transports[command.connection] = ConnectionIO(handler=opening)

    def _wake_later(self, command: commands.RequestWakeup) -> None:
        sleeping = asyncio_utils.create_task(
            self.wakeup(command),
            name=f"wakeup timer ({command.delay:.1f}s)",
            keep_ref=False,
            client=self.client.peername,
        )
        self.wakeup_timer.add(sleeping)

    def _close(self, command: commands.ConnectionCommand) -> None:
        connection = command.connection
        if connection not in self.transports:
            return  # it is closed already
        if not isinstance(command, commands.CloseConnection):
            raise TypeError(f"a command that is not known: {command}")
        self._send_to(connection)
        # As stock does for everything in a tunnel: a side that is done closes the connection.
        half = isinstance(command, commands.CloseTcpConnection) and command.half_close and not self._taken_over
        self.close_connection(connection, half)

    def _send(self) -> None:
        while self._unsent and not self._closed:
            self._send_to(next(iter(self._unsent)))

    def _send_to(self, connection: Connection) -> None:
        parts = self._unsent.pop(connection, None)
        io = self.transports.get(connection)
        if parts is None or io is None or io.writer is None or io.writer.is_closing():
            return
        io.writer.write(parts[0] if len(parts) == 1 else b"".join(parts))
