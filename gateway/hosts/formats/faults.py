"""What was left out of a list: counted by sort, and the first of it with its place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from gateway.hosts.list_name import BadLine
from gateway.problems import Problem

MOST_KEPT: Final = 20  # problems of one list that are kept with their place


@dataclass(slots=True)
class Faults:
    """Filled while a list is read."""

    kept: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # sort → lines; a sort is a few words ("modifier")

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, sort: str, problem: Problem) -> None:
        self.counts[sort] += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(problem)

    def add_line(self, bad: BadLine, file: str, line: int) -> None:
        self.add(bad.sort, Problem(file, line, bad.column, bad.message))

    def extend(self, sort: str, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(sort, problem)
