"""`qorgan check` with nothing but files and `--explain` goes a shorter way: it loads less, and says the same."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.check import plain_words

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
ROOT = Path(__file__).parents[3]
HOME = "extends: home\npeople: {dana: {age: adult}, aigerim: {age: 8, logins: [aigerim]}}\n"
NOTED = "extends: home\npeople: {dana: {age: adult}, aigerim: {born: 2018-03-02, logins: [aigerim]}}\n"
# Nothing of these is needed for a check, and each of them takes its time to load.
HEAVY = ("typer", "rich", "asyncio", "aiohttp", "mitmproxy", "cryptography", "jinja2", "sqlalchemy", "marisa_trie")


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        (["check", "a.yaml"], ([Path("a.yaml")], False)),
        (["check", "a.yaml", "--explain", "b"], ([Path("a.yaml"), Path("b")], True)),
        (["check", "--explain", "--explain", "a"], ([Path("a")], True)),
        (["check"], None),
        (["check", "--explain"], None),
        (["check", "--help"], None),
        (["check", "a.yaml", "--explian"], None),
        (["check", "--", "-a.yaml"], None),
        (["schema"], None),
        (["--version", "check", "a"], None),
        ([], None),
    ],
)
def test_plain_words(words: list[str], plain: object) -> None:
    assert plain_words(words) == plain


@pytest.mark.parametrize("options", [(), ("--explain",)])
@pytest.mark.parametrize(
    "text", [HOME, NOTED, "extends: hoem\n", "people: {a: {age: 300}}\nfoo: 1\n", "policy: [no.yaml]\n"]
)
def test_both_ways_say_the_same(
    qorgan: Qorgan, typed: Qorgan, tmp_path: Path, text: str, options: tuple[str, ...]
) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(text)
    assert typed("check", *options, file) == qorgan("check", *options, file)


def test_a_check_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(NOTED)
    script = (
        "import atexit, sys; from gateway.cli import main;"
        f"atexit.register(lambda: print(sorted(set({HEAVY!r}) & set(sys.modules))));"
        f"sys.argv = ['qorgan', 'check', {str(file)!r}]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
