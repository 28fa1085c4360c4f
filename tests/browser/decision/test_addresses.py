"""The cases of addresses, asked of the add-on: a spelling must not be a way around it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.browser.decision.node import Node

PATH = Path(__file__).parents[2] / "cases" / "document" / "url.yaml"
CASES = [case for case in yaml.load(PATH.read_text(encoding="utf-8"), yaml.CSafeLoader) if "url" in case]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_address_has_one_spelling(node: Node, case: dict[str, Any]) -> None:
    got = node.answer({"address": case["url"], "base": case.get("base", "")})
    if "refused" in case:
        assert got == {"refused": "RangeError"}
    else:
        wanted = {key: value for key, value in case["gives"].items() if key != "site"}
        assert {key: got["gives"][key] for key in wanted} == wanted
