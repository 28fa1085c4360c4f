"""A process that the supervisor has started: its orders, its words, and how it is ended."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

from gateway.edge.process import ALIVE
from gateway.edge.spare import Spare, spawn
from gateway.edge.workers import Place

READY_SECONDS: Final = 60.0

type Told = Mapping[str, Any]


class Child:
    """Gets its orders as one JSON line on standard input and answers with one on standard output once it serves.

    Lines that come later are given to `hear`. The end of its standard input means to it: stop.
    """

    def __init__(self, process: asyncio.subprocess.Process, hear: Callable[[Told], None]) -> None:
        self._process, self._hear = process, hear
        self._listening: asyncio.Task[None] | None = None
        self._looks = 0  # since it last said something

    @classmethod
    async def start(cls, place: Place, hear: Callable[[Told], None], spare: Spare | None = None, **more: Any) -> Self:
        """Starts a process at `place`, or takes the spare one; `more` are orders besides. Raises OSError."""
        fds = {name: listening.fileno() for name, listening in place.sockets.items()}
        process = spare.take() if spare is not None else None
        others = set(spare.fds) - set(fds.values()) if spare is not None and process is not None else set()
        child = cls(process or await spawn(place, tuple(fds.values())), hear)
        child.tell(**place.orders, **more, sockets=fds, close=sorted(others))
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.returncode

    async def ready(self) -> Told | None:
        """What it answers when it serves; None when it ended before that. One that hangs is killed."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(READY_SECONDS):
                while (answer := json.loads(await self._process.stdout.readline() or "null")) == ALIVE:
                    pass
        except (TimeoutError, ValueError):
            answer = None
        if not isinstance(answer, dict):
            await self.end(0.0)
            return None
        self._listening = asyncio.create_task(self._listen())
        return answer

    async def ended(self) -> int:
        """Waits for its end; the exit status."""
        return await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def end(self, seconds: float) -> None:
        """Stops it, by force when it has not ended after `seconds`."""
        if seconds > 0:
            self.signal(signal.SIGTERM)
        await self._end_within(seconds)

    async def drain(self, seconds: float, grace: float) -> None:
        """Lets it end what it has begun for up to `seconds`; after `grace` more it is killed."""
        self.tell(drain=seconds)
        await self._end_within(seconds + grace)

    async def _end_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._process.wait()
        except TimeoutError:
            self.signal(signal.SIGKILL)
            await self._process.wait()
        if self._listening is not None:
            self._listening.cancel()

    def look(self) -> int:
        """How often this was asked since the process last said something.

        Looks are counted, not seconds: where everything was stopped for a while, nobody was silent for longer.
        """
        self._looks += 1
        return self._looks

    def tell(self, **told: Any) -> None:
        """Sends a line to the process."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended: whoever waits for it sees that
            self._process.stdin.write(json.dumps(told).encode() + b"\n")

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self._looks = 0
            with contextlib.suppress(ValueError):
                told = json.loads(line)
                if told != ALIVE:
                    self._hear(told)
