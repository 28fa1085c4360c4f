"""Time and memory of one reading. Time is the processor's, memory is the kernel's: nothing is left out.

Processors differ by a factor of two and more, and by what else they do, so times are told as they would be on the
machine on which the limit was set: by a yardstick, which is laid on again and again in between.
"""

import gc
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_RESET: Final = Path("/proc/self/clear_refs")
_KB: Final = re.compile(r"^(VmHWM|VmRSS):\s+(\d+) kB", re.MULTILINE)
LEAST_SIZE: Final = 100_000  # bytes; smaller inputs count as so large: the limit of 100 kB holds for any of them


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time, and the megabytes that the process grew by at most while it read."""

    ms: float
    megabytes: float

    def scaled(self, size: int) -> float:
        """Milliseconds per 100 kB."""
        return self.ms * 100_000 / max(size, LEAST_SIZE)


def cost_of(work: Callable[[], object]) -> Cost:
    _RESET.write_text("5")  # proc(5): the peak begins anew
    before = _memory()["VmRSS"]
    took = _ms_of(work)
    return Cost(took, max(0, _memory()["VmHWM"] - before) / 1e3)


class Yardstick:
    """A piece of work in Python, as readers do much of: names, numbers, calls."""

    MS: Final = 2.3  # that it takes on the machine on which the limit was set
    _OLD: Final = 5.0  # seconds after which the machine may be another
    _TURNS: Final = 20_000

    def __init__(self) -> None:
        self._known, self._until = 0.0, 0.0

    def factor(self) -> float:
        """By what a time that was just measured is multiplied."""
        if time.monotonic() > self._until:
            self._known, self._until = self.MS / min(self._ms() for _ in range(5)), time.monotonic() + self._OLD
        return self._known

    def best_ms(self, work: Callable[[], object], times: int) -> float:
        """The least of some measurements, each with the yardstick beside it: the machine may be busy."""
        found, beside = [], []
        for _ in range(times):
            gc.collect()
            beside += [self._ms(), self._ms()]
            found.append(_ms_of(work))
        return min(found) * self.MS / min(beside)

    def _ms(self) -> float:
        return _ms_of(self._work)

    def _work(self) -> None:
        lengths: dict[str, int] = {}
        for number in range(self._TURNS):
            name = f"{number % 997}"
            lengths[name] = lengths.get(name, 0) + len(name)


def _ms_of(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1e3


def _memory() -> dict[str, int]:
    return {name: int(number) for name, number in _KB.findall(_STATUS.read_text())}
