"""A worker process that has loaded everything and waits for its orders, so that a dead one is followed at once."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from gateway.edge.workers import Place

_REFILL_SECONDS: Final = 2.0  # after one was taken: it has the processor to itself until it serves

type Process = asyncio.subprocess.Process


async def spawn(place: Place, fds: Sequence[int]) -> Process:
    """A process at `place` that has no orders yet, with descriptors that it may be told to use. Raises OSError."""
    return await asyncio.create_subprocess_exec(
        *place.command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=tuple(fds),
        start_new_session=True,  # Ctrl-C reaches the supervisor, which then stops its processes in order
    )


class Spare:
    """One for all places of workers: it has the sockets of all, and keeps those that its orders name."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self.fds = tuple(listening.fileno() for place in places for listening in place.sockets.values())
        self._process: Process | None = None
        self._refilling: asyncio.Task[None] | None = None

    def refill(self, seconds: float = _REFILL_SECONDS) -> None:
        """Has one ready again, after a while."""
        if self._refilling is None or self._refilling.done():
            self._refilling = asyncio.create_task(self._refill(seconds))

    def take(self) -> Process | None:
        """The spare process, if there is one that lives."""
        process, self._process = self._process, None
        self.refill()
        return process if process is not None and process.returncode is None else None

    async def drop(self) -> None:
        """Ends it: its code may be old, or the gateway ends."""
        if self._refilling is not None:
            self._refilling.cancel()
            await asyncio.gather(self._refilling, return_exceptions=True)
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _refill(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self._process is None:
            with contextlib.suppress(OSError):  # without one, the next worker takes longer to start
                self._process = await spawn(self._places[0], self.fds)
