"""How long `qorgan check` takes, process start included, for a home, a school and an operator (DESIGN section 8).

The folders are made up: a home of ten lines; a school of 1 000 pupils in 40 classes, a file a class; an operator of
10 000 subscribers, a file each, most with two children, every fourth with rules and hours of their own.

The command runs as an installed one does: with the bytecode that the installer, or the first run, has written.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HOME = """extends: home
zone: Asia/Almaty
people:
  dana: {age: adult, addresses: [192.168.1.10]}
  daniyar: {band: 14-15, addresses: [192.168.1.21]}
  aigerim: {age: 8, addresses: [192.168.1.22], listeners: [home]}
block:
  - {host: example.com, for: [aigerim]}
timetable:
  - {for: [aigerim], block: daily, from: "21:30", to: "07:00"}
"""
SCHOOL = """extends: school
zone: Asia/Almaty
people:
  head: {age: adult, logins: [head]}
block:
  - {id: games, topic: games, for: everyone}
ask:
  - {kind: social-network}
"""
OPERATOR = """extends: isp
zone: Asia/Almaty
tenant-files: subscribers
tariffs:
  children: {stances: {unlabelled: {0: block, 6: allow}}, block: [{id: gambling, topic: gambling}]}
  strict-children:
    extends: children
    stances: {site-sign-binds: true}
    timetable: [{block: daily, from: "22:00", to: "06:00"}]
"""
ROOT = Path(__file__).resolve().parents[2]
CLASSES, PUPILS, SUBSCRIBERS = 40, 25, 10_000
RUNS = 3


def home(folder: Path) -> None:
    (folder / "home.yaml").write_text(HOME)


def school(folder: Path) -> None:
    """1 000 pupils by name, in 40 files."""
    (folder / "classes").mkdir()
    (folder / "school.yaml").write_text(SCHOOL)
    for number in range(CLASSES):
        grade, letter = 1 + number // 4, "абвг"[number % 4]
        pupils = "".join(f"      - pupil{number:02}{index:02}\n" for index in range(PUPILS))
        (folder / "classes" / f"{grade}{letter}.yaml").write_text(
            f"groups:\n  {grade}{letter}:\n    band: {5 + grade}-{6 + grade}\n"
            f'    logins: "*@lyceum.kz"\n    addresses: [10.7.{number}.0/24]\n    people:\n{pupils}'
        )


def operator(folder: Path) -> None:
    """10 000 subscribers, a file each."""
    (folder / "subscribers").mkdir()
    (folder / "operator.yaml").write_text(OPERATOR)
    for number in range(SUBSCRIBERS):
        mac = f"02:00:00:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
        net = f"100.{64 + number // 16_384}.{number // 64 % 256}.{number % 64 * 4}"
        lines = [
            f"extends: {'strict-children' if number % 3 == 0 else 'children'}",
            f"line: {{addresses: [{net}/30]}}",
            "people:",
            f"  dana: {{age: adult, logins: [dana-{number}]}}",
            f"  aigerim: {{band: 6-9, devices: ['{mac}']}}",
            f"  daniyar: {{turns: {{14: 2027-03-02}}, logins: [daniyar-{number}]}}",
        ]
        if number % 4 == 0:
            lines += [
                "block:",
                "  - {host: games.example, for: [aigerim, daniyar]}",
                "timetable:",
                '  - {for: [aigerim], block: weekdays, from: "21:00", to: "07:00"}',
            ]
        (folder / "subscribers" / f"s-{number:05}.yaml").write_text("\n".join(lines) + "\n")


@contextmanager
def made(make: Callable[[Path], None]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        make(Path(name))
        yield Path(name)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def with_bytecode(folder: Path) -> dict[str, str]:
    """An environment in which compiled modules are kept in `folder`, whatever ours says."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder)}


def seconds(words: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """The best of RUNS of `qorgan WORDS`, after one that compiles: seconds on the wall, and of the processor."""
    found = []
    command = [sys.executable, "-m", "gateway.cli", *words]
    for _ in range(1 + RUNS):
        begun, used = time.perf_counter(), cpu()
        subprocess.run(
            command, check=True, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        found.append((time.perf_counter() - begun, cpu() - used))
    return min(found[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as compiled:
        environment = with_bytecode(Path(compiled))
        for make, options, budget in (
            (home, (), 0.2),
            (home, ("--explain",), 0.2),
            (school, (), 1.0),
            (operator, (), 5.0),
        ):
            with made(make) as folder:
                wall, processor = seconds(["check", *options, str(folder)], environment)
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            name = " ".join((make.__name__, *options))
            print(f"{name:15} {wall:6.2f} s of {budget} s, {processor:5.2f} s of CPU, at most {megabytes:3.0f} MB")


if __name__ == "__main__":
    main()
