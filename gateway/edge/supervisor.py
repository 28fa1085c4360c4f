"""The supervisor: it owns the sockets and keeps a process alive at every place.

A process that dies is followed by another on the same sockets, so a client that connects meanwhile waits in the backlog
instead of finding an open way round; while nobody answers, nothing passes. The supervisor itself never reads traffic.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from typing import Final

from gateway.edge.child import Told
from gateway.edge.post import Post
from gateway.edge.replaced import Replaced
from gateway.edge.spare import Spare
from gateway.edge.workers import Place

# Together less than the ten seconds that container engines give.
_WORKERS_STOP_SECONDS: Final = 5.0
_KEEPER_STOP_SECONDS: Final = 3.0

Say = Callable[[str], None]


class Supervisor:
    """Runs a process at each of `places`, the keeper's place first, until it is told to stop.

    `on_ready` gets the first place's answer when all serve. `check` is called before processes are followed by new
    ones: it gives what speaks against it, or None.
    """

    def __init__(
        self,
        places: Sequence[Place],
        on_ready: Callable[[Told], None] = lambda _: None,
        say: Say = lambda _: None,
        check: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._on_ready, self._say, self._check = on_ready, say, check
        workers = places[1:]
        self._spare = Spare(workers) if workers else None
        self._replaced = Replaced()
        spares = [None, *(self._spare for _ in workers)]
        self._posts = [
            Post(place, say, self._hear, spare, self._replaced, self._tell_replaced)
            for place, spare in zip(places, spares, strict=True)
        ]
        self._stop = asyncio.Event()
        self._all_serve = False
        self._restarting: asyncio.Task[None] | None = None

    def run(self) -> int:
        """Blocks until a signal stops it. Returns the exit status: 0 after a stop, 1 when a process cannot live."""
        return asyncio.run(self._run())

    async def _run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._posts[0].signal(signal.SIGHUP))
        loop.add_signal_handler(signal.SIGUSR2, lambda: self._hear({"restart": "asked for by SIGUSR2"}))
        living = asyncio.create_task(self._live())
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({living, stopped}, return_when=asyncio.FIRST_COMPLETED)
        status = 1 if living.done() and not self._stop.is_set() else 0
        for task in (living, stopped, self._restarting):
            if task is not None:
                task.cancel()
        results = await asyncio.gather(living, stopped, return_exceptions=True)
        await self._end()
        fault = next((each for each in results if isinstance(each, Exception)), None)
        if fault is not None:
            raise fault
        return status

    async def _live(self) -> None:
        """Returns when a place cannot be filled."""
        keeper, *workers = self._posts
        answer = await keeper.fill()
        if answer is None or None in await asyncio.gather(*(post.fill() for post in workers)):
            return
        self._on_ready(answer)
        self._all_serve = True
        if self._spare is not None:
            self._spare.refill()
        lone = not workers
        keeping = [asyncio.create_task(keeper.keep_filled(for_ever=not lone))]
        keeping += [asyncio.create_task(post.keep_filled(for_ever=False)) for post in workers]
        try:
            await asyncio.wait(keeping, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    def _tell_replaced(self) -> None:
        """The keeper's own successor gets it with its orders."""
        self._posts[0].tell(replaced=self._replaced.to_json())

    def _hear(self, told: Told) -> None:
        """What a process says later: that all should be started anew, and why."""
        idle = self._restarting is None or self._restarting.done()
        if "restart" in told and self._all_serve and idle:
            self._restarting = asyncio.create_task(self._restart(str(told["restart"])))

    async def _restart(self, why: str) -> None:
        """Place by place, so that somebody always serves; the first that cannot be started anew ends it."""
        against = await asyncio.to_thread(self._check)
        if against is not None:
            self._say(f"{against}\nNothing was started anew ({why}).")
            return
        for post in self._posts:
            if self._spare is not None:
                await self._spare.drop()
            if not await post.renew():
                self._say(f"{post.place.name} could not be started anew ({why}); the others go on as they are")
                return
        self._say(f"started anew: {why}")

    async def _end(self) -> None:
        keeper, *workers = self._posts
        if self._spare is not None:
            await self._spare.drop()
        await asyncio.gather(*(post.end(_WORKERS_STOP_SECONDS) for post in workers))
        await keeper.end(_KEEPER_STOP_SECONDS if workers else _WORKERS_STOP_SECONDS + _KEEPER_STOP_SECONDS)
