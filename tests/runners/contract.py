"""Cases of the public contract of `labels --jsonl` and `decide --jsonl` (DESIGN, section 9): lines in, lines out.

`command` and the lines `in` (an object, or the line itself as text) → the lines `out`, exactly: their order, every key
and the order of the keys. A text that ends in … stands for any that begins so, and … alone
for anything. `status` is 0 unless it is said, and
`says` are the beginnings of the messages on stderr. `policy` is the text of the file behind `--policy`.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.testing import CliRunner

from gateway.cli.commands import cli


def run(case: dict[str, Any]) -> None:
    lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in case["in"]]
    with TemporaryDirectory() as folder:
        words = case["command"].split()
        if "policy" in case:
            file = Path(folder) / "home.yaml"
            file.write_text(case["policy"], encoding="utf-8")
            words += ["--policy", str(file)]
        done = CliRunner().invoke(cli, words, input="\n".join(lines).encode(), catch_exceptions=False)
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(out) == len(case["out"]), f"lines out:\n{done.stdout}"
    for number, (got, want) in enumerate(zip(out, case["out"], strict=True), 1):
        compare(got, want, f"line {number}")
    says = [line for line in done.stderr.splitlines() if not line.startswith(" ")]
    compare(says, [f"{message}…" for message in case.get("says", [])], "stderr")
    assert done.exit_code == case.get("status", 0), f"status {done.exit_code}"


def compare(got: object, want: object, place: str) -> None:
    if want == "…":
        return
    if isinstance(want, dict) and isinstance(got, dict):
        assert list(got) == list(want), f"{place} has the keys {list(got)}, wanted {list(want)}"
        for key, value in want.items():
            compare(got[key], value, f"{place}, {key}")
    elif isinstance(want, list) and isinstance(got, list):
        assert len(got) == len(want), f"{place} is {got}, wanted {want}"
        for index, value in enumerate(want):
            compare(got[index], value, f"{place}[{index}]")
    elif isinstance(want, str) and want.endswith("…"):
        assert isinstance(got, str), f"{place} is {got!r}"
        assert got.startswith(want[:-1]), f"{place} is {got!r}, wanted {want!r}"
    else:
        assert type(got) is type(want), f"{place} is {got!r}, wanted {want!r}"
        assert got == want, f"{place} is {got!r}, wanted {want!r}"
