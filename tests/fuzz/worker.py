"""One target, fuzzed for some seconds in a process of its own: `python -m tests.fuzz.worker OPTIONS` as JSON.

Prints JSON lines: `{"beat": readings}` about every second, and at the end what was found.
"""

import gc
import json
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from gateway.edge.ruling import label_data
from tests.fuzz.corpus import addresses, pieces_of, seeds
from tests.fuzz.measure import Cost, Yardstick, cost_of
from tests.fuzz.mutation import changed, soup
from tests.fuzz.reached import Reached
from tests.fuzz.sample import Sample
from tests.fuzz.shapes import everywhere
from tests.fuzz.targets import TARGETS, Target

MOST_KEPT = 500  # inputs that reached something new, to be changed further
MOST_FINDINGS = 20
AGAIN = 4  # more measurements of what is slower than all before
ONCE_MORE = 16  # and of what seems too slow
SIZES = (50_000, 100_000)
SOUP_SIZES = (2_000, 30_000, 100_000, 300_000)


@dataclass
class Worker:
    """`most_ms`: per 100 kB, as the yardstick has it. `most_megabytes`: of one reading."""

    target: Target
    random: Random
    folder: Path
    most_ms: float
    most_megabytes: float
    large: int
    yardstick: Yardstick = field(default_factory=Yardstick)
    readings: int = 0
    words: dict[str, int] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    slowest: dict[str, Any] = field(default_factory=lambda: {"ms": 0.0, "size": 0, "scaled": 0.0, "name": ""})
    largest: dict[str, Any] = field(default_factory=lambda: {"megabytes": 0.0, "name": ""})

    def run(self, seconds: float) -> None:
        end, beat = time.monotonic() + seconds, 0.0
        for sample in self._samples():
            if time.monotonic() > end or len(self.findings) >= MOST_FINDINGS:
                break
            self._read(sample)
            if time.monotonic() > beat + 1:
                beat = time.monotonic()
                print(json.dumps({"beat": self.readings, "name": sample.name}), flush=True)
        print(json.dumps(self._report()), flush=True)

    def _report(self) -> dict[str, Any]:
        names = ("readings", "words", "findings", "slowest", "largest")
        return {name: getattr(self, name) for name in names}

    def _samples(self) -> Iterator[Sample]:
        """First the shapes, those that concern the target before the others; then soups and changes without end."""
        hosts = tuple(label_data().sites.recipes)
        makes = list(everywhere(hosts if self.target.name in ("site-recipe", "all") else ()))
        small = [(make, self.target.wants(make(2_000))) for make in makes]
        concerned = [make for make, wanted in small if wanted]
        sizes = (*SIZES, self.large)
        yield from (make(size) for size in sizes for make in concerned)
        yield from (make(SIZES[-1]) for make, wanted in small if not wanted)
        yield from self._endless()

    def _endless(self) -> Iterator[Sample]:
        wanted = tuple(sample for sample in seeds() if self.target.wants(sample)) or seeds()
        if self.target.name == "url":
            wanted = tuple(Sample(address, address.encode()) for address in addresses())
        yield from seeds()
        pieces = pieces_of(wanted)
        interesting: deque[Sample] = deque(wanted, maxlen=max(MOST_KEPT, len(wanted)))
        reached = Reached()
        while True:
            sample = self.random.choice(interesting)
            if self.random.random() < 0.5:
                new = soup(sample, pieces, self.random, self.random.choice(SOUP_SIZES))
            else:
                new = changed(sample, interesting, self.random)
            before, slowest = reached.lines, self.slowest["scaled"]
            yield new
            if len(new.body) < 100_000 and (reached.lines > before or self.slowest["scaled"] > slowest):
                interesting.append(new)

    def _read(self, sample: Sample) -> None:
        self.readings += 1
        sample.keep(self.folder / "current.jsonl")
        prepared = self.target.prepare(sample)
        said: list[str] = []
        try:
            cost = cost_of(lambda: said.append(self.target.run(prepared)))
        except Exception as fault:  # noqa: BLE001 - every one is a finding
            self._find(sample, f"raised {type(fault).__name__}: {fault}", traceback.format_exc())
            return
        self.words[said[0]] = self.words.get(said[0], 0) + 1
        self._weigh(sample, cost, partial(self.target.run, prepared))

    def _weigh(self, sample: Sample, cost: Cost, work: partial[str]) -> None:
        size = max(sample.size, 1)
        if isinstance(body := getattr(work.args[0], "body", None), bytes):
            size = max(size, len(body))  # what came out of the coding is what is read
        cost = Cost(cost.ms * self.yardstick.factor(), cost.megabytes)
        if cost.scaled(size) > self.slowest["scaled"]:
            cost = Cost(min(cost.ms, self.yardstick.best_ms(work, AGAIN)), cost.megabytes)
            if cost.scaled(size) > self.most_ms:
                cost = Cost(min(cost.ms, self.yardstick.best_ms(work, ONCE_MORE)), cost.megabytes)
            if cost.scaled(size) > self.slowest["scaled"]:
                sample.keep(self.folder / "slowest.jsonl")
                self.slowest = {"ms": cost.ms, "size": size, "scaled": cost.scaled(size), "name": sample.name}
            if cost.scaled(size) > self.most_ms:
                self._find(sample, f"took {cost.ms:.1f} ms for {size} bytes: {cost.scaled(size):.0f} ms per 100 kB")
                self.slowest["scaled"] = 0.0  # others that are too slow are to be found too
        if cost.megabytes > self.largest["megabytes"]:
            self.largest = {"megabytes": cost.megabytes, "name": sample.name}
        if cost.megabytes > self.most_megabytes:
            self._find(sample, f"grew by {cost.megabytes:.0f} MB for {size} bytes")

    def _find(self, sample: Sample, what: str, details: str = "") -> None:
        kept = self.folder / f"finding-{len(self.findings) + 1}.jsonl"
        sample.keep(kept)
        self.findings.append({"what": what, "name": sample.name, "kept": str(kept), "details": details})


def main() -> None:
    options = json.loads(sys.argv[1])
    label_data()
    worker = Worker(
        target=TARGETS[options["target"]],
        random=Random(options["seed"]),
        folder=Path(options["folder"]),
        most_ms=options["most_ms"],
        most_megabytes=options["most_megabytes"],
        large=options["large"],
    )
    gc.collect()
    gc.freeze()  # the data of the installation is not the page's
    worker.run(options["seconds"])


if __name__ == "__main__":
    main()
