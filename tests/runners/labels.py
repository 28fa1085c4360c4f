"""Runs tests/cases/labels: a response and its reading, or a spelling and its mark. README.md there says the form."""

import base64
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from gateway.hosts.record import HostRecord
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.jsonl import answer, as_json, read_line
from gateway.shipped import texts

DEFAULTS = {"url": "https://site.test/page", "headers": {"Content-Type": "text/html; charset=utf-8"}}


@cache
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def run(case: dict[str, Any]) -> None:
    if "spelling" in case:
        run_spelling(case["spelling"], case["expect"])
    elif case.get("seen_by") == "document":
        run_unseen({**DEFAULTS, **case["response"]}, case["expect"])
    else:
        run_response({**DEFAULTS, **case["response"]}, case["expect"])


def run_spelling(spelling: dict[str, Any], expect: dict[str, Any] | None) -> None:
    mark = data().scales.find(spelling["text"], scale=spelling.get("scale"), country=spelling.get("country"))
    found = None if mark is None else {"scale": mark.scale, "mark": mark.mark, "min_age": mark.min_age}
    assert found == expect, f"found {found}, expected {expect}"


def run_unseen(response: dict[str, Any], expect: dict[str, Any]) -> None:
    """A case of the document tier (tests/browser runs it): only that the page tier reads otherwise is checked."""
    try:
        run_response(response, expect)
    except AssertionError:
        return
    raise AssertionError("the page tier reads this too: the case is not of the document tier alone")


def run_response(response: dict[str, Any], expect: dict[str, Any]) -> None:
    kind = response.pop("kind", None)
    if kind is None:
        reading = answer(response, data())
    else:
        reading = as_json(read_line(response, data(), host=HostRecord(host="site.test", kind=kind)))
    compare(reading, expect)
    for label in reading["labels"]:
        if label["scope"] == "part":
            count = count_at(body_of(response), label["place"])
            assert count == 1, f"{label['place']} leads to {count} places\n  read: {reading}"


def compare(reading: dict[str, Any], expect: dict[str, Any]) -> None:
    """Asserts everything that a case expects of a reading, whoever read it."""
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


def body_of(response: dict[str, Any]) -> str:
    coded = response.get("body_b64")
    if not coded:
        return str(response["body"])
    raw = base64.b64decode(coded)
    return raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")


def count_at(body: str, place: str) -> int:
    """How many places a selector, an element path, a JSON pointer or a line leads to."""
    if place.startswith("line "):
        return int(body.count("\n") + 1 >= int(place.removeprefix("line ")))
    if not place.startswith("/"):
        return len(LexborHTMLParser(body, scripting=True).css(place))
    if body.lstrip("\ufeff \t\r\n").startswith("<"):
        return element_paths(body).count(place)
    value = json_of(body.removeprefix("\ufeff"))
    for step in place[1:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return 1


def json_of(body: str) -> Any:
    """A JSON text, or a list of the texts of JSON lines."""
    try:
        return json.loads(body)
    except ValueError:
        return [json.loads(line) for line in body.splitlines() if line.strip()]


def element_paths(xml: str) -> list[str]:
    """The path of each element of an XML text, as plainly as it can be found: by its tags."""
    tags = re.findall(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[?!][^>]*>|<(/?)([^\s<>/]+)([^<>]*?)(/?)>", xml, re.DOTALL)
    root: tuple[str, list[Any]] = ("", [])
    open_elements = [root]
    for closes, name, _, empty in tags:
        if closes:
            open_elements.pop()
        elif name:
            element: tuple[str, list[Any]] = (name, [])
            open_elements[-1][1].append(element)
            open_elements += [] if empty else [element]
    return list(paths_in(root, ""))


def paths_in(element: tuple[str, list[Any]], path: str) -> Iterator[str]:
    names = [name for name, _ in element[1]]
    for place, child in enumerate(element[1]):
        number = names[: place + 1].count(child[0])
        here = f"{path}/{child[0]}" + (f"[{number}]" if names.count(child[0]) > 1 else "")
        yield here
        yield from paths_in(child, here)


def compare_labels(found: list[dict[str, Any]], expected: list[dict[str, Any]], shown: str) -> None:
    left = list(found)
    for wanted in expected:
        match = next((label for label in left if wanted.items() <= label.items()), None)
        assert match is not None, f"no label is {wanted}{shown}"
        left.remove(match)
    assert not left, f"labels that nobody expects: {left}{shown}"
