"""`make mutation`: puts small faults into gateway/decision, one at a time, and asks whether the tests see each.

    python -m tests.mutation [--jobs 2] [--minutes 30] [MODULE …]

Each mutant lives in a forked process, where its fault is put into the loaded module. The cases of decisions and
of selective sight run first, then the unit tests; the first to fail has killed it. Exit 1 when no more than 90 % die.
"""

import argparse
import ast
import importlib
import importlib.abc
import importlib.util
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from tests.mutation.grafting import graft
from tests.mutation.mutants import Mutant, enums_of, mutants_of

ROOT = Path(__file__).parents[2]
PACKAGE = "gateway.decision"
FOLDER = ROOT / "gateway" / "decision"
ENUMS = [*sorted(FOLDER.glob("*.py")), ROOT / "gateway/labels/label.py", ROOT / "gateway/policy/stances.py"]
KINDS = ("decisions", "sight")  # folders of cases, each with its runner
# Whether every article has a case says nothing of the code, and the properties take too long to be asked each time.
UNITS = ["tests/unit/decision", "--ignore=tests/unit/decision/test_completeness.py"]
SEEN_BY = {1: "cases", 2: "unit tests", 3: "loading"}  # by a child's exit status
SECONDS = 60  # of processor time for one mutant; longer is an endless loop, which a test would see
LEAST = 90  # per cent


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a tree instead of its file."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> object:
        return (
            importlib.util.spec_from_loader(fullname, self, origin=str(self._path)) if fullname == self._name else None
        )

    def exec_module(self, module: object) -> None:
        exec(compile(self._tree, str(self._path), "exec"), vars(module))


type Case = tuple[str, dict]  # its kind


def killed_by(name: str, path: Path, mutant: Mutant, cases: Sequence[Case], run: Callable[[Case], None]) -> int:
    """In a child: a key of SEEN_BY; 0 when nothing sees the mutant."""
    try:
        if not graft(sys.modules[name], mutant.tree):
            run = loaded_anew(name, path, mutant)
    except BaseException:  # noqa: BLE001 - whatever it is, the mutant cannot be loaded
        return 3
    for case in cases:
        try:
            run(case)
        except BaseException:  # noqa: BLE001 - whatever it is, the case has seen the mutant
            return 1
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "--assert=plain"]
    return 2 if pytest.main([*options, *UNITS]) != 0 else 0


def loaded_anew(name: str, path: Path, mutant: Mutant) -> Callable[[Case], None]:
    """Every module of ours is loaded again, the mutated one from its tree."""
    for loaded in [each for each in sys.modules if each.startswith(("gateway", "tests_runner", "tests.conftest"))]:
        del sys.modules[loaded]
    sys.meta_path.insert(0, Loader(name, path, mutant.tree))
    return runner()


def runner() -> Callable[[Case], None]:
    from tests.conftest import runner_of

    runners = {kind: runner_of(kind) for kind in KINDS}
    return lambda case: runners[case[0]](case[1])


def all_cases() -> list[Case]:
    files = [(kind, file) for kind in KINDS for file in sorted((ROOT / "tests/cases" / kind).glob("*.yaml"))]
    return [(kind, case) for kind, file in files for case in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)]


def fork(name: str, path: Path, mutant: Mutant, cases: Sequence[Case], run: Callable[[Case], None]) -> int:
    child = os.fork()
    if child:
        return child
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os._exit(killed_by(name, path, mutant, cases, run))


def all_mutants(modules: Sequence[str]) -> Iterator[tuple[str, Path, Mutant]]:
    enums = enums_of([path.read_text(encoding="utf-8") for path in ENUMS])
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem != "__init__" and (not modules or path.stem in modules):
            for mutant in mutants_of(path.read_text(encoding="utf-8"), enums):
                yield f"{PACKAGE}.{path.stem}", path, mutant


def survives_unchanged(cases: Sequence[Case], run: Callable[[Case], None]) -> bool:
    """Whether the tests pass on a module as it stands, loaded as a mutant is."""
    path = FOLDER / "decide.py"
    same = Mutant(0, "nothing", ast.parse(path.read_text(encoding="utf-8")))
    fork(f"{PACKAGE}.decide", path, same, cases, run)
    return os.waitstatus_to_exitcode(os.wait()[1]) == 0


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutation")
    options.add_argument("modules", nargs="*")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--minutes", type=float, default=30.0)
    given = options.parse_args()
    os.chdir(ROOT)
    cases = all_cases()
    run = runner()
    for path in sorted(FOLDER.glob("*.py")):
        importlib.import_module(f"{PACKAGE}.{path.stem}" if path.stem != "__init__" else PACKAGE)
    for case in cases:  # what they compile is compiled once for all children
        run(case)
    if not survives_unchanged(cases, run):
        print("the tests fail without any mutant: mend them first")
        return 1
    waiting = list(all_mutants(given.modules))
    total, done, survivors, seen_by = len(waiting), 0, [], Counter[str]()
    running: dict[int, tuple[Path, Mutant]] = {}
    ends = time.monotonic() + given.minutes * 60
    waiting.reverse()
    while running or (waiting and time.monotonic() < ends):
        while waiting and len(running) < given.jobs and time.monotonic() < ends:
            name, path, mutant = waiting.pop()
            running[fork(name, path, mutant, cases, run)] = (path, mutant)
        child, status = os.wait()
        path, mutant = running.pop(child)
        done += 1
        if done % 50 == 0:
            print(f"{done} of {total}", file=sys.stderr, flush=True)
        code = os.waitstatus_to_exitcode(status)
        if code:
            seen_by[SEEN_BY.get(code, "time limit")] += 1
        else:
            survivors.append((path, mutant))
            print(f"survived: {path.relative_to(ROOT)}:{mutant.line}: {mutant.what}", flush=True)
    killed = done - len(survivors)
    share = 100 * killed / done if done else 0.0
    print(f"{killed} of {done} mutants were seen by the tests: {share:.1f} %; {dict(seen_by)}")
    if done < total:
        print(f"{total - done} more were not tried: the time was up (--minutes)")
    return 0 if share > LEAST and done == total else 1


if __name__ == "__main__":
    sys.exit(main())
