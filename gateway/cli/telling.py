"""How problems are told on a terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.edge.streams import say
from gateway.problems import Problem


def say_problems(problems: Iterable[Problem], kind: str = "") -> None:
    """Shows each problem with its line and a caret."""
    from gateway.store.files import source_line

    for problem in problems:
        say(replace(problem, message=kind + problem.message).show(source_line(problem)))


def counted(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"
