"""Runs tests/cases/enforce: a verdict and a request in, an answer out.

A case has `to`: `page` (the default), `substitute`, `masked`, `last-resort`, `wants`, `languages`, `request` or
`dial`; what
it then needs is named like the arguments of the function that it runs. It asserts on `status`, `headers`, `has`,
`lacks`, `body`, `languages` or `refused`, and every page also on what holds for all pages.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason, Verdict
from gateway.document.document import Document, Headers
from gateway.document.url import Url, canonical
from gateway.enforce.answer import Answer
from gateway.enforce.languages import order_of
from gateway.enforce.services import Services, build_services
from gateway.enforce.to_error import last_resort_page
from gateway.enforce.to_masked_html import to_masked_html
from gateway.enforce.to_page import to_page
from gateway.enforce.to_request import to_request
from gateway.enforce.to_substitute import to_substitute
from gateway.enforce.wants import Wants, wants_of
from gateway.labels.label import Label, Scope, Trust
from gateway.policy.stances import Stances
from gateway.shipped import texts

MOST_BYTES = 12_288


def run(case: dict[str, Any]) -> None:
    match case.get("to", "page"):
        case "page":
            answer = to_page(verdict_of(case.get("verdict", {})), **request_of(case))
            check_page(answer)
            check(answer, case)
        case "substitute":
            answer = to_substitute(verdict_of(case.get("verdict", {})), wants=Wants(case["wants"]), **request_of(case))
            check(answer, case)
        case "last-resort":
            answer = last_resort_page(Reason(case["reason"]))
            check_page(answer)
            check(answer, case)
        case "masked":
            answer = to_masked_html(
                document_of(case),
                [label_of(part) for part in case["parts"]] * case.get("parts_times", 1),
                verdict_of(case.get("verdict", {})),
                accept_language=case.get("accept_language"),
            )
            assert (answer is None) == case.get("refused", False), answer and answer.body.decode()
            if answer is not None:
                check(answer, case)
        case "wants":
            found = wants_of(case.get("sec_fetch_dest"), case.get("accept"), case.get("extension"))
            assert found == case["wants"], found
        case "languages":
            assert list(order_of(case["accept_language"])) == case["languages"], order_of(case["accept_language"])
        case "request":
            check_request(case)
        case "dial":
            found = _services().dial(canonical(case["url"]).host, stances_of(case))
            assert found == case["dial"], found
        case other:
            raise AssertionError(f"no such `to`: {other!r}")


def request_of(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "accept_language": case.get("accept_language"),
        "host": case.get("host", "www.example.kz"),
        "ask_url": case.get("ask_url"),
        "blocked_by": case.get("blocked_by"),
    }


def check(answer: Answer, case: Mapping[str, Any]) -> None:
    text = answer.body.decode()
    if "status" in case:
        assert answer.status == case["status"], answer.status
    for name, value in case.get("headers", {}).items():
        assert answer.header(name) == value, f"{name}: {answer.header(name)!r}"
    for wanted in case.get("has", []):
        assert wanted in text, f"{wanted!r} is missing in:\n{text}"
    for unwanted in case.get("lacks", []):
        assert unwanted not in text, f"{unwanted!r} stands in:\n{text}"
    if "body" in case:
        assert text == case["body"], text
    if "languages" in case:
        sections = LexborHTMLParser(text).css("main section")
        assert [section.attributes["lang"] for section in sections] == case["languages"]


def check_page(answer: Answer) -> None:
    """What holds for every block page."""
    assert len(answer.body) <= MOST_BYTES, len(answer.body)
    assert answer.header("Content-Type") == "text/html; charset=utf-8"
    assert answer.header("Cache-Control") == "no-store"
    page = LexborHTMLParser(answer.body.decode())
    for name in ("script", "iframe", "object", "img", "form", "base"):
        assert not page.css(name), name
    assert [node.tag for node in page.css("h1, h2, h3")] == ["h1", "h2", "h2"]
    assert len(page.css("main")) == len(page.css("title")) == 1
    languages = [section.attributes["lang"] for section in page.css("main section")]
    assert sorted(languages) == ["en", "kk", "ru"]
    assert page.css_first("html").attributes["lang"] == languages[0]
    assert page.css_first("title").text() == page.css_first("h1").text()
    assert answer.header("Content-Language") == ", ".join(languages)


def verdict_of(data: Mapping[str, Any]) -> Verdict:
    until = data.get("until")
    return Verdict(
        action=Action[data.get("action", "block").upper()],
        reason=Reason(data.get("reason", "label")),
        effect=Effect(data.get("effect", "restrict")),
        layer=Layer(data.get("layer", "law")),
        category=data.get("category"),
        min_age=data.get("min_age"),
        grounds=tuple(ground_of(ground) for ground in data.get("grounds", [])),
        evidence=tuple(label_of(label) for label in data.get("evidence", [])),
        revision=data.get("revision", ""),
        until=datetime.fromisoformat(until["moment"]).replace(tzinfo=ZoneInfo(until["zone"])) if until else None,
    )


def ground_of(data: Mapping[str, Any]) -> Ground:
    return Ground(
        rule=data["rule"],
        where=data.get("where", "home.yaml:3"),
        says=Action[data.get("says", "block").upper()],
        cites=tuple(data.get("cites", [])),
        overruled_by=data.get("overruled_by"),
    )


def label_of(data: Mapping[str, Any]) -> Label:
    return Label(
        scale=data.get("scale", "kz"),
        mark=data.get("mark", "18+"),
        min_age=data.get("min_age", 18),
        scope=Scope(data.get("scope", "part" if "part" in data else "page")),
        trust=Trust[data.get("trust", "B")],
        carrier=data.get("carrier", "visible-sign"),
        raw=data.get("raw", "18+"),
        place=data.get("place", "byte 120"),
        part=data.get("part"),
    )


def document_of(case: Mapping[str, Any]) -> Document:
    headers = Headers(tuple(case.get("headers_in", {"content-type": "text/html"}).items()))
    return Document(
        url=Url("https://www.example.kz/a/b", "https", "www.example.kz", 443, "/a/b", ""),
        status=case.get("status_in", 200),
        headers=headers,
        media_type=case.get("media_type", "text/html"),
        body=case["page"].encode(),
        text=case["page"] if case.get("textual", True) else None,
        charset="utf-8",
        complete=case.get("complete", True),
    )


def check_request(case: dict[str, Any]) -> None:
    """`url` with `stances` (and `fields`, `form`) → the `target`, `fields` and `form` that leave, or `unchanged`."""
    stances = stances_of(case)
    place, _, rest = case["url"].partition("://")[2].partition("/")
    url = canonical(f"{case['url'].partition('://')[0]}://{place}/{rest}")
    changes = to_request(_services(), stances, url)
    assert (changes is None) == case.get("unchanged", False), changes
    if changes is None:
        return
    given = [(name.encode(), value.encode()) for name, value in case.get("fields", [])]
    if "target" in case:
        assert changes.to_target(f"/{rest}".encode()).decode() == case["target"]
    if "sent" in case:
        assert [(name.decode(), value.decode()) for name, value in changes.to_fields(given)] == [
            tuple(field) for field in case["sent"]
        ]
    if "form" in case:
        assert changes.in_form
        assert changes.to_form(case["form"].encode()).decode() == case["form_sent"]


def stances_of(case: Mapping[str, Any]) -> Stances:
    return Stances(**{name.replace("-", "_"): _frozen(value) for name, value in case["stances"].items()})


@cache
def _services() -> Services:
    return build_services(texts("safe"))


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
