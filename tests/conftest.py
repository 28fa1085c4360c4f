"""Collects tests/cases/**.yaml: each file is a list of cases, each case a sentence with data.

The first folder below tests/cases names the kind; tests/runners/<kind>.py has `run(case)`, which asserts.
"""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the property holds.
settings.register_profile("qorgan", deadline=None)
settings.load_profile("qorgan")

CASES = Path(__file__).parent / "cases"
RUNNERS = Path(__file__).parent / "runners"


def runner_of(kind: str) -> Callable[[dict[str, Any]], None]:
    name = f"tests_runner_{kind}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, RUNNERS / f"{kind}.py")
        if spec is None or spec.loader is None:
            raise LookupError(f"tests/runners/{kind}.py is missing: it runs the cases in tests/cases/{kind}/")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name].run  # type: ignore[no-any-return]


class CaseFailed(Exception):  # noqa: N818 - reads as a sentence
    """A runner's assertion did not hold; shown with the case's file and line."""


class CaseItem(pytest.Item):
    def __init__(self, *, case: dict[str, Any], kind: str, line: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case, self.kind, self.line = case, kind, line

    def runtest(self) -> None:
        try:
            runner_of(self.kind)(self.case)
        except AssertionError as fault:
            raise CaseFailed(str(fault)) from fault

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return f"{self.path}:{self.line}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, self.name


class CaseFile(pytest.File):
    def collect(self) -> Iterator[CaseItem]:
        kind = self.path.relative_to(CASES).parts[0]
        text = self.path.read_text(encoding="utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        cases = yaml.load(text, loader) or []
        lines = [node.start_mark.line + 1 for node in (yaml.compose(text, loader) or yaml.SequenceNode("", [])).value]
        seen: set[str] = set()
        for case, line in zip(cases, lines, strict=True):
            if case["name"] in seen:
                raise ValueError(f"{self.path}:{line}: two cases are called {case['name']!r}")
            seen.add(case["name"])
            yield CaseItem.from_parent(self, name=case["name"], case=case, kind=kind, line=line)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    if file_path.suffix == ".yaml" and CASES in file_path.parents:
        return CaseFile.from_parent(parent, path=file_path)
    return None
