"""JSON lines (one JSON value a line, RFC 8259) in, one answer a line out, in the same order."""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, NoReturn

from gateway.problems import Problem

type Answer = Callable[[object, int], tuple[dict[str, Any], Problem | None]]

LONGEST: Final = 64 << 20  # bytes of one line: more than the longest body that is read, in base64 or escaped


class _NoJson(ValueError):  # noqa: N818 - named for what it is
    """A line that is no JSON; the message is a sentence."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.column = column


def answer_lines(
    stream: BinaryIO, file: str, answer: Answer, show: Callable[[str], None], say: Callable[[str], None]
) -> int:
    """Answers every line of `stream` that is not blank. Returns the exit status: 1 when a line had a problem.

    `answer` takes a parsed line and its number, counted from 1, and never raises. A line that is no JSON is answered
    as null would be, so that nothing shifts. `show` is given the answers, `say` the problems; `file` names the stream.
    """
    status = 0
    for number, raw in enumerate(_lines(stream), 1):
        if not raw.strip():
            continue
        told, problem = _answered(raw, file, number, answer)
        show(told)
        if problem is not None:
            status = 1
            say(problem.show())
    return status


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Line by line as they come; of one that is longer than LONGEST only the beginning."""
    while raw := stream.readline(LONGEST + 1):
        rest = raw
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST + 1)
        yield raw


def _answered(raw: bytes, file: str, number: int, answer: Answer) -> tuple[str, Problem | None]:
    try:
        told, problem = answer(_parsed(raw), number)
        return json.dumps(told, allow_nan=False), problem
    except _NoJson as fault:
        problem = Problem(file, number, fault.column, f"this line is no JSON: {fault}")
    except RecursionError:
        problem = Problem(file, number, 1, "this line is nested too deeply")
    return json.dumps(answer(None, number)[0]), problem


def _parsed(raw: bytes) -> object:
    """The value of a line. Raises _NoJson, RecursionError."""
    if len(raw) > LONGEST:
        raise _NoJson(f"it is longer than {LONGEST} bytes")
    try:
        text = raw.decode("utf-8-sig")  # RFC 8259, section 8.1: UTF-8; a byte order mark may be ignored
        return json.loads(text.rstrip("\r\n"), parse_constant=_refuse, parse_float=_finite)
    except UnicodeDecodeError as fault:
        column = len(raw[: fault.start].decode("utf-8", "replace")) + 1
        raise _NoJson(f"the byte 0x{raw[fault.start]:02x} is not UTF-8", column) from None
    except json.JSONDecodeError as fault:
        raise _NoJson(fault.msg[:1].lower() + fault.msg[1:], fault.colno) from None
    except _NoJson:
        raise
    except ValueError:  # Python's own limit, see sys.set_int_max_str_digits
        raise _NoJson("a number in it has too many digits") from None


def _refuse(word: str) -> NoReturn:
    # RFC 8259, section 6: numeric values that cannot be represented (such as Infinity and NaN) are not permitted.
    raise _NoJson(f"{word} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _NoJson(f"the number {digits[:20]} is too great")
    return number
