"""What the cases of tests/cases/labels and the samples of the recipes send: the seeds of mutation."""

import base64
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gateway.shipped import texts
from tests.fuzz.sample import HTML, PAGE, Sample

CASES = Path(__file__).parents[1] / "cases"
_PIECE = re.compile(r"<[^<>]{0,300}>|[^<>{}\[\],:]{1,80}|.", re.DOTALL)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def seeds() -> tuple[Sample, ...]:
    """Every response of the label and document cases, and of the samples of the recipes."""
    return (*_cases("labels"), *_cases("document"), *_recipes())


@cache
def addresses() -> tuple[str, ...]:
    """Every address in these."""
    found = {sample.url for sample in seeds()}
    for case in _read("document"):
        found.update(value for value in _strings(case) if "://" in value)
    return tuple(sorted(found))


def pieces_of(samples: tuple[Sample, ...]) -> tuple[str, ...]:
    """The tags, words and signs that these samples are made of, rare ones and common ones alike."""
    found = {piece for sample in samples for piece in _PIECE.findall(sample.body[:20_000].decode("utf-8", "replace"))}
    return tuple(sorted(found))


def _read(kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted((CASES / kind).rglob("*.yaml")):
        yield from yaml.load(path.read_text(encoding="utf-8"), _LOADER) or []


def _cases(kind: str) -> Iterator[Sample]:
    for case in _read(kind):
        response = case.get("response")
        if isinstance(response, dict):
            yield _sample(case["name"], response)


def _sample(name: str, response: dict[str, Any]) -> Sample:
    coded, body = response.get("body_b64"), response.get("body") or ""
    if not isinstance(body, str):
        body = json.dumps(body)
    headers = response.get("headers", {"Content-Type": HTML})
    pairs = [
        (field, str(value))
        for field, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return Sample(
        name,
        base64.b64decode(coded) if coded else body.encode("utf-8", "replace"),
        next((value for field, value in pairs if field.lower() == "content-type"), ""),
        str(response.get("label_file_url") or response.get("url") or PAGE),
        tuple((field, value) for field, value in pairs if field.lower() != "content-type"),
    )


def _recipes() -> Iterator[Sample]:
    for path, text in texts("sites").items():
        for sample in (yaml.load(text, _LOADER) or {}).get("samples", ()) if path.endswith(".yaml") else ():
            headers = tuple((sample.get("headers") or {}).items())
            yield Sample(path, (sample.get("body") or "").encode(), sample.get("type") or HTML, sample["url"], headers)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
