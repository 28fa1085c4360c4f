"""Bodies that are for adults by every carrier that the label cases know, and bodies that are for everybody."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gateway.document.document import Headers as Fields
from gateway.document.media_type import essence_of, is_document, is_html
from gateway.labels.jsonl import answer
from tests.runners.labels import DEFAULTS, data

CASES = Path(__file__).parents[1] / "cases" / "labels"
RTA = "RTA-5042-1996-1400-1577-RTA"
PARTS = (
    "<!doctype html><html lang=en><head><title>Tonight</title></head><body><h1>Tonight</h1>"
    "<article id=a><h2>A fairy tale <span class=age>6+</span></h2><p>For all.</p></article>"
    "<article id=b><h2>A late show <span class=age>18+</span></h2><p>{canary}</p></article></body></html>"
)
_LONGEST = 60_000  # characters of a case that is taken


@dataclass(frozen=True, slots=True)
class Rated:
    """A case whose page, or whose header fields, say 18: `in_header`, the body may be of any kind."""

    name: str
    fields: tuple[tuple[str, str], ...]
    text: str
    in_header: bool

    @property
    def html(self) -> bool:
        return is_html(essence_of(Fields(list(self.fields))) or "text/html")


@cache
def rated() -> tuple[Rated, ...]:
    return tuple(_rated())


def _rated() -> Iterator[Rated]:
    for file in sorted(CASES.rglob("*.yaml")):
        for case in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) or ():
            response = case.get("response", {})
            if isinstance(response.get("body"), str) and not {"kind", "label_file_url"} & response.keys():
                found = _of(case["name"], {**DEFAULTS, **response})
                if found is not None:
                    yield found


def _of(name: str, response: Mapping[str, Any]) -> Rated | None:
    """None: nothing of the whole page says 18, or a browser would show it as no document."""
    fields = tuple(_fields(response["headers"]))
    says = [
        label
        for label in answer({**response, "url": "https://kids.test/t0/"}, data())["labels"]
        if label["scope"] == "page" and label["min_age"] >= 18 and label["trust"] != "D"
    ]
    if not says or len(response["body"]) > _LONGEST or response.get("status", 200) != 200:
        return None
    in_header = any(label["carrier"] in {"header", "http-header"} for label in says)
    essence = essence_of(Fields(list(fields)))
    if not in_header and not (essence and is_document(essence)):
        return None
    if any(name.lower() in {"content-encoding", "content-length", "transfer-encoding"} for name, _ in fields):
        return None
    said = " ".join([response["body"], *(value for _, value in fields)]).lower().replace("charset=utf-8", "")
    if "charset" in said or "encoding=" in said:
        return None  # the bytes of a case that is written as text are in UTF-8
    if any(not value.isprintable() or not value.isascii() for _, value in fields):
        return None
    return Rated(name, fields, response["body"], in_header)


def _fields(headers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        for each in value if isinstance(value, list) else [value]:
            yield name, str(each)


def with_canary(page: Rated, canary: str, dice: random.Random) -> str:
    """The page with the canary before and behind everything, where a browser allows a comment."""
    more = " ".join([canary] * dice.choice((1, 1, 3, 40)))
    if page.html:
        before = f"<!-- {canary} -->" if not page.text.lstrip().lower().startswith("<?xml") else ""
        return f"{before}{page.text}<!-- {more} -->"
    if page.text.lstrip().startswith("<"):
        return f"{page.text.rstrip()}\n<!-- {more} -->\n"
    return f"{page.text}\n{more}"


def harmless(canary: str, dice: random.Random) -> tuple[str, str]:
    """A type and a text without any label."""
    filler = "".join(dice.choices("abcdefghij \n", k=dice.choice((0, 100, 3_000, 40_000))))
    return dice.choice(
        [
            ("text/html; charset=utf-8", f"<!doctype html><title>Apples</title><p>{filler}<p>{canary}"),
            ("text/html", f"<html><body><h1>{canary}</h1>{filler}</body></html>"),
            ("application/json", json.dumps({"fruit": canary, "more": filler})),
            ("text/plain", f"{filler} {canary}"),
            ("text/css", f"/* {canary} */ p {{color: red}}"),
            ("text/javascript", f"// {canary}"),
            ("image/svg+xml", f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {canary} --></svg>'),
            ("application/octet-stream", f"{canary}{filler}"),
        ]
    )
