"""Time and memory of one reading. Time is the processor's, memory is the kernel's: nothing is left out."""

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
    started = time.process_time()
    work()
    took = time.process_time() - started
    return Cost(took * 1e3, max(0, _memory()["VmHWM"] - before) / 1e3)


def best_ms(work: Callable[[], object], times: int) -> float:
    """The least of some measurements: the machine may be busy with something else."""
    found = []
    for _ in range(times):
        gc.collect()
        started = time.process_time()
        work()
        found.append((time.process_time() - started) * 1e3)
    return min(found)


def _memory() -> dict[str, int]:
    return {name: int(number) for name, number in _KB.findall(_STATUS.read_text())}
