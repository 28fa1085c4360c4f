"""A post of the supervisor: one place, the process that works there, and what follows when it ends."""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from gateway.edge.child import Child, Told
from gateway.edge.replaced import ENDED, SILENT, Replaced
from gateway.edge.spare import Spare
from gateway.edge.workers import Place

_DRAIN_SECONDS: Final = 30.0  # of a worker that is followed by another
_GRACE_SECONDS: Final = 5.0
_PAUSE_SECONDS: Final = 0.2
# A process that dies this often within this time will not get better by itself (e.g. a full disk at start).
_DEATHS: Final = 5
_DEATHS_WITHIN: Final = 30.0
_LOOK_SECONDS: Final = 1.0
SILENT_LOOKS: Final = 10  # after which one that should say every second that it is alive is taken for hung
_AGAIN_SECONDS: Final = 10.0  # between tries to start a keeper while the workers go on without


class Post:
    """`hear` is given what the process says after it serves. `spare` is where a process may be taken from.

    `replaced` counts, and `on_replaced` is told when it has.
    """

    def __init__(
        self,
        place: Place,
        say: Callable[[str], None],
        hear: Callable[[Told], None],
        spare: Spare | None,
        replaced: Replaced,
        on_replaced: Callable[[], None],
    ) -> None:
        self.place, self._spare = place, spare
        self._replaced, self._on_replaced = replaced, on_replaced
        self._say, self._hear = say, hear
        self._child: Child | None = None  # the one that serves
        self._others: set[Child] = set()  # those that begin or end
        self._tasks: set[asyncio.Task[None]] = set()
        self._deaths: list[float] = []
        self._vacant = asyncio.Event()
        self._turn = asyncio.Lock()

    async def fill(self) -> Told | None:
        """Starts a process, more than once if need be; its answer, or None when none can live."""
        while (answer := await self._start()) is None:
            if self._dies_too_often():
                self._give_up()
                return None
            await asyncio.sleep(_PAUSE_SECONDS)
        return answer

    async def keep_filled(self, *, for_ever: bool) -> None:
        """Follows each process that ends with another. Returns when none can live, unless it is tried `for_ever`."""
        while True:
            await self._vacant.wait()
            if self._dies_too_often():
                if not for_ever:
                    self._give_up()
                    return
                self._say(f"{self.place.name} ends again and again; the workers go on with what they know meanwhile")
                await asyncio.sleep(_AGAIN_SECONDS)
            elif len(self._deaths) > 1:
                await asyncio.sleep(_PAUSE_SECONDS)
            async with self._turn:
                if self._child is None:
                    await self._start()

    async def renew(self) -> bool:
        """Starts a new process in the place of the one that runs; False when there is none that serves then."""
        async with self._turn:
            old = self._child
            if old is not None and not self.place.overlaps:
                self._others.add(old)
                self._child = None
                await old.end(_GRACE_SECONDS)
                self._others.discard(old)
            if await self._start() is None:
                return False
            if old is not None and self.place.overlaps:
                self._others.add(old)
                self._run(self._drain(old))
            return True

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the process, if there is one."""
        if self._child is not None:
            self._child.signal(number)

    def tell(self, **told: Any) -> None:
        """Sends a line to the process, if there is one."""
        if self._child is not None:
            self._child.tell(**told)

    async def end(self, seconds: float) -> None:
        """Ends whatever runs here."""
        for task in self._tasks:
            task.cancel()
        running = [*self._others, *([self._child] if self._child is not None else [])]
        await asyncio.gather(*(child.end(seconds) for child in running))

    async def _start(self) -> Told | None:
        answer = None
        try:
            replaced = self._replaced.to_json()
            child = await Child.start(self.place, self._hear, self._spare, replaced=replaced)
        except OSError as fault:
            self._say(f"{self.place.name} could not be started: {fault.strerror}")
        else:
            self._others.add(child)
            answer = await child.ready()
            self._others.discard(child)
            if answer is not None:
                self._child = child
                if replaced != (now := self._replaced.to_json()):
                    child.tell(replaced=now)  # counted while it started, after its orders were written
                self._vacant.clear()
                self._run(self._watch(child))
        if self._child is None:
            self._vacant.set()
        return answer

    async def _watch(self, child: Child) -> None:
        ending = asyncio.ensure_future(child.ended())
        why = ENDED
        try:
            while not (await asyncio.wait({ending}, timeout=_LOOK_SECONDS))[0]:
                if self._child is child and child.look() > SILENT_LOOKS:
                    self._say(f"{self.place.name} has not answered for {SILENT_LOOKS} seconds and is killed")
                    why = SILENT
                    child.signal(signal.SIGKILL)
                    await asyncio.wait({ending})
            status = ending.result()
        finally:
            ending.cancel()
        if self._child is child:
            self._say(f"{self.place.name} ended (status {status}); starting another on the same ports")
            self._child = None
            self._replaced.count(self.place.name, why)
            self._on_replaced()
            self._vacant.set()

    async def _drain(self, child: Child) -> None:
        await child.drain(_DRAIN_SECONDS, _GRACE_SECONDS)
        self._others.discard(child)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _dies_too_often(self) -> bool:
        now = time.monotonic()
        self._deaths = [moment for moment in self._deaths if now - moment < _DEATHS_WITHIN] + [now]
        return len(self._deaths) >= _DEATHS

    def _give_up(self) -> None:
        self._say(
            f"{self.place.name} ended {_DEATHS} times within {_DEATHS_WITHIN:.0f} seconds: giving up, ports close"
        )
