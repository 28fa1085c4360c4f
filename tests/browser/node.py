"""Runs the add-on's modules in Node, once for many lines of JSON."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ADDON = Path(__file__).parents[2] / "addons" / "browser"
ANSWERS = Path(__file__).with_name("answers.mjs")


def node() -> str:
    found = shutil.which("node")
    assert found is not None, "the tests of the browser add-on need Node 18 or later: install Debian's package nodejs"
    return found


def answers_of(lines: Iterable[dict[str, Any]]) -> list[Any]:
    """The answers to the lines that ask, in order (tests/browser/answers.mjs)."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([node(), str(ANSWERS)], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
