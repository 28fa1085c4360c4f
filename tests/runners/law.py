"""Cases of law: packs in → what is in force on a day, or the exact problems.

A case has `packs` (path → text; the shipped ones without it), `ids` and `day`; and either `problems` (each
"file:line:col: message", with " (hint)" where there is one), or `shown` (lines that the printed codex has) and `steps`
(exact age → [category, rule on the Internet, its effect, rule on broadcast]).
"""

from datetime import date
from typing import Any

import pytest

from gateway.law.build import build_codex
from gateway.law.print import show_codex
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import texts


def run(case: dict[str, Any]) -> None:
    packs = case.get("packs") or texts("law")
    ids, day = case.get("ids", ["kz/169-vi"]), date.fromisoformat(str(case.get("day", "2026-11-22")))
    if "problems" in case:
        with pytest.raises(ProblemsFound) as found:
            build_codex(packs, ids, day)
        said = [show(problem) for problem in found.value.problems]
        assert said == case["problems"], "problems:\n" + "\n".join(f"  - {line!r}" for line in said)
        return
    codex = build_codex(packs, ids, day)
    shown = show_codex(codex, case.get("article")).splitlines()
    missing = [line for line in case.get("shown", ()) if line not in [known.strip() for known in shown]]
    assert not missing, f"not shown: {missing}\n" + "\n".join(shown)
    for age, wanted in case.get("steps", {}).items():
        step = codex.step(int(age))
        got = [step.category, step.internet.ground.rule, step.internet.effect.value, step.broadcast.ground.rule]
        assert got == wanted, f"{age}: wanted {wanted}, got {got}"


def show(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.message}{hint}"
