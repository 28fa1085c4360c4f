"""Cases of edits: a text and operations of JSON Patch → the new text, or the sentence that refuses them.

`text` and `result` are whole files. After a case with a result, the splices that undo it must give the text back.
"""

from typing import Any

import pytest

from gateway.policy.edit import Edit, EditRefused, edit, pointer_of, undone
from gateway.problems import ProblemsFound


def run(case: dict[str, Any]) -> None:
    try:
        edits = [Edit(each["op"], pointer_of(each["path"]), each.get("value")) for each in case["edits"]]
        if "problems" in case:
            with pytest.raises(ProblemsFound) as found:
                edit(case["text"], edits, "home.yaml")
            said = [
                f"{problem.file}:{problem.line}:{problem.column}: {problem.message}" for problem in found.value.problems
            ]
            assert said == case["problems"]
            return
        edited = edit(case["text"], edits, "home.yaml")
    except EditRefused as fault:
        refused = str(fault)
    else:
        refused = None
    assert refused == case.get("refused"), refused or f"made:\n{edited.text}"
    if refused:
        return
    assert edited.text == case["result"], f"want:\n{case['result']!r}\ngot:\n{edited.text!r}"
    assert undone(edited) == case["text"], "undoing it does not give the text back"
