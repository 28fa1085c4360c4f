"""Where every value of a YAML text begins and ends, in characters: what an edit at its place needs to know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

_BREAK: Final = re.compile("\r\n|\r|\n")


@dataclass(slots=True)
class Span:
    """A value: `text[start:end]`, without what follows it on its line.

    `is_flow`: written in [ ] or { }. `style` of a scalar: "" plain, ' or " quoted, | or > a block.
    """

    start: int
    end: int
    style: str = ""
    is_flow: bool = False
    entries: "list[Entry] | None" = None  # of a mapping or list, in order
    is_list: bool = False


@dataclass(slots=True)
class Entry:
    """An entry of a mapping with its `key`, or an item of a list with its index. `start`: of its key, dash or value."""

    key: str
    start: int
    value: Span
    key_end: int = 0

    @property
    def end(self) -> int:
        return max(self.value.end, self.key_end)


@dataclass(slots=True)
class Lines:
    """Where lines of a text begin and end."""

    text: str
    breaks: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.breaks = [match.span() for match in _BREAK.finditer(self.text)]

    @property
    def ending(self) -> str:
        """How the lines of this text end: as its first one does."""
        return self.text[slice(*self.breaks[0])] if self.breaks else "\n"

    def start(self, index: int) -> int:
        """Where the line begins that `index` is in."""
        return max((after for _, after in self.breaks if after <= index), default=0)

    def end(self, index: int) -> int:
        """Where the line ends that `index` is in, before its break."""
        return next((before for before, _ in self.breaks if before >= index), len(self.text))

    def after(self, index: int) -> int:
        """Where the line after `index` begins; the end of the text, when there is none."""
        return next((after for before, after in self.breaks if before >= index), len(self.text))

    def column(self, index: int) -> int:
        """Characters before `index` in its line."""
        return index - self.start(index)

    def begins_at(self, index: int) -> bool:
        """Whether nothing but spaces stands before `index` in its line."""
        return not self.text[self.start(index) : index].strip(" ")


def spans_of(text: str) -> Span | None:
    """The root of a text that gateway.policy.parse accepts; None when nothing is written in it."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _span(event, events, text)
    return None


def _span(event: yaml.Event, events: Iterator[yaml.Event], text: str) -> Span:
    start, end = _index(event.start_mark), _index(event.end_mark)
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        if style in ("|", ">"):  # the mark stands after the line breaks that end the block
            end = start + len(text[start:end].rstrip("\r\n "))
        return Span(start, end, style)
    assert isinstance(event, yaml.CollectionStartEvent)
    span = Span(start, end, is_flow=bool(event.flow_style), is_list=isinstance(event, yaml.SequenceStartEvent))
    span.entries = []
    while not isinstance(inner := next(events), yaml.CollectionEndEvent):
        span.entries.append(_item(span, inner, events, text) if span.is_list else _pair(inner, events, text))
    if span.is_flow:
        span.end = _index(inner.end_mark)
    else:  # the mark of a block stands where the next thing begins, after comments
        span.end = span.entries[-1].end
    return span


def _pair(key: yaml.Event, events: Iterator[yaml.Event], text: str) -> Entry:
    assert isinstance(key, yaml.ScalarEvent)  # the parser has refused all other keys
    return Entry(str(key.value), _index(key.start_mark), _span(next(events), events, text), _index(key.end_mark))


def _item(parent: Span, event: yaml.Event, events: Iterator[yaml.Event], text: str) -> Entry:
    assert parent.entries is not None
    number, value = len(parent.entries), _span(event, events, text)
    if parent.is_flow:
        return Entry(str(number), value.start, value)
    dash = parent.start
    if number:
        # Its own dash is the first thing in a line after the item before; a comment that looks like one begins with #.
        before, column = parent.entries[-1].end, _column(text, parent.start)
        found = re.compile(rf"(?:\r\n|\r|\n) {{{column}}}-(?=\s|$)").search(text, before, value.start + 1)
        dash = found.end() - 1 if found else value.start
    return Entry(str(number), dash, value)


def _column(text: str, index: int) -> int:
    return index - max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) - 1


def _index(mark: Any) -> int:
    """The place of a mark of libyaml, in characters."""
    found: int = mark.index
    return found
