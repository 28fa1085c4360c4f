"""SECURITY.md tells of no defence without a test that shows it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def rows() -> list[list[str]]:
    lines = (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| asset | threat |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.split("|")[1:-1]])
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:50])
def test_every_threat_names_tests_that_exist(row: list[str]) -> None:
    assert len(row) == 4
    named = re.findall(r"`([^`]+)`", row[3])
    assert named
    for name in named:
        path, _, function = name.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert path.startswith("tests/")
        if path.endswith(".py"):
            tree = ast.parse(text)
            tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            assert function in tests if function else any(name.startswith("test_") for name in tests)


def test_no_file_of_threats_is_forgotten() -> None:
    told = " ".join(row[3] for row in rows())
    for path in sorted((ROOT / "tests/edge/threats").glob("test_*.py")):
        assert path.relative_to(ROOT).as_posix() in told
