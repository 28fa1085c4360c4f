"""The fields of a line of JSON, each checked: what is missing gets its default, what is wrong is a BadLine."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from gateway.policy.faults import did_you_mean

type Line = Mapping[str, Any]


class BadLine(Exception):  # noqa: N818 - named for what it is
    """A line that asks no question; its text is a sentence for the person who wrote it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        self.hint = hint
        super().__init__(message)


def object_of(line: Line, key: str) -> Line:
    """The object under `key`; an empty one when it is absent or null."""
    value = line.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadLine(f"{key!r} must be an object")
    return value


def list_of(line: Line, key: str) -> list[Any]:
    value = line.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadLine(f"{key!r} must be a list")
    return value


def text_of(line: Line, key: str) -> str | None:
    value = line.get(key)
    if value is None or (isinstance(value, str) and value):
        return value
    raise BadLine(f"{key!r} must be a text")


def texts_of(line: Line, key: str) -> tuple[str, ...] | None:
    """The texts under `key`; None when it is absent or null, which an empty list is not."""
    if line.get(key) is None:
        return None
    values = list_of(line, key)
    if not all(isinstance(value, str) for value in values):
        raise BadLine(f"{key!r} must be a list of texts")
    return tuple(values)


def word_of(line: Line, key: str) -> str | None:
    """A text of several words, which are joined by hyphens whichever way they were written."""
    value = text_of(line, key)
    return None if value is None else hyphenated(value)


def hyphenated(value: str) -> str:
    return value.strip().lower().replace("_", "-")


def choice_of[E: StrEnum](line: Line, key: str, choices: type[E], default: E) -> E:
    value = word_of(line, key)
    return default if value is None else to_choice(value, key, choices)


def to_choice[E: StrEnum](value: str, key: str, choices: type[E]) -> E:
    try:
        return choices(value)
    except ValueError:
        raise one_of(key, value, choices) from None


def one_of(key: str, value: object, known: Iterable[str]) -> BadLine:
    """The fault of a value that is none of the known ones."""
    words = [str(word) for word in known]
    return BadLine(f"{key!r} is {value!r}; it must be one of: {', '.join(words)}", did_you_mean(str(value), words))


def years_of(line: Line, key: str) -> int | None:
    """Completed years, 0 to 150; None when absent or null."""
    value = line.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 150:
        raise BadLine(f"{key!r} must be completed years, a whole number from 0 to 150")
    return value


def share_of(line: Line, key: str) -> float | None:
    """A number from 0 to 1; None when absent or null."""
    value = line.get(key)
    if value is None:
        return None
    # NaN compares as neither, so it is refused as well.
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise BadLine(f"{key!r} must be a number from 0 to 1")
    return float(value)


def truth_of(line: Line, key: str) -> bool:
    value = line.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise BadLine(f"{key!r} must be true or false")
