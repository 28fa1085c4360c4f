"""What is wrong with something a person wrote, and where: collected, then shown all at once with a caret."""

from collections.abc import Sequence
from dataclasses import dataclass


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
            # A tab counts as one column here as in the parser; it is shown as one space so that the caret stands right.
            shown += ["    " + source_line.replace("\t", " "), "    " + " " * (self.column - 1) + "^"]
        if self.hint:
            shown.append(f"    hint: {self.hint}")
        return "\n".join(shown)


class ProblemsFound(Exception):  # noqa: N818 - named for what it carries
    """Raised when something written by a person cannot be used; carries every problem found, at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.file}:{p.line}:{p.column}: {p.message}" for p in self.problems))
