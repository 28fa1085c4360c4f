"""Taking up a changed policy while the gateway runs: built whole beside the old one, swapped between two requests."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.problems import Problem, ProblemsFound
from gateway.store.files import source_line
from gateway.store.watching import watch

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reloaded:
    """How the last attempt ended. `revision` counts the policies taken up; with problems, the old one still holds."""

    revision: int
    problems: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not self.problems


class Reloader[T]:
    """Rebuilds what the files say and swaps it in; a broken file changes nothing but `last`.

    `build` runs in a thread; it reads and compiles, and raises ProblemsFound. `apply` runs on the event loop and must
    only put the new value in its place: nothing else runs meanwhile, so every request sees one policy whole.
    `say` gets the problems as text for the terminal, once for each different set of them.
    """

    def __init__(
        self, *, build: Callable[[], T], apply: Callable[[T], None], say: Callable[[str], None] = _log.error
    ) -> None:
        self.last = Reloaded(revision=0)
        self._build, self._apply, self._say = build, apply, say
        self._busy = asyncio.Lock()

    async def reload(self) -> Reloaded:
        """Builds and swaps; calls that come meanwhile wait and build again, so that none answers with older files."""
        async with self._busy:
            try:
                self._apply(await asyncio.to_thread(self._build))
            except ProblemsFound as found:
                await self._keep_old(found.problems)
            except Exception as fault:  # noqa: BLE001 - whatever broke, the policy that holds goes on holding
                _log.exception("the policy could not be built")
                await self._keep_old([Problem("policy", 1, 1, f"the policy could not be built: {fault!r}")])
            else:
                self.last = Reloaded(self.last.revision + 1)
                _log.info("policy revision %d holds", self.last.revision)
            return self.last

    async def follow(self, paths: Sequence[Path], stop: asyncio.Event) -> None:
        """Reloads whenever a file of `paths` changes, until `stop` is set."""

        async def on_change(_changed: frozenset[Path]) -> None:
            await self.reload()

        await watch(paths, on_change, stop)

    async def _keep_old(self, problems: Sequence[Problem]) -> None:
        before, self.last = self.last, Reloaded(self.last.revision, tuple(problems))
        if self.last != before:
            shown = await asyncio.to_thread(lambda: "\n".join(p.show(source_line(p)) for p in problems))
            self._say(f"{shown}\nThe policy was not changed: the one before still holds.")
