"""Runs tests/cases/recipes: the text of a recipe file, and what is wrong with it or with its samples.

A case gives the whole `file`, or a `declaration` and a `sample` that are put into a sound file. `problems` lists each
problem's `at` (line:column) and words of its message, and of its hint where that matters; without it there are none.
"""

from functools import cache
from textwrap import indent
from typing import Any

from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.recipe_samples import try_recipe
from gateway.problems import ProblemsFound
from gateway.shipped import texts

SAMPLE = "url: https://site.test/\nreads: []\n"


@cache
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def run(case: dict[str, Any]) -> None:
    text = case.get("file") or file_of(case["declaration"], case.get("sample", SAMPLE))
    found = []
    try:
        try_recipe(text, "site.yaml", data())
    except ProblemsFound as fault:
        found = list(fault.problems)
    shown = "\n".join(problem.show() for problem in found)
    wanted = case.get("problems", [])
    assert [f"{problem.line}:{problem.column}" for problem in found] == [each["at"] for each in wanted], shown
    for problem, each in zip(found, wanted, strict=True):
        assert each["says"] in problem.message, shown
        assert each.get("hint", "") in (problem.hint or ""), shown


def file_of(declaration: str, sample: str) -> str:
    """A file of one declaration, which begins on line 6, with its own keys from line 9 on, and one sample."""
    return (
        "site: Site\nhosts: [site.test]\nsource: a test\nchecked: 2026-11-22\ndeclares:\n"
        "  - says: it says so\n    source: a test\n    verified: false\n"
        f"{indent(declaration, '    ')}samples:\n  - {indent(sample, '    ').lstrip()}"
    )
