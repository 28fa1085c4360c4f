"""Cases of descriptions: files → what `qorgan check --explain` says. `day` is 2026-11-22 if it says nothing."""

from datetime import date
from typing import Any

from gateway.policy.compile import compile_policy
from gateway.policy.describe import describe
from gateway.shipped import texts

DAY = date(2026, 11, 22)


def run(case: dict[str, Any]) -> None:
    files = case.get("files") or {"home.yaml": case["policy"]}
    day = date.fromisoformat(case["day"]) if "day" in case else DAY
    said = describe(compile_policy(files, case.get("presets") or texts("presets"), texts("law"), day), day)
    assert said == case["said"].rstrip("\n"), f"said:\n{said}"
