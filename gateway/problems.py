"""What is wrong with something a person wrote, and where: collected, then shown all at once with a caret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDEST: Final = 116  # characters of a source line that are shown
_BEFORE: Final = 76  # of them before the caret, in a line that is longer


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file. `line` and `column` count from 1; `hint` says what it should be, if that is known."""

    file: str
    line: int
    column: int
    message: str
    hint: str | None = None

    def show(self, source_line: str | None = None) -> str:
        """The problem as `file:line:col: message`, with the source line and a caret below it when it is given."""
        shown = [f"{self.file}:{self.line}:{self.column}: {self.message}"]
        if source_line is not None:
            shown += self._pointed_at(source_line)
        if self.hint:
            shown.append(f"    hint: {self.hint}")
        return "\n".join(shown)

    def _pointed_at(self, source_line: str) -> list[str]:
        """The source line and a caret below the column; of a long line, what stands near it."""
        start = max(0, self.column - 1 - _BEFORE) if len(source_line) > _WIDEST else 0
        # A tab or a control character is one column, as in the parser, and one space, so that the caret stands right
        # and the terminal is told nothing.
        near = "".join(each if each.isprintable() else " " for each in source_line[start : start + _WIDEST])
        return ["    " + near, "    " + " " * (self.column - 1 - start) + "^"]


class ProblemsFound(Exception):  # noqa: N818 - named for what it carries
    """Raised when something written by a person cannot be used; carries every problem found, at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.file}:{p.line}:{p.column}: {p.message}" for p in self.problems))
