"""Every sentence that the policy loader can say stands in a case, with its place: tests/cases/policy and edits."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SOURCES = [*sorted((ROOT / "gateway" / "policy").glob("*.py")), ROOT / "gateway" / "profiles" / "week.py"]
# Who says a problem, and which of its arguments is the sentence.
SPEAKERS = {
    "Fault": 0,
    "EditRefused": 0,
    "ValueError": 0,
    "Problem": 3,
    "problem": 0,
    "note_unknown": 1,
    "_note": 1,
    "_note_dispute": 3,
}
# Tables of sentences: of each entry, the sentence is the item of this index, or the value.
TABLES = {"_SYNTAX": 1, "_EXPECTED": None, "_BOUNDS": 1}


def said_in_cases() -> str:
    found: list[str] = []
    for path in sorted((ROOT / "tests" / "cases").rglob("*.yaml")):
        if path.relative_to(ROOT / "tests" / "cases").parts[0] in ("policy", "edits"):
            for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
                found += case.get("problems", [])
                found += case.get("compiled", {}).get("notes", [])
                found += [case["refused"]] if "refused" in case else []
    return "\n".join(found)


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence as a pattern, with the place that says it."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            where = f"{path.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                index = SPEAKERS.get(name)
                starred = any(isinstance(each, ast.Starred) for each in node.args[:2])
                if index is not None and starred:  # Problem(file, *place, message)
                    index -= 1
                if index is not None and len(node.args) > index:
                    yield from ((where, pattern) for pattern in patterns(node.args[index], tree, node))
            elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in TABLES:
                yield from ((where, pattern) for pattern in of_table(node, TABLES[node.target.id]))  # type: ignore[union-attr]


def of_table(node: ast.AnnAssign, index: int | None) -> Iterator[str]:
    values = node.value.values if isinstance(node.value, ast.Dict) else node.value.elts  # type: ignore[union-attr]
    for value in values:
        assert value is not None
        item = value if index is None else value.elts[index]  # type: ignore[attr-defined]
        yield re.escape(item.value)


def patterns(node: ast.expr, tree: ast.AST, call: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = (re.escape(each.value) if isinstance(each, ast.Constant) else ".+" for each in node.values)
        yield "".join(str(part) for part in parts)
    elif isinstance(node, ast.IfExp):
        yield from patterns(node.body, tree, call)
        yield from patterns(node.orelse, tree, call)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "shortened":
        yield from patterns(node.args[0], tree, call)
    elif isinstance(node, ast.Name):
        yield from assigned(node.id, tree, call)


def assigned(name: str, tree: ast.AST, call: ast.AST) -> Iterator[str]:
    """What a local variable of this name can be, in the function that makes the call."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and call in ast.walk(each)]
    for function in functions[-1:]:
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if getattr(target, "id", "") == name:
                        yield from patterns(node.value, tree, call)
                    elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        for each, value in zip(target.elts, node.value.elts, strict=True):
                            if getattr(each, "id", "") == name:
                                yield from patterns(value, tree, call)


CASES = said_in_cases()
SENTENCES = sorted(set(sentences()))


def test_the_collector_finds_what_it_should() -> None:
    found = [pattern for _, pattern in SENTENCES]
    assert len(found) > 100
    for sentence in ("a rule says what it is about", "this quoted text does not end", "this must be at least"):
        assert any(re.search(pattern, sentence) or re.search(pattern, sentence + " 1") for pattern in found), sentence


@pytest.mark.parametrize(("where", "pattern"), SENTENCES)
def test_every_sentence_has_a_case(where: str, pattern: str) -> None:
    assert re.search(pattern, CASES), f"{where} says {pattern!r}, and no case does"
