"""Runs tests/cases/labels: a response and its reading, or a spelling and its mark. README.md there says the form."""

from functools import cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData, build_label_data
from gateway.labels.jsonl import answer, as_json, read_line
from gateway.shipped import texts

DEFAULTS = {"url": "https://site.test/page", "headers": {"Content-Type": "text/html; charset=utf-8"}}


@cache
def data() -> LabelData:
    return build_label_data({**texts("scales"), **texts("signs")})


def run(case: dict[str, Any]) -> None:
    if "spelling" in case:
        run_spelling(case["spelling"], case["expect"])
    else:
        run_response({**DEFAULTS, **case["response"]}, case["expect"])


def run_spelling(spelling: dict[str, Any], expect: dict[str, Any] | None) -> None:
    mark = data().scales.find(spelling["text"], scale=spelling.get("scale"), country=spelling.get("country"))
    found = None if mark is None else {"scale": mark.scale, "mark": mark.mark, "min_age": mark.min_age}
    assert found == expect, f"found {found}, expected {expect}"


def run_response(response: dict[str, Any], expect: dict[str, Any]) -> None:
    kind = response.pop("kind", None)
    if kind is None:
        reading = answer(response, data())
    else:
        reading = as_json(read_line(response, data(), host=HostRecord(host="site.test", kind=kind)))
    shown = f"\n  read: {reading}"
    for key in ("status", "min_age", "category"):
        if key in expect:
            assert reading[key] == expect[key], f"{key} is {reading[key]!r}, expected {expect[key]!r}{shown}"
    if "labels" in expect:
        compare_labels(reading["labels"], expect["labels"], shown)
    if "flags" in expect:
        assert sorted(reading["flags"]) == sorted(expect["flags"]), f"flags{shown}"
    if "note" in expect:
        assert any(expect["note"] in note for note in reading["notes"]), f"no note says {expect['note']!r}{shown}"
    for label in reading["labels"]:
        if label["scope"] == "part":
            tree = LexborHTMLParser(response["body"], scripting=True)
            assert len(tree.css(label["place"])) == 1, f"{label['place']} leads to no or to several elements{shown}"


def compare_labels(found: list[dict[str, Any]], expected: list[dict[str, Any]], shown: str) -> None:
    left = list(found)
    for wanted in expected:
        match = next((label for label in left if wanted.items() <= label.items()), None)
        assert match is not None, f"no label is {wanted}{shown}"
        left.remove(match)
    assert not left, f"labels that nobody expects: {left}{shown}"
