"""The places of a page that a recipe names, and the values that stand there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.from_json_body import parse_body
from gateway.labels.json_tree import BrokenJson, Repeated, TooMuch, parse_first, shown
from gateway.labels.page import Page
from gateway.labels.recipe import ANY, Code, Element, JsonBody, JsonScript, State
from gateway.labels.work import Work

MOST_ELEMENTS: Final = 1_000  # that a selector finds
MOST_DEPTH: Final = 512  # browsers nest no deeper, so a selector would find there what no browser has
BYTES_EACH: Final = 100  # a page that has more of them has so many bytes for each, as listings have
MOST_SCRIPTS: Final = 500  # that hold what is looked for
MOST_STATES: Final = 20  # assignments to one name in one script
MOST_ENTRIES: Final = 10_000  # that a pointer with "*" leads to
LONGEST_VALUE: Final = 200  # characters
LEAST_INSIDE: Final = (
    20_000  # elements and pieces of text that are looked at for the texts of one declaration, at least
)
BYTES_INSIDE: Final = 4  # and one for so many bytes: each once, if the elements do not stand inside each other
_LOOKS_AN_ELEMENT: Final = 8
_STEPS_A_LOOK: Final = 400  # from an element to the one around it, within a search
_COMPOUND: Final = re.compile(r"[^\s>+~,]+")  # a selector of one step
_LONGEST_TEXT: Final = 8 * LONGEST_VALUE

# A string of a script; escapes that JSON does not know, and the quotes that it has to escape.
_STRING: Final = re.compile(r""""((?:[^"\\]++|\\.)*+)"|'((?:[^'\\]++|\\.)*+)'""", re.DOTALL)
_ESCAPE: Final = re.compile(r"""\\(?:x([0-9A-Fa-f]{2})|(['`])|.)|\"""", re.DOTALL)


type JsonPlace = JsonScript | State | JsonBody
type Piece = tuple[str, object]  # what to write before its pointers, and the JSON


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a place: the value itself, the text as evidence, where it is, and what it speaks for."""

    said: object
    raw: str
    place: str
    part: str | None = None  # a selector or a JSON pointer


def in_elements(page: Page, element: Element, part: str | None) -> Iterator[Value]:
    """The text or the attribute of every element; with `part`, only of those that stand in such a part.

    Raises TooMuch for more elements than any listing has, before the first of them, and for elements so deep in each
    other that most of the page is the text of most of them, or that a selector takes long.
    """
    if page.depth > MOST_DEPTH:
        raise TooMuch(f"has elements more than {MOST_DEPTH} deep in each other")
    parts = _Parts(page, part) if part is not None else None
    texts = _Texts(page.work, max(LEAST_INSIDE, len(page.source) // BYTES_INSIDE))
    found, most = _search(page, element.css), max(MOST_ELEMENTS, len(page.source) // BYTES_EACH)
    if len(found) > most:
        raise TooMuch(f"has more than {most} elements")
    for node in found:
        page.work.charge(_LOOKS_AN_ELEMENT)
        if element.attribute is None:
            text = texts.of(node)
        elif element.attribute in node.attributes:
            text = node.attributes[element.attribute] or ""
        else:
            continue
        after = element.after or ""
        if not text.casefold().startswith(after.casefold()):
            continue
        around = parts.around(node) if parts is not None else None
        if parts is None or around is not None:
            selector = page.selectors.of(around) if around is not None else None
            yield Value(text[len(after) :].strip(), text, selector or page.selectors.of(node), selector)


def _search(page: Page, css: str) -> list[LexborNode]:
    """What a selector finds; one of several steps also looks around each element that its last step fits."""
    found = page.tree.css(css)
    page.work.charge_search(len(found))
    if not _COMPOUND.fullmatch(css):
        page.work.charge(page.work.tags * page.depth // _STEPS_A_LOOK)
    return found


class _Parts:
    """The parts of a page that a selector finds; what an element stands in is kept for those inside it."""

    def __init__(self, page: Page, css: str) -> None:
        self._around: dict[int, LexborNode | None] = {node.mem_id: node for node in _search(page, css)}
        self._work = page.work

    def around(self, node: LexborNode) -> LexborNode | None:
        """The innermost part that an element is or stands in."""
        unknown: list[int] = []
        here: LexborNode | None = node
        while here is not None and here.is_element_node and here.mem_id not in self._around:
            unknown.append(here.mem_id)
            here = here.parent
        self._work.charge(len(unknown))
        found = self._around.get(here.mem_id) if here is not None else None
        self._around.update(dict.fromkeys(unknown, found))
        return found


class _Texts:
    """The beginnings of the texts of elements; `left`: so many elements and pieces of text may be looked at."""

    def __init__(self, work: Work, left: int) -> None:
        self._work = work
        self._left = left

    def of(self, element: LexborNode) -> str:
        """The first characters in an element, as one line. Raises TooMuch."""
        pieces: list[str] = []
        length = 0
        for node in element.traverse(include_text=True):
            self._left -= 1
            self._work.left -= self._left % 2
            if self._left < 0:
                raise TooMuch("has very many elements in each other")
            if node.is_text_node and (piece := node.text_content):
                pieces.append(piece)
                length += len(piece) + 1
                if length > _LONGEST_TEXT:
                    break
        return " ".join(" ".join(pieces)[:_LONGEST_TEXT].split())


def in_code(page: Page, code: Code) -> Iterator[Value]:
    """The first script that has the text in it."""
    for node in page.tree.css("script"):
        if code.text in node.text():
            yield Value(code.text, code.text, page.selectors.of(node))
            return


class JsonPlaces:
    """The JSON of one page, each piece parsed once, for all the pointers that lead into it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[JsonPlace, tuple[list[Piece], Exception | None]] = {}

    def at(self, where: JsonPlace) -> Iterator[Value]:
        """The values that the pointer leads to. Raises BrokenJson or TooMuch after what could be read."""
        place = replace(where, steps=())
        if place not in self._known:
            self._known[place] = self._parse(place)
        pieces, fault = self._known[place]
        for before, root in pieces:
            yield from in_json(root, where.steps, before)
        if fault is not None:
            raise fault

    def _parse(self, where: JsonPlace) -> tuple[list[Piece], Exception | None]:
        pieces: list[Piece] = []
        first: Exception | None = None
        try:
            if isinstance(where, JsonBody):
                return [("", parse_body(self._page))], None
            for before, text, at in self._texts(where):
                try:
                    pieces.append((before, _value_at(text, at)))
                except BrokenJson as fault:
                    first = first or fault
        except (BrokenJson, TooMuch) as fault:
            first = fault
        return pieces, first

    def _texts(self, where: JsonScript | State) -> Iterator[tuple[str, str, int]]:
        """Where JSON begins: what to write before its pointers, the text, the place in it."""
        if isinstance(where, State):
            yield from self._assignments(where)
            return
        scripts = self._page.tree.css(where.css)
        if len(scripts) > MOST_SCRIPTS:
            raise TooMuch(f"has more than {MOST_SCRIPTS} scripts")
        for node in scripts:
            if text := node.text().strip():
                yield f"{self._page.selectors.of(node)}: ", text, 0

    def _assignments(self, state: State) -> Iterator[tuple[str, str, int]]:
        scripts = ((node, node.text()) for node in self._page.tree.css("script:not([src])"))
        for count, (node, text) in enumerate((each for each in scripts if state.name in each[1]), 1):
            if count > MOST_SCRIPTS:
                raise TooMuch(f"is named in more than {MOST_SCRIPTS} scripts")
            for number, match in enumerate(state.assignment.finditer(text)):
                if number == MOST_STATES:
                    raise TooMuch(f"is assigned more than {MOST_STATES} times")
                yield f"{self._page.selectors.of(node)}: {state.name} ", text, match.end()


def in_json(root: object, steps: tuple[str, ...], place: str = "") -> Iterator[Value]:
    """The values that `steps` lead to; the part is the last entry that "*" stood for. Raises TooMuch."""
    found: list[tuple[str, object, str | None]] = [("", root, None)]
    for step in steps:
        found = [
            (at, inner, at if step == ANY else part)
            for pointer, value, part in found
            for at, inner in _step(value, pointer, step)
        ]
        if len(found) > MOST_ENTRIES:
            raise TooMuch(f"has more than {MOST_ENTRIES} entries")
    for pointer, value, part in found:
        yield Value(value, f"{shown(steps[-1])}: {shown(value)}", place + pointer, part)


def _step(value: object, pointer: str, step: str) -> Iterator[tuple[str, object]]:
    """What one step of a pointer leads to from `value`."""
    if isinstance(value, Repeated):  # the name before was given several times: each of its values counts
        for each in value:
            yield from _step(each, pointer, step)
    elif isinstance(value, dict):
        for name in value if step == ANY else {step} & value.keys():
            if len(name) > LONGEST_VALUE:
                raise TooMuch(f"has a name of more than {LONGEST_VALUE} characters")
            yield f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", value[name]
    elif isinstance(value, list):
        if step == ANY:
            yield from ((f"{pointer}/{index}", each) for index, each in enumerate(value[: MOST_ENTRIES + 1]))
        elif step.isdecimal() and int(step[:9]) < len(value):
            yield f"{pointer}/{step}", value[int(step[:9])]


def _value_at(text: str, at: int) -> object:
    """The JSON that begins here, or the JSON in the string that begins here, as JSON.parse takes it."""
    if text[at] not in "\"'":
        return parse_first(text, at)[0]
    match = _STRING.match(text, at)
    if match is None:
        raise BrokenJson("begins a string that does not end")
    spelled = _ESCAPE.sub(_as_json_does, match[1] or match[2] or "")
    said, _ = parse_first(f'"{spelled}"', 0)
    return parse_first(str(said), 0)[0]


def _as_json_does(escape: re.Match[str]) -> str:
    """An escape or a quote of a script's string as a JSON string spells it."""
    if escape[1]:
        return f"\\u00{escape[1]}"
    return escape[2] or ('\\"' if escape[0] == '"' else escape[0])
