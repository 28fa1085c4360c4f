"""Ends connections on which nothing comes, with one timer each; mitmproxy has a task for each."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from mitmproxy.proxy.server import TimeoutWatchdog


class Watchdog(TimeoutWatchdog):
    """Stands in for mitmproxy's. `timeout` in seconds; `callback` is called once, when so long nothing has come."""

    def __init__(self, timeout: int, callback: Callable[[], Awaitable[None]]) -> None:
        super().__init__(timeout, callback)
        self._timer: asyncio.TimerHandle | None = None
        self._calling: asyncio.Future[None] | None = None

    async def watch(self) -> None:
        """Begins to watch, and does not wait for the end of it."""
        self._look_in(self.timeout)

    def end(self) -> None:
        """Watches no longer, and lets go of whom it would have called."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self.callback = None, _nothing

    def _look_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        left = self.last_activity + self.timeout - time.time()
        if self.blocker or left > 0:
            self._look_in(self.timeout if self.blocker else left)
        else:
            self._calling = asyncio.ensure_future(self.callback())


async def _nothing() -> None:
    """In the place of what is not to be called any more."""
