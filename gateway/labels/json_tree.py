"""JSON as readers walk it: parsed with bounds, every object once, with its JSON pointer made only when it is asked for.

Sources: RFC 8259 (JSON), RFC 6901 (pointers), RFC 7464 and jsonlines.org (one text after another). Of a name given
twice every value is kept: parsers differ in which one they take (RFC 8259, section 4).
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

MOST_DEPTH: Final = 128
MOST_VALUES: Final = 200_000  # objects and lists
MOST_TEXTS: Final = 100_000  # of one sequence
LONGEST_POINTER: Final = 1_000  # characters
LONGEST_SHOWN: Final = 200  # characters
_MOST_DIGITS: Final = 18

# RFC 7464: a record separator begins each text; a byte order mark may begin the first.
_BETWEEN: Final = re.compile(r"[\s\x1e\ufeff]*")
# JSONP: a function of the page is called with the text.
_CALLBACK: Final = re.compile(r"(?:/\*\*/\s{0,8})?[A-Za-z_$][\w.$]{0,199}\s{0,8}\(")
_CALL_END: Final = re.compile(r"\s{0,8}\)\s{0,8};?\s{0,8}\Z")


class BrokenJson(ValueError):  # noqa: N818 - says what the text is
    """The text is no JSON; the message is a clause such as "breaks off at character 12"."""


class TooMuch(Exception):  # noqa: N818 - names what was found, not an error of the program
    """A structure past a cap; the message is a clause such as "is nested too deep"."""


class Repeated(list[object]):
    """The values of a name that stands more than once in one object."""


class Spot:
    """A value on the walk, and how one came to it."""

    __slots__ = ("above", "depth", "item", "step", "value")

    def __init__(self, value: object, above: "Spot | None" = None, step: str | int | None = None) -> None:
        self.value = value
        self.above = above
        self.step = step  # None: no step of its own, one of a repeated name's values
        self.depth = 0
        self.item: Spot | None = None  # the item of a list that it stands in
        if above is not None:
            self.depth = above.depth + 1
            self.item = above.item
            if self.depth > MOST_DEPTH:
                raise TooMuch("is nested too deep")

    @property
    def entries(self) -> dict[str, object]:
        """The entries of an object; none of any other value."""
        return self.value if isinstance(self.value, dict) else {}

    def pointer(self, *, to: str | None = None) -> str:
        """The JSON pointer of this value, or of what stands in it under the name `to`. Raises TooMuch."""
        steps = [] if to is None else [to]
        here: Spot | None = self
        while here is not None:
            if here.step is not None:
                steps.append(str(here.step))
            here = here.above
        # RFC 6901, section 3: "~" and "/" are escaped.
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in reversed(steps))
        if len(pointer) > LONGEST_POINTER:
            raise TooMuch(f"has a label behind names of more than {LONGEST_POINTER} characters")
        return pointer

    def lineage(self) -> Iterator["Spot"]:
        """This spot and those above it, up to the whole text."""
        here: Spot | None = self
        while here is not None:
            yield here
            here = here.above


type _Step = tuple[object, Spot | None, str | int | None, bool]  # a value, what it is in, its name there, is an item


def parse_texts(text: str, prefixes: Sequence[str] = ()) -> list[object]:
    """Every JSON text of `text`: one as a rule, several in JSON lines and their like; none when it is blank.

    `prefixes` are what servers put before JSON so that no other site can load it as a script; a JSONP call is taken off
    too. Raises BrokenJson when something is no JSON, TooMuch when there is more of it than is read.
    """
    text = _bare(text, prefixes)
    found: list[object] = []
    at = _skip(text, 0)
    while at < len(text):
        value, end = parse_first(text, at)
        found.append(value)
        if len(found) > MOST_TEXTS:
            raise TooMuch(f"has more than {MOST_TEXTS} texts")
        at = _skip(text, end)
        if at == end < len(text) and not isinstance(value, str | dict | list):
            # RFC 7464, section 2.4: nothing else tells where a number or a word ends.
            raise BrokenJson(f"is no JSON: something follows a number or a word at character {at}")
    return found


def parse_first(text: str, at: int) -> tuple[object, int]:
    """The JSON value that begins at `at`, and where it ends. Raises BrokenJson or TooMuch."""
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        raise TooMuch("is nested too deep") from None
    except ValueError as fault:
        raise BrokenJson(f"is no JSON: {fault}") from None


def walk(root: object) -> Iterator[Spot]:
    """Every object in `root`, outer ones first, in their order. Raises TooMuch."""
    seen = 0
    stack: list[_Step] = [(root, None, None, False)]
    while stack:
        value, above, step, is_item = stack.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise TooMuch(f"has more than {MOST_VALUES} values")
        if isinstance(value, dict):
            spot = Spot(value, above, step)
            if is_item:
                spot.item = spot
            yield spot
            inner: list[_Step] = [
                (each, spot, name, False) for name, each in value.items() if each and type(each) in _CONTAINERS
            ]
        else:
            inner = _items(value, above, step) if isinstance(value, list) else []
        inner.reverse()
        stack += inner


def _items(values: list[object], above: Spot | None, step: str | int | None) -> list[_Step]:
    """The steps into a list. What stands alone in a list is no item: one thing was looked for, and found."""
    found = [(place, each) for place, each in enumerate(values) if each and type(each) in _CONTAINERS]
    if not found:
        return []
    spot = Spot(values, above, step)
    if type(values) is Repeated:
        return [(each, spot, None, False) for _, each in found]
    several = len(values) > 1
    return [(each, spot, place, several) for place, each in found]


def shown(value: object) -> str:
    """The beginning of a value as JSON, for evidence; what it costs does not grow with what stands in the value."""
    if isinstance(value, str | int | float):
        return _ENCODER.encode(value[:LONGEST_SHOWN] if isinstance(value, str) else value)[:LONGEST_SHOWN]
    return "".join(islice(_ENCODER.iterencode(value), LONGEST_SHOWN))[:LONGEST_SHOWN]


def named(value: object) -> str:
    """The beginning of a value in quotes, for a sentence about it."""
    return repr((value if isinstance(value, str) else shown(value))[:80])


def _bare(text: str, prefixes: Sequence[str]) -> str:
    """The text without what protects or wraps it."""
    text = text[_skip(text, 0) :]
    prefix = max((prefix for prefix in prefixes if text.startswith(prefix)), key=len, default="")
    text = text[len(prefix) :]
    if call := _CALLBACK.match(text):
        end = _CALL_END.search(text[-40:])
        return text[call.end() : len(text) - len(end.group())] if end else text
    return text


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _all_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    whole = dict(pairs)
    if len(whole) == len(pairs):
        return whole
    every: dict[str, Repeated] = {}
    for name, value in pairs:
        every.setdefault(name, Repeated()).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in every.items()}


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


_CONTAINERS: Final = frozenset({dict, list, Repeated})
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_all_pairs, parse_int=_whole_number, strict=False)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
