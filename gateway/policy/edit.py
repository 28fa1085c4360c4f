"""Changing a policy's text at one place: comments, order, quotes and everything else stay as they were, byte for byte.

An edit is an operation of JSON Patch (RFC 6902) with its pointer (RFC 6901) as a tuple of keys. The text is edited
where the parser says that the value stands; then the result is read again, and an edit that changed anything else than
it should is refused.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gateway.policy.parse import Node, Plain, as_plain, parse
from gateway.policy.placing import Splice, placed
from gateway.policy.spans import spans_of
from gateway.problems import ProblemsFound

OPERATIONS: Final = ("add", "remove", "replace", "test")
MARK: Final = "\ufeff"  # of byte order


class EditRefused(ValueError):  # noqa: N818 - it is the edit that is at fault
    """An edit that cannot be made: a sentence. The text is as it was."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One operation. `path`: keys, and indexes from 0; "-" at its end adds behind the last item of a list."""

    op: Literal["add", "remove", "replace", "test"]
    path: tuple[str, ...]
    value: Plain = None

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer."""
        return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in self.path)


@dataclass(frozen=True, slots=True)
class Edited:
    """The new text, and the splices that give the old one back, to be made in their order."""

    text: str
    undo: tuple[Splice, ...]


def edit(text: str, edits: Sequence[Edit], file: str = "policy") -> Edited:
    """`text` with all `edits` made, one after the other; whether the result is a policy is not looked at here.

    Raises ProblemsFound when the text cannot be read, EditRefused when an edit cannot be made.
    """
    undo: list[Splice] = []
    for each in edits:
        text, back = _edit(text, each, file)
        undo[:0] = [back] if back is not None else []
    return Edited(text, tuple(undo))


def undone(edited: Edited) -> str:
    """The text before the edit."""
    text = edited.text
    for splice in edited.undo:
        text = splice.apply(text)
    return text


def pointer_of(text: str) -> tuple[str, ...]:
    """The keys of a JSON Pointer. Raises EditRefused."""
    if not text:
        return ()
    if not text.startswith("/"):
        raise EditRefused(f"{text!r} is not a JSON Pointer: write it like /people/aigerim/age")
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in text[1:].split("/"))


def _edit(text: str, wanted: Edit, file: str) -> tuple[str, Splice | None]:
    before = _plain(parse(text, file))
    after = _changed(before, wanted, wanted.path)
    if wanted.op == "test":
        return text, None
    whole = text
    text = whole.removeprefix(MARK)
    try:
        splice = placed(text, spans_of(text), wanted.op, wanted.path, wanted.value)
    except ValueError as fault:
        raise EditRefused(f"{wanted.pointer}: {fault}") from fault
    splice = splice.moved(len(whole) - len(text))
    edited = splice.apply(whole)
    try:
        read = _plain(parse(edited, file))
    except ProblemsFound as found:
        raise EditRefused(
            f"{wanted.pointer}: this cannot be edited at its place: {found.problems[0].message}"
        ) from None
    if not _same(read, after):
        raise EditRefused(f"{wanted.pointer}: this cannot be edited at its place without changing more")
    return edited, splice.back(whole)


def _plain(root: Node) -> Plain:
    return {} if root.value is None else as_plain(root)


def _same(one: Plain, other: Plain) -> bool:
    """Equal in type and order too: 1 is not true, and keys stay where they were."""
    return json.dumps(one) == json.dumps(other)


def _changed(plain: Plain, wanted: Edit, path: tuple[str, ...]) -> Plain:
    """What the value at `path` of a plain value becomes, in the whole. Raises EditRefused with what is not there."""
    if not path:
        raise EditRefused("the whole file cannot be edited: name a key, like /people")
    key, rest = path[0], path[1:]
    if isinstance(plain, dict):
        return _changed_group(plain, wanted, key, rest)
    if isinstance(plain, list):
        return _changed_list(plain, wanted, key, rest)
    raise EditRefused(f"{wanted.pointer}: nothing can stand below a single value")


def _changed_group(plain: dict[str, Plain], wanted: Edit, key: str, rest: tuple[str, ...]) -> Plain:
    if key not in plain and (rest or wanted.op != "add"):
        raise EditRefused(f"{wanted.pointer}: there is no {key!r}")
    if rest:
        return {**plain, key: _changed(plain[key], wanted, rest)}
    if wanted.op == "test":
        _test(plain[key], wanted)
        return plain
    if wanted.op == "remove":
        return {name: value for name, value in plain.items() if name != key}
    return {**plain, key: wanted.value}


def _changed_list(plain: list[Plain], wanted: Edit, key: str, rest: tuple[str, ...]) -> Plain:
    is_new = wanted.op == "add" and not rest
    if is_new and key == "-":
        return [*plain, wanted.value]
    if not (key.isascii() and key.isdigit() and str(int(key)) == key) or int(key) >= len(plain) + is_new:
        raise EditRefused(f"{wanted.pointer}: the list has no item {key!r}, it has {len(plain)}")
    index = int(key)
    if rest:
        return [*plain[:index], _changed(plain[index], wanted, rest), *plain[index + 1 :]]
    if wanted.op == "test":
        _test(plain[index], wanted)
        return plain
    if wanted.op == "remove":
        return plain[:index] + plain[index + 1 :]
    return [*plain[:index], wanted.value, *plain[index if is_new else index + 1 :]]


def _test(found: Plain, wanted: Edit) -> None:
    if not _same(found, wanted.value):
        raise EditRefused(f"{wanted.pointer}: another value is written there")
