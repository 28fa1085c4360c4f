"""Where something was written: a file and the path of keys and indexes to it."""

from dataclasses import dataclass

from gateway.policy.fitting import FIT, Unfit
from gateway.policy.parse import Node, locate
from gateway.problems import Problem


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file, as the place of what was read from it."""

    file: str
    root: Node
    inherited: bool = False  # of a preset, or of an operator to a tenant: what is read elsewhere may overrule it
    unfit: Unfit = FIT  # what was left out of `root`


@dataclass(frozen=True, slots=True)
class Written[T]:
    """A value with the place where it was written."""

    value: T
    source: Source
    path: tuple[str | int, ...] = ()

    @property
    def where(self) -> str:
        """The place as file:line, as it stands in grounds."""
        return f"{self.source.file}:{locate(self.source.root, self.path)[0]}"

    def problem(self, message: str, hint: str | None = None, *, at: tuple[str | int, ...] = ()) -> Problem:
        """A problem with the value, or with what `at` leads to inside it."""
        line, column = locate(self.source.root, (*self.path, *at))
        return Problem(self.source.file, line, column, message, hint)
