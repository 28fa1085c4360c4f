"""Labels as named sites declare them: in elements, in the state of their scripts, in JSON, in headers of their own.

How each site does it is data (policies/sites); a host without a recipe costs one look-up.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import assert_never

from gateway.document.document import UnreadableReason
from gateway.labels.from_json_body import json_text_of
from gateway.labels.json_tree import BrokenJson, TooMuch
from gateway.labels.label import Label, Scope
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import EVERYTHING, Blocked, Found, Note
from gateway.labels.recipe import Address, Code, Declaration, Element, Header, JsonBody, JsonScript, State
from gateway.labels.recipe_places import LONGEST_VALUE, JsonPlaces, Value, in_code, in_elements
from gateway.labels.scales import Mark
from gateway.labels.value_reader import ValueReader

_MOST_HEADERS = 20


class SiteRecipeReader:
    name = "site-recipe"

    def reach(self, page: Page) -> int | None:
        wanted = _wanted(page)
        if not wanted:
            return None
        return EVERYTHING if any(isinstance(each.where, Element | JsonScript | State | Code) for each in wanted) else 0

    def find(self, page: Page) -> Iterator[Found]:
        yield from limited(self._found(page))

    def _found(self, page: Page) -> Iterator[Found | Part]:
        json, reader = JsonPlaces(page), ValueReader(page.data.scales, page.data.keys.words, page.country)
        for declaration in _wanted(page):
            try:
                values = _values(page, json, declaration)
                yield from _once(found for value in values for found in _say(reader, declaration, value))
            except TooMuch as fault:
                yield Blocked(
                    UnreadableReason.MALFORMED, f"where the site says {declaration.says!r}, what stands there {fault}"
                )
            except BrokenJson as fault:
                yield Note(f"where the site says {declaration.says!r}, it {fault}")


def _once(found: Iterable[Found | Part]) -> Iterator[Found | Part]:
    """`found` without the labels that say the same of the whole page again."""
    said: set[tuple[str, str]] = set()
    for each in found:
        if isinstance(each, Label):
            if (each.scale, each.mark) in said:
                continue
            said.add((each.scale, each.mark))
        yield each


def _wanted(page: Page) -> list[Declaration]:
    """The declarations of this address that such a response can hold."""
    at = page.data.sites.at(page.url) if page.url is not None else ()
    return [each for each in at if _can_hold(page, each)]


def _can_hold(page: Page, declaration: Declaration) -> bool:
    match declaration.where:
        case Header(name):
            return page.headers.get(name) is not None
        case Address():
            return page.document is not None
        case JsonBody():
            return bool(json_text_of(page.document))
        case State(name, _):
            return page.is_html and page.traces.has(name.encode().lower())
        case Code(text):
            return page.is_html and page.traces.has_word(text)
    return page.is_html


def _values(page: Page, json: JsonPlaces, declaration: Declaration) -> Iterator[Value]:
    where = declaration.where
    match where:
        case Element():
            yield from in_elements(page, where, declaration.part)
        case JsonScript() | State() | JsonBody():
            yield from json.at(where)
        case Code():
            yield from in_code(page, where)
        case Header(name):
            values = page.headers.all(name)
            yield from (Value(text, text, f"header {name}") for text in values[:_MOST_HEADERS])
            if len(values) > _MOST_HEADERS:
                raise TooMuch(f"is sent more than {_MOST_HEADERS} times")
        case Address():
            path = page.url.path if page.url is not None else ""
            yield Value(path, path, "address")
        case _:
            assert_never(where)


def _say(reader: ValueReader, declaration: Declaration, value: Value) -> Iterator[Found | Part]:
    mark = declaration.mark or reader.read(declaration.form, value.said)
    if mark is None:
        if not reader.is_silent(declaration.form, value.said):
            yield Note(f"where the site says {declaration.says!r}, it says {str(value.said)[:80]!r}, which is no label")
        return
    build = partial(_label, declaration, value, mark)
    yield Part(mark, declaration.trust, build) if declaration.scope is Scope.PART else build()


def _label(declaration: Declaration, value: Value, mark: Mark) -> Label:
    part = value.part if declaration.scope is Scope.PART else None
    return label_of(
        mark,
        scope=declaration.scope,
        trust=declaration.trust,
        carrier=SiteRecipeReader.name,
        raw=value.raw.strip()[:LONGEST_VALUE],
        place=part or value.place,
        part=part,
    )
