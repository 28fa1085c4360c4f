"""The label cases that a live document can answer: read by the add-on's readers in a browser, all in one run.

A case is served as it would be, to a frame in which nothing is loaded and no script runs unless the case says so; plain
text that needs no response of its own is written into a frame, which takes a tenth of the time. The readers are the
files of addons/browser/labels as they are, with the data of this checkout.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from gateway.document.document import Headers, Unreadable
from gateway.document.read import read_document
from gateway.labels.page import Page
from gateway.labels.to_json import data_as_json
from gateway.labels.to_traces import traces_as_json
from tests.browser import honest_pages
from tests.browser.opened_page import ROOT, Answer, run_page
from tests.browser.pages import pages
from tests.browser.sentences import sentences
from tests.runners import labels as runner

CASES: Final = ROOT / "tests" / "cases" / "labels"
RECIPES: Final = ROOT / "policies" / "sites"
DIFFERENCES: Final = Path(__file__).with_name("intended_differences.yaml")
LONGEST_RUN: Final = 240  # seconds; a run takes some fifteen on two cores that have nothing else to do
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HTML: Final = ("text/html", "application/xhtml+xml")
# Nothing is loaded, no script runs, but scripting is on as in a browser: noscript is text (WHATWG HTML, 13.2.6.4.7).
_QUIET: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-scripts allow-same-origin"
_LIVELY: Final = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Case:
    """A case by its place in the suite: "meta.yaml::…"."""

    id: str
    case: dict[str, Any]

    @property
    def family(self) -> str:
        return self.id.partition(".yaml::")[0]

    @property
    def response(self) -> dict[str, Any]:
        return {**runner.DEFAULTS, **self.case["response"]}


@cache
def every_case() -> tuple[Case, ...]:
    """The label cases, and the samples of the site recipes as cases."""
    found = [
        Case(f"{path.relative_to(CASES).as_posix()}::{case['name']}", case)
        for path in sorted(CASES.rglob("*.yaml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), _LOADER) or []
    ]
    return (*found, *_samples())


def _samples() -> Iterator[Case]:
    for path in sorted(RECIPES.glob("*.yaml")):
        for number, sample in enumerate(yaml.load(path.read_text(encoding="utf-8"), _LOADER)["samples"], 1):
            headers = {"Content-Type": sample.get("type", "text/html"), **sample.get("headers", {})}
            response = {"url": sample["url"], "headers": headers, "body": sample.get("body", "")}
            yield Case(f"recipes/{path.name}::sample {number}", {"response": response, "reads": sample["reads"]})


def cases_of_documents() -> list[Case]:
    """The cases whose response is one that a browser shows as a page, or should."""
    left_out = not_run()
    return [each for each in every_case() if "response" in each.case and each.id not in left_out and _is_page(each)]


def cases_of_spelling() -> list[Case]:
    return [each for each in every_case() if "spelling" in each.case]


def _is_page(case: Case) -> bool:
    response = case.response
    if "label_file_url" in response:
        return False
    headers = Headers(_pairs(response["headers"]))
    read = read_document(url=response["url"], status=200, headers=headers, body=body_of(response))
    if isinstance(read, Unreadable):
        return any(kind in (headers.get("content-type") or "") for kind in _HTML)
    return Page(read, runner.data()).is_html


def body_of(response: dict[str, Any]) -> bytes:
    if "body_b64" in response:
        return base64.b64decode(response["body_b64"])
    return str(response.get("body", "")).encode("utf-8", "replace")


def _pairs(headers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            yield name, value


@dataclass(frozen=True, slots=True)
class Run:
    """What the browser said: by case a reading or the mark of a spelling; of random pages and sentences in order."""

    readings: dict[str, dict[str, Any]]
    marks: dict[str, dict[str, Any] | None]
    pages: list[dict[str, Any]]
    sentences: list[dict[str, Any]]
    honest: list[dict[str, Any]]  # of honest_pages.py

    def faults(self) -> dict[str, str]:
        """By case, what differs from what the case expects."""
        found = {}
        for case in cases_of_documents():
            try:
                compare(self.readings[case.id], case.case)
            except AssertionError as fault:
                found[case.id] = str(fault)
        for case in cases_of_spelling():
            if self.marks[case.id] != case.case["expect"]:
                found[case.id] = f"found {self.marks[case.id]}, expected {case.case['expect']}"
        return found


def compare(reading: dict[str, Any], case: dict[str, Any]) -> None:
    """Asserts what a case expects, but for notes: they are for people, and each tier has its own words."""
    if "reads" in case:
        # As the samples of a recipe are checked: by what the recipe finds.
        of_recipe = [label for label in reading["labels"] if label["carrier"] == "site-recipe"]
        runner.compare_labels(
            of_recipe, [{"scope": "page", **label} for label in case["reads"]], f"\n  read: {reading}"
        )
    else:
        runner.compare(reading, {key: value for key, value in case["expect"].items() if key != "note"})
    lost = [label for label in reading["labels"] if label["scope"] == "part" and label["count"] != 1]
    assert not lost, f"parts whose place does not lead to one element: {lost}"


def intended() -> dict[str, str]:
    """By case, the reason why the document tier reads otherwise."""
    return {case: entry["reason"] for entry in _differences() if entry.get("run", True) for case in entry["cases"]}


def not_run() -> dict[str, str]:
    """By case, the reason why it is not tried in a browser."""
    return {case: entry["reason"] for entry in _differences() if not entry.get("run", True) for case in entry["cases"]}


@cache
def _differences() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))
    return entries


def run_in_browser(browser: str = "chromium") -> Run:
    """All cases in one browser process. Raises RuntimeError with what the browser said when it does not finish."""
    documents, spellings = cases_of_documents(), cases_of_spelling()
    responses = [
        {"lively": bool(case.case.get("scripts")), "costly": case.family == "costly", **case.response}
        for case in documents
    ]
    plan = json.dumps(_plan(responses, spellings)).encode()

    def answers(path: str) -> Answer | None:
        if path == "/plan.json":
            return Answer(plan, {"Content-Type": "application/json"})
        return _answer(responses[int(path.rpartition("/")[2])]) if path.startswith("/case/") else None

    result = run_page("reading.html", answers, LONGEST_RUN, browser)
    return Run(
        {case.id: reading for case, reading in zip(documents, result["readings"], strict=True)},
        {case.id: mark for case, mark in zip(spellings, result["marks"], strict=True)},
        result["pages"],
        result["sentences"],
        result["honest"],
    )


def _plan(responses: list[dict[str, Any]], spellings: list[Case]) -> dict[str, Any]:
    return {
        "data": data_as_json(runner.data()),
        "traces": traces_as_json(runner.data()),
        "documents": [
            {
                "url": response["url"],
                "headers": response["headers"],
                "kind": response.get("kind"),
                "lively": response["lively"],
                "costly": response["costly"],
                "body": response["body"] if _is_plain(response) else None,
            }
            for response in responses
        ],
        "spellings": [case.case["spelling"] for case in spellings],
        "pages": pages(),
        "honest": honest_pages.pages(),
        "sentences": sentences(),
    }


def _is_plain(response: dict[str, Any]) -> bool:
    """Whether a page is the same when it is written: no bytes, no other type, nothing that happens after parsing."""
    essence = str(next(iter(response["headers"].values()), "")).split(";")[0]
    is_html = list(response["headers"]) == ["Content-Type"] and essence == "text/html"
    body = str(response.get("body", "")).lower()
    is_still = not response["lively"] and not any(word in body for word in ("<iframe", "<frame", "refresh"))
    return is_html and is_still and "body_b64" not in response


def _answer(response: dict[str, Any]) -> Answer:
    """A response, but for the headers that are not about the page itself."""
    fields = {name.lower(): value for name, value in response["headers"].items()}
    headers = {"Content-Security-Policy": _LIVELY if response.get("lively") else _QUIET}
    kept = ("content-type", "content-encoding")
    headers |= {name: fields[name] for name in kept if isinstance(fields.get(name), str)}
    if "body_b64" not in response:
        # A body given as text is decoded already: what it says of its charset was about other bytes.
        headers.pop("content-type", None)
        essence = str(fields.get("content-type", "text/html")).split(";")[0].strip()
        headers["Content-Type"] = f"{essence or 'text/html'}; charset=utf-8"
    return Answer(body_of(response).removeprefix(b"\xef\xbb\xbf"), headers)
