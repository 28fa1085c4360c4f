"""The add-on's modules in Node: one process that answers lines of JSON."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

ANSWERS = Path(__file__).with_name("answers.mjs")


def node() -> str:
    found = shutil.which("node")
    assert found is not None, "the tests of the browser add-on need Node 18 or later: install Debian's package nodejs"
    return found


class Node:
    """Runs from `with` to its end."""

    def __enter__(self) -> Self:
        command = [node(), str(ANSWERS)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_fault: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(20) == 0

    def answer(self, *lines: dict[str, Any]) -> Any:
        """The answer to the last of the lines, the only one that asks (tests/browser/decision/answers.mjs)."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write("".join(json.dumps(line) + "\n" for line in lines))
        stdin.flush()
        answer = stdout.readline()
        assert answer, "Node has ended"
        return json.loads(answer)

    def decide(self, question: Any, bundle: Any) -> Any:
        """What the add-on decides: `verdict`, and `whole` for a page out of which nothing can be taken."""
        return self.answer({"name": "", "bundle": bundle}, {"question": question, "by": ""})
