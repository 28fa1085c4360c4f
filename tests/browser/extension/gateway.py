"""The real gateway's side: a keeper with its database and its API, in this process."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from tests.edge.verdict_api.conftest import Served, start

_POLICY: Final = """
zone: Asia/Almaty
packs: [kz/169-vi]
stances: {unlabelled: {0: block, 6: allow}, local-allow-up-to: 21}
people:
  dana: {age: adult}
  aru: {age: 9}
block: [{id: no-games, host: games.test}]
data: data
workers: 1
probe: {enabled: false}
"""


class Gateway:
    """What the guardian does, from the thread of the story."""

    def __init__(self, served: Served, loop: asyncio.AbstractEventLoop) -> None:
        self.url, self._served, self._loop = served.url, served, loop

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The control API, as the guardian."""
        answer = self._do(self._served.ask(method, path, body, self._served.token))
        assert answer.status < 300, answer.body
        return answer.body

    def code(self, person: str) -> str:
        return str(self._do(self._served.code(person))["code"])

    def _do[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


def with_gateway(folder: Path, story: Callable[[Gateway], None]) -> None:
    """Tells the story in a thread, because a keeper has the main one: it listens to signals."""

    async def told() -> None:
        async with AsyncExitStack() as stack:
            served = await start(folder, stack, _POLICY)
            await asyncio.to_thread(story, Gateway(served, asyncio.get_running_loop()))

    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(told())
