"""What happens when the gateway itself fails: nobody gets the page. Its verdicts and its guard stand only here."""

import functools
import inspect
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

from gateway.decision.verdict import Reason, Verdict
from gateway.enforce.to_error import system_verdict

_log = logging.getLogger(__name__)

_QUIET_SECONDS: Final = 30.0
# A journal may not keep more of a foreign exception than this; its text can hold bytes of a page.
_DETAIL: Final = 200


class FaultLog:
    """Says where the gateway failed, each place once in a while: a site that causes faults must not fill a disk.

    The text of an exception is never said: it can hold bytes of a page, or whose page it was.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], float] = {}

    def say(self, point: str, fault: Exception | None) -> None:
        place = _place_of(fault) if fault is not None else "no exception"
        now = time.monotonic()
        if now - self._said.get((point, place), -_QUIET_SECONDS) >= _QUIET_SECONDS:
            self._said[point, place] = now
            _log.error("failed at %s, closed: %s", point, place)


def _place_of(fault: Exception) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(fault).__name__ + place


class Guarded(Protocol):
    """Whoever has methods that must not fail: told where it failed, it answers what is safe."""

    def before(self, point: str) -> None:
        """Called first in every guarded method; the tests inject their faults here."""

    def failed(self, point: str, fault: Exception, arguments: tuple[Any, ...]) -> Any:
        """The safe result of the method `point`, which was called with `arguments` and raised `fault`."""


def guarded[**P, R](method: Callable[P, R]) -> Callable[P, R]:
    """A method of a Guarded, plain or async, that never raises: on any exception its owner's `failed` answers."""
    point = getattr(method, "__name__", "?")

    if inspect.iscoroutinefunction(method):

        async def waits(self: Guarded, *arguments: Any, **named: Any) -> Any:
            try:
                self.before(point)
                waiting: Awaitable[Any] = method(self, *arguments, **named)  # type: ignore[arg-type]
                return await waiting
            except Exception as fault:  # noqa: BLE001 - whatever it is, the page must not pass
                return self.failed(point, fault, arguments)

        return functools.wraps(method)(waits)  # type: ignore[return-value]

    def returns(self: Guarded, *arguments: Any, **named: Any) -> Any:
        try:
            self.before(point)
            return method(self, *arguments, **named)  # type: ignore[arg-type]
        except Exception as fault:  # noqa: BLE001 - whatever it is, the page must not pass
            return self.failed(point, fault, arguments)

    return functools.wraps(method)(returns)  # type: ignore[return-value]


def fault_verdict(point: str, fault: Exception | None = None, revision: str = "") -> Verdict:
    """The verdict when the gateway failed at `point`. The exception's kind is told, its text is not."""
    kind = f" ({type(fault).__name__})" if fault is not None else ""
    return _closed(Reason.FAULT, f"the gateway failed at {point}{kind}; the page is kept back", revision)


def trouble_verdict(trouble: str, revision: str = "") -> Verdict:
    """The verdict while something that the gateway needs is broken; `trouble` says what."""
    return _closed(Reason.FAULT, trouble[:_DETAIL], revision)


def nobody_verdict(revision: str = "") -> Verdict:
    """The verdict when no person is recognised and the policy has no default."""
    return _closed(Reason.NO_PROFILE, "nobody is known here and the policy names no default", revision)


def bad_request_verdict(detail: str, revision: str = "") -> Verdict:
    """The verdict on a request that cannot be judged: names disagree, a forbidden port or destination."""
    return _closed(Reason.BAD_REQUEST, detail[:_DETAIL], revision)


def _closed(reason: Reason, detail: str, revision: str) -> Verdict:
    return replace(system_verdict(reason, detail), revision=revision)
