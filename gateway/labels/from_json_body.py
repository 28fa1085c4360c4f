"""Labels in JSON responses, under the names that interfaces give them: "ageRating", "over_18", "isFamilySafe", …

The names are data (policies/vocabularies/json-keys.yaml); schema.org's properties are read as in JSON-LD. Sources: RFC
8259 and 6901; jsonlines.org and RFC 7464 for several texts in one body, which are read as a list of them.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.document.document import Document, UnreadableReason
from gateway.labels.json_keys import Key
from gateway.labels.json_tree import BrokenJson, Spot, TooMuch, named, parse_texts, shown, walk
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import MOST_NOTES, Blocked, Found, Note
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark
from gateway.labels.schema_org import PROPERTIES, Said, read_property, texts_of
from gateway.labels.value_form import fold_name
from gateway.labels.value_reader import ValueReader

_LINES: Final = frozenset(
    f"application/{name}" for name in ("x-ndjson", "ndjson", "jsonl", "x-jsonlines", "json-lines", "json-seq")
)
_ESCAPED_LETTER: Final = re.compile(r"\\u00[4-7]")  # a name may be spelt in escapes (RFC 8259, section 7)


class JsonBodyReader:
    name = "json-body"

    def reach(self, page: Page) -> int | None:
        text = json_text_of(page.document)
        if not text:
            return None
        folded = text.lower().replace("_", "").replace("-", "")
        # Backwards: CPython searches long Latin words so in a fraction of the time.
        named = any(folded.rfind(trace) >= 0 for trace in (*page.data.keys.traces, *PROPERTIES))
        return 0 if named or ("\\u00" in text and _ESCAPED_LETTER.search(text)) else None

    def find(self, page: Page) -> Iterator[Found]:
        walker = _Walker(page)
        try:
            yield from limited(found for spot in walk(parse_body(page)) for found in walker.found(spot))
        except TooManyDifferent as refused:
            yield Blocked(UnreadableReason.MALFORMED, f"in the JSON body, {refused}")
        except (BrokenJson, TooMuch) as fault:
            # A name of a label is in it, so what follows the fault might be one.
            yield Blocked(UnreadableReason.MALFORMED, f"the JSON body {fault}")


def json_text_of(document: Document | None) -> str:
    """The text of a body that is declared to be JSON; empty when it is not, or has none."""
    if document is None:
        return ""
    essence = document.media_type
    if essence in _LINES:  # no browser shows these as text, so nobody has decoded them yet: RFC 8259, section 8.1
        return document.body.decode("utf-8", "replace")
    is_json = essence in ("application/json", "text/json") or essence.endswith("+json")
    return (document.text or "") if is_json else ""


def parse_body(page: Page) -> object:
    """The JSON of a body; several texts are a list of them. Raises BrokenJson or TooMuch."""
    texts = parse_texts(json_text_of(page.document), page.data.keys.prefixes)
    return texts[0] if len(texts) == 1 else texts


class _Walker:
    """Reads one object after another; how its names are folded is kept for the next, which has the same."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known = page.data.keys
        self._values = ValueReader(page.data.scales, page.data.keys.words, page.country)
        scales, country = page.data.scales, page.country
        self._property: Repeats[Said | None] = Repeats(
            lambda name, text, system: read_property(name, text, scales, system=system, country=country)
        )
        self._folded: dict[str, str] = {}
        self._dull: set[str] = set()  # names that mean nothing here
        self._said: set[tuple[str, Mark]] = set()
        self._noted: set[str] = set()
        self._strange: set[tuple[str, type, str | int | float]] = set()  # named in a note

    def found(self, spot: Spot) -> Iterator[Found | Part]:
        """What one object says under its own names."""
        if self._dull.issuperset(spot.entries):
            return
        folds = [self._fold(name) for name in spot.entries]
        if not any(folded in self._known.keys or folded in PROPERTIES for folded in folds):
            self._dull.update(spot.entries)
            return
        names = frozenset(folds)
        if not self._known.people.isdisjoint(names) or self._is_apart(spot):
            return
        for folded, name in zip(folds, spot.entries, strict=True):
            key = self._known.keys.get(folded)
            if key is not None and _holds(key, spot, names):
                yield from self._read(spot, name, key)
            elif folded in PROPERTIES:
                yield from self._read_property(spot, name, folded)

    def _read(self, spot: Spot, name: str, key: Key) -> Iterator[Found | Part]:
        value = spot.entries[name]
        mark = self._values.read(key.form, value)
        if mark is not None:
            yield from self._say(spot, name, mark, key.trust, key)
        elif isinstance(value, str | int | float) and len(self._strange) < MOST_NOTES:
            strange = name, type(value), value
            if strange not in self._strange and not self._values.is_silent(key.form, value):
                self._strange.add(strange)
                yield Note(f"{name[:80]} says {named(value)}, which is no label")

    def _read_property(self, spot: Spot, name: str, folded: str) -> Iterator[Found | Part]:
        read = (self._property.answer(folded, text, system)[0] for text, system in texts_of(spot.entries[name]))
        said = max((each for each in read if each), key=lambda each: each.mark.min_age, default=None)
        if said is not None:
            yield from self._say(spot, name, said.mark, said.trust)

    def _say(self, spot: Spot, name: str, mark: Mark, trust: Trust, key: Key | None = None) -> Iterator[Found | Part]:
        """A label of the item, or of the page: what a page says in many places of many things it says once."""
        item = _owner(spot, key.under if key else frozenset()).item
        build = partial(_label, spot, name, mark, trust, item)
        said = (self._fold(name), mark)
        if item is not None:
            yield Part(mark, trust, build)
        elif said not in self._said:
            self._said.add(said)
            yield build()
        if key is not None and key.note and key.note not in self._noted:
            self._noted.add(key.note)
            yield Note(key.note)

    def _is_apart(self, spot: Spot) -> bool:
        return any(isinstance(here.step, str) and self._fold(here.step) in self._known.apart for here in spot.lineage())

    def _fold(self, name: str) -> str:
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = fold_name(name)
        return folded


def _label(spot: Spot, name: str, mark: Mark, trust: Trust, item: Spot | None) -> Label:
    part = item.pointer() if item is not None else None
    return label_of(
        mark,
        scope=Scope.PAGE if part is None else Scope.PART,
        trust=trust,
        carrier=JsonBodyReader.name,
        raw=f'"{name}": {shown(spot.entries[name])}',
        place=part or spot.pointer(to=name),
        part=part,
    )


def _holds(key: Key, spot: Spot, names: frozenset[str]) -> bool:
    """Whether the name stands where it has its meaning."""
    if key.beside and key.beside.isdisjoint(names):
        return False
    return not key.under or _owner(spot, key.under) is not spot


def _owner(spot: Spot, under: frozenset[str]) -> Spot:
    """What a label speaks for: the object that holds its list of labels; the object itself without `under`."""
    for here in spot.lineage():
        if under and isinstance(here.step, str) and here.above is not None and fold_name(here.step) in under:
            return here.above
    return spot
