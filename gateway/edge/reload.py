"""Taking up a changed policy while the gateway runs: built whole beside the old one, swapped between two requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.problems import Problem, ProblemsFound
from gateway.store.files import source_line
from gateway.store.watching import watch

_log = logging.getLogger(__name__)
_TENANTS = "These tenants have what they had before, or else the strict default. All others have the new policy."


@dataclass(frozen=True, slots=True)
class Reloaded:
    """How the last attempt ended. `revision` counts the policies taken up; with problems, the old one still holds.

    `of_tenants` are problems of an operator's tenants: they have not what is written for them, everybody else has.
    """

    revision: int
    problems: tuple[Problem, ...] = ()
    of_tenants: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not self.problems


class Reloader[T]:
    """Rebuilds what the files say and swaps it in; a broken file changes nothing but `last`.

    `build` runs in a thread; it reads and compiles, and raises ProblemsFound. `apply` runs on the event loop. It may
    take its time and raise ProblemsFound, but must put the new value in its place in one step: every request sees one
    policy whole.
    `say` gets the problems as text for the terminal, once for each different set of them. `faults_of` names those
    problems of what was built that do not keep it from holding.
    """

    def __init__(
        self,
        *,
        build: Callable[[], T],
        apply: Callable[[T], Awaitable[None] | None],
        say: Callable[[str], None] = _log.error,
        faults_of: Callable[[T], Sequence[Problem]] = lambda _built: (),
    ) -> None:
        self.last = Reloaded(revision=0)
        self._build, self._apply, self._say, self._faults_of = build, apply, say, faults_of
        self._busy = asyncio.Lock()

    async def reload(self) -> Reloaded:
        """Builds and swaps; calls that come meanwhile wait and build again, so that none answers with older files."""
        async with self._busy:
            try:
                built = await asyncio.to_thread(self._build)
                applying = self._apply(built)
                if applying is not None:
                    await applying
            except ProblemsFound as found:
                await self._keep_old(found.problems)
            except Exception as fault:  # noqa: BLE001 - whatever broke, the policy that holds goes on holding
                _log.exception("the policy could not be built")
                await self._keep_old([Problem("policy", 1, 1, f"the policy could not be built: {fault!r}")])
            else:
                before = self.last.of_tenants
                self.last = Reloaded(self.last.revision + 1, of_tenants=tuple(self._faults_of(built)))
                _log.info("policy revision %d holds", self.last.revision)
                if self.last.of_tenants and self.last.of_tenants != before:
                    await self._tell(self.last.of_tenants, _TENANTS)
            return self.last

    async def follow(self, paths: Sequence[Path], stop: asyncio.Event) -> None:
        """Reloads whenever a file of `paths` changes, until `stop` is set."""

        async def on_change(_changed: frozenset[Path]) -> None:
            await self.reload()

        await watch(paths, on_change, stop)

    async def _keep_old(self, problems: Sequence[Problem]) -> None:
        before, self.last = self.last, Reloaded(self.last.revision, tuple(problems))
        if self.last != before:
            await self._tell(problems, "The policy was not changed: the one before still holds.")

    async def _tell(self, problems: Sequence[Problem], meaning: str) -> None:
        shown = await asyncio.to_thread(lambda: "\n".join(p.show(source_line(p)) for p in problems))
        self._say(f"{shown}\n{meaning}")
