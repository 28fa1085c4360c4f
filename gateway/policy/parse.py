"""The one door through which YAML enters: policies, law packs, scales, signs and host lists.

Text in, nodes with their places out. YAML 1.2 core scalars (yaml.org/spec/1.2.2, section 10.3), less what surprises a
person: no anchors, aliases, tags or merge keys, no duplicate keys, one document, bounded size and depth. What YAML 1.1
loaders turn into something else stays as written: `NO`, `on`, `yes`, `22:00`, `1_8` and `2027-03-02` are text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import yaml

from gateway.policy.scalar import Scalar, resolve
from gateway.problems import Problem, ProblemsFound

type Plain = Scalar | list["Plain"] | dict[str, "Plain"]

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
_MAX_PROBLEMS: Final = 50

# YAML 1.2.2, section 5.1, less what a YAML 1.1 parser takes for a line break (NEL, LS, PS): line numbers would differ.
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the place where it stands. `line` and `column` count from 1; `key` is the place of its own key."""

    value: "Scalar | tuple[Node, ...] | Mapping[str, Node]"
    line: int
    column: int
    key: tuple[int, int] | None = None

    @property
    def entries(self) -> "Mapping[str, Node]":
        """The entries of a mapping by their keys (always text, as written); empty for every other value."""
        return self.value if isinstance(self.value, MappingProxyType) else _NOTHING

    @property
    def items(self) -> "tuple[Node, ...]":
        """The items of a list; empty for every other value."""
        return self.value if isinstance(self.value, tuple) else ()


_NOTHING: Final[Mapping[str, Node]] = MappingProxyType({})


def parse(text: str, file: str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Node:
    """The root node of `text`; an empty text is a node with the value None. `file` only names the place of problems.

    Raises ProblemsFound, and nothing else, with every problem found (at most 50).
    """
    root, problems = parse_all(text, file, max_bytes=max_bytes, max_depth=max_depth)
    if problems or root is None:
        raise ProblemsFound(problems)
    return root


def parse_all(
    text: str, file: str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> tuple[Node | None, list[Problem]]:
    """As `parse`, with what could be read beside the problems: a value with one is None, or its first. None: nothing.

    Never raises.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        return None, [Problem(file, 1, 1, f"the file has {size} bytes; at most {max_bytes} are read")]
    text = text.removeprefix("\ufeff")  # YAML 1.2.2, section 5.2: a byte order mark may begin a stream
    forbidden = list(_forbidden_characters(text, file))
    if forbidden:
        return None, forbidden
    return _Composer(text, file, max_depth).compose()


def as_plain(node: Node) -> Plain:
    """The node without its places: dict (keys are text), list, str, int, float, bool or None."""
    if isinstance(node.value, Mapping):
        return {key: as_plain(entry) for key, entry in node.value.items()}
    if isinstance(node.value, tuple):
        return [as_plain(item) for item in node.value]
    return node.value


def find(node: Node, path: Sequence[str | int]) -> Node:
    """The node at the end of `path` (keys and indexes from 0); steps that lead nowhere are left out."""
    for step in path:
        if isinstance(step, str):
            node = node.entries.get(step, node)
        elif 0 <= step < len(node.items):
            node = node.items[step]
    return node


def locate(node: Node, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
    """Line and column of what `path` leads to: of the value, or with `key` of the key that names it."""
    found = find(node, path)
    return found.key if key and found.key else (found.line, found.column)


def _forbidden_characters(text: str, file: str) -> Iterator[Problem]:
    for count, match in enumerate(_FORBIDDEN.finditer(text)):
        if count == _MAX_PROBLEMS:
            return
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        name = f"U+{ord(match.group()):04X}"
        hint = f'remove it, or write it in double quotes as "\\u{ord(match.group()):04x}"'
        yield Problem(file, line, column, f"the invisible character {name} may not stand in a file", hint)


class _TooDeep(Exception):  # noqa: N818 - ends the walk; the problem is already noted
    pass


class _Composer:
    """Walks the parser's events once; notes every problem and goes on, so that a person sees all of them."""

    def __init__(self, text: str, file: str, max_depth: int) -> None:
        self._text, self._file, self._max_depth = text, file, max_depth
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._problems: list[Problem] = []

    def compose(self) -> tuple[Node | None, list[Problem]]:
        root: Node | None = None
        try:
            root = self._document(Node(None, 1, 1))
        except yaml.YAMLError as error:
            self._note_syntax(error)
        except _TooDeep:
            pass
        return root, self._problems[:_MAX_PROBLEMS]

    def _document(self, root: Node) -> Node:
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._check_document(event, documents)
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, 0, None)
                root = node if documents == 1 else root
        return root

    def _check_document(self, event: yaml.DocumentStartEvent, documents: int) -> None:
        if documents > 1:
            self._note(event, "a second document begins here; a file holds one", "put it into a file of its own")
        if event.tags or (event.version and event.version != (1, 2)):
            self._note(event, "YAML directives (%YAML, %TAG) are not read", "remove the line that begins with %")

    def _node(self, event: yaml.Event, depth: int, key: tuple[int, int] | None) -> Node:
        line, column = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self._note(event, f"the alias *{event.anchor} is not read", "write the value again; quote a text with *")
            return Node(None, line, column, key)
        assert isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent))
        self._check_plainness(event)
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._scalar(event), line, column, key)
        if depth == self._max_depth:
            self._note(event, f"values are nested deeper than {self._max_depth} levels")
            raise _TooDeep
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._sequence(depth), line, column, key)
        return Node(self._mapping(depth), line, column, key)

    def _check_plainness(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._note(event, f"the anchor &{event.anchor} is not read", "remove it; quote a text that begins with &")
        if event.tag is not None:
            self._note(event, f"the tag {event.tag} is not read", "remove it; quote a text that begins with !")

    def _sequence(self, depth: int) -> tuple[Node, ...]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1, None))
        return tuple(items)

    def _mapping(self, depth: int) -> Mapping[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            node = self._node(next(self._events), depth + 1, _place(event))
            if key is None:
                continue
            first = entries.setdefault(key, node)
            if first is not node and first.key:
                self._note(event, f"the key {key!r} is given twice", f"it is already given on line {first.key[0]}")
        return MappingProxyType(entries)

    def _key(self, event: yaml.Event, depth: int) -> str | None:
        """The key as written: keys are always text, so `14:` is "14" and `NO:` is "NO"."""
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, depth + 1, None)
            self._note(event, "a key must be a word", "quote a text that begins with [, {, * or &")
            return None
        self._check_plainness(event)
        if event.style:
            return str(event.value)
        if event.value == "<<":
            self._note(event, "merge keys (<<) are not read", "write the entries out")
            return None
        noted = len(self._problems)
        if self._scalar(event) is None and len(self._problems) == noted:
            self._note(event, "a key is missing here", "write a word before the ':'")
        return str(event.value) if len(self._problems) == noted else None

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.style:  # quoted or a block: always text
            return str(event.value)
        try:
            return resolve(event.value)
        except ValueError as fault:
            self._note(event, str(fault), f'write "{event.value}" in quotes if it is text')
            return None

    def _note(self, event: yaml.Event, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(self._file, *_place(event), message, hint))

    def _note_syntax(self, error: yaml.YAMLError) -> None:
        said = str(getattr(error, "problem", None) or error)
        begun = any(part in said for part in _BEGUN)
        marks = (getattr(error, name, None) for name in ("context_mark" if begun else "problem_mark", "problem_mark"))
        mark = next((mark for mark in marks if mark is not None), None)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        lines = self._text.splitlines()
        at = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
        message, hint = _in_plain_words(said, at)
        self._problems.append(Problem(self._file, line, column, message, hint))


def _place(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    return event.start_mark.line + 1, event.start_mark.column + 1


def _in_plain_words(said: str, at: str) -> tuple[str, str | None]:
    if "cannot start any token" in said and at == "\t":
        return "a tab stands where spaces are needed", "indent with spaces"
    if "cannot start any token" in said:
        return f"a text may not begin with {at!r}", "put the text in quotes"
    for part, message, hint in _SYNTAX:
        if part in said:
            return message, hint
    return f"this is not valid YAML: {said}", None


# What is at fault here is shown where it begins, not where the file could not go on.
_BEGUN: Final = ("could not find expected ':'", "expected ',' or", "found unexpected end of stream")
_SYNTAX: Final = (
    ("mapping values are not allowed", "a ':' stands where no key can be", "check the indentation, or quote the text"),
    ("did not find expected key", "a key was expected here", "indent it like the lines above"),
    ("did not find expected '-'", "a '-' was expected here", "begin every item of the list with '- ' at one column"),
    ("could not find expected ':'", "a ':' is missing after a key", "write 'key: value', with a space after the ':'"),
    ("did not find expected ',' or ']'", "a list in [ ] is not finished", "put ',' between items and ']' at the end"),
    (
        "did not find expected ',' or '}'",
        "a group in { } is not finished",
        "put ',' between entries and '}' at the end",
    ),
    ("found unexpected end of stream", "this quoted text does not end", "close the quote"),
    ("expected alphabetic or numeric character", "a text may not begin with * or &", "put the text in quotes"),
    ("did not find expected node content", "a value was expected here", None),
    ("did not find expected <document start>", "only one value can stand here", "check the indentation"),
)
