"""The clues of a tenant whose file cannot be used: its clients must still be told from others'."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gateway.policy import written
from gateway.policy.faults import Fault
from gateway.policy.parse import Node
from gateway.profiles.clue import login_key

_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "listeners": str,
    "addresses": written.network_of,
    "logins": login_key,
    "devices": written.device_of,
    "tokens": written.token_of,
}
_NOTHING: Final = Node(None, 1, 1)


def salvage_clues(root: Node) -> Iterator[tuple[str, str]]:
    """Kind and canonical text of every clue in a parsed file that can be read, whatever else is wrong with it."""
    yield from _clues_in(root.entries.get("line", _NOTHING))
    for person in root.entries.get("people", _NOTHING).entries.values():
        yield from _clues_in(person)
    for group in root.entries.get("groups", _NOTHING).entries.values():
        yield from (clue for clue in _clues_in(group) if clue[0] != "logins")
        pattern = group.entries.get("logins", _NOTHING).value
        for name in _texts(group.entries.get("people", _NOTHING)):
            if isinstance(pattern, str):
                yield "logins", login_key(pattern.replace("*", name))


def _clues_in(node: Node) -> Iterator[tuple[str, str]]:
    for kind, read in _READERS.items():
        for text in _texts(node.entries.get(kind, _NOTHING)):
            try:
                yield kind, read(text)
            except Fault:
                continue


def _texts(node: Node) -> Iterator[str]:
    for each in node.items or (node,):
        if isinstance(each.value, str):
            yield each.value
