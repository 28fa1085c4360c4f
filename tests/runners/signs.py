"""Runs tests/cases/signs: a line of visible text and the signs in it, each with its mark and how it fits the line."""

from functools import cache
from typing import Any

from gateway.labels.data import LabelData, build_label_data
from gateway.shipped import texts


@cache
def data() -> LabelData:
    return build_label_data({**texts("scales"), **texts("signs")})


def run(case: dict[str, Any]) -> None:
    signs = data().signs.read(case["line"])
    found = [
        {
            "mark": sign.mark,
            "min_age": sign.min_age,
            "fit": sign.fit.name.lower(),
            "language": sign.language,
            "warning": sign.warning,
            "rhombus": sign.rhombus,
            "led": sign.led,
            "in_years": sign.in_years,
            "text": case["line"][sign.start : sign.end].strip(),
        }
        for sign in signs
    ]
    expected = case["expect"]
    assert len(found) == len(expected), f"found {found}"
    for sign, wanted in zip(found, expected, strict=True):
        assert wanted.items() <= sign.items(), f"found {sign}, expected {wanted}"
