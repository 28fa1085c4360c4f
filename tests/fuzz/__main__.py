"""`make fuzz`: hostile and random responses for every reader, each in a process of its own, for some seconds.

Reports the readings made, what was raised, the slowest reading and the most memory. Exits 1 when a reading raised, took
more than the limit per 100 kB (best of several), used more memory than the cap, or did not end. What was found is kept
in the folder, as lines that `qorgan labels --jsonl` reads.
"""

import argparse
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds of the child's processor time without a sign of life: the machine may be busy with others
STILL = 900  # seconds without a sign of life, however little it worked


def main() -> int:
    options = _options()
    names = options.reader or list(TARGETS)
    print(
        f"{'target':16}{'readings':>10}{'slowest':>22}{'memory':>9}  readings by answer; the slowest input", flush=True
    )
    failed = 0
    for name in names:
        folder = Path(options.folder) / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        report = _fuzzed(name, folder, options)
        _print(name, report)
        failed += bool(report["findings"])
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="for each target (30)")
    parser.add_argument("--reader", action="append", choices=sorted(TARGETS), help="one target, may be repeated (all)")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other inputs (1)")
    parser.add_argument("--most-ms", type=float, default=50, help="of processor time per 100 kB (50)")
    parser.add_argument("--most-megabytes", type=float, default=128, help="by which one reading may grow (128)")
    parser.add_argument("--large", type=int, default=1_000_000, help="bytes of the largest inputs (1000000)")
    parser.add_argument("--folder", default=str(ROOT / "build" / "fuzz"), help="where findings are kept (build/fuzz)")
    return parser.parse_args()


def _fuzzed(name: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    told = {
        "target": name,
        "folder": str(folder),
        **{key: getattr(options, key) for key in ("seconds", "seed", "most_ms", "most_megabytes", "large")},
    }
    command = [sys.executable, "-m", "tests.fuzz.worker", json.dumps(told)]
    last: dict[str, Any] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        heard = _now(process.pid)
        while True:
            ready, _, _ = select.select([process.stdout], [], [], 1)
            if ready:
                line = process.stdout.readline()
                if not line:
                    break
                last, heard = json.loads(line), _now(process.pid)
            elif _is_over(heard, _now(process.pid)):
                process.kill()
                return _lost(last, folder, f"a reading did not end within {PATIENCE} s of processor time")
        status = process.wait()
    return last if status == 0 else _lost(last, folder, f"the process ended with status {status}")


def _now(process: int) -> tuple[float, float]:
    """Seconds on the clock, and of processor time that a child has used (proc(5), stat: utime and stime)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.monotonic(), 0.0  # it has ended, and its last line is there to be read
    return time.monotonic(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_over(heard: tuple[float, float], now: tuple[float, float]) -> bool:
    return now[1] > heard[1] + PATIENCE or now[0] > heard[0] + STILL


def _lost(last: dict[str, Any], folder: Path, what: str) -> dict[str, Any]:
    finding = {"what": what, "name": "", "kept": str(folder / "current.jsonl"), "details": ""}
    return {"readings": last.get("beat", 0), "words": {}, "findings": [finding], "slowest": {}, "largest": {}}


def _print(name: str, report: dict[str, Any]) -> None:
    slowest, largest = report["slowest"], report["largest"]
    time_ = f"{slowest.get('scaled', 0):.1f} ms ({slowest.get('size', 0) / 1e3:>5.0f} kB)"
    answers = sorted(report["words"].items(), key=lambda each: -each[1])[:4]
    said = ", ".join(f"{count} {word}" for word, count in answers)
    memory = f"{largest.get('megabytes', 0):.0f} MB"
    print(
        f"{name:16}{report['readings']:>10}{time_:>22}{memory:>9}  {said}; {slowest.get('name', '')[:80]}", flush=True
    )
    for finding in report["findings"]:
        print(f"    {finding['what']}\n        {finding['name'][:160]}\n        kept in {finding['kept']}")
        if finding["details"]:
            print("        " + finding["details"].replace("\n", "\n        "))


if __name__ == "__main__":
    sys.exit(main())
