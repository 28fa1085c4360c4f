"""How the gateway's processes do over time: memory, descriptors, processor time; and how long answers took."""

import contextlib
import statistics
import time
from dataclasses import dataclass, field

import psutil

_MB = 1 << 20
_HOUR = 3_600.0


@dataclass
class Life:
    """One process: samples of (seconds, bytes, descriptors), processor seconds."""

    name: str
    samples: list[tuple[float, int, int]] = field(default_factory=list)
    processor: float = 0.0

    @property
    def most(self) -> float:
        """MB that it had at most."""
        return max(rss for _, rss, _ in self.samples) / _MB

    def slopes(self, warm: float) -> tuple[float, float] | None:
        """MB and descriptors an hour by a linear fit after `warm` seconds of its life; None: it did not live long."""
        begun = self.samples[0][0] + warm
        later = [each for each in self.samples if each[0] >= begun]
        if len(later) < 10:
            return None
        moments = [moment for moment, _, _ in later]
        memory = statistics.linear_regression(moments, [rss / _MB for _, rss, _ in later]).slope
        descriptors = statistics.linear_regression(moments, [float(fds) for _, _, fds in later]).slope
        return memory * _HOUR, descriptors * _HOUR


class Measures:
    """Looks at a supervisor and its children."""

    def __init__(self, supervisor: int) -> None:
        self._supervisor = psutil.Process(supervisor)
        self.lives: dict[int, Life] = {}
        self.seconds: list[float] = []  # of answers that everybody should get

    def look(self) -> None:
        now = time.monotonic()
        for process in (self._supervisor, *self._supervisor.children()):
            with contextlib.suppress(psutil.Error):
                name = process.name() if process.pid != self._supervisor.pid else "supervisor"
                if name == "qorgan-spare":
                    continue
                life = self.lives.setdefault(process.pid, Life(name.removeprefix("qorgan-")))
                life.name = name.removeprefix("qorgan-")
                life.samples.append((now, process.memory_info().rss, process.num_fds()))
                used = process.cpu_times()
                life.processor = used.user + used.system

    def quantile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        ordered = sorted(self.seconds) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
