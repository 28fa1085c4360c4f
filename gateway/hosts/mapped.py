"""The compiled form of all lists: bytes that several processes map, and what is asked of them.

    magic · version · length and CRC of the head · CRC and length of the body · head (JSON) · body

The body has a hash table of hosts with the numbers of their sets (gateway/hosts/table.py), and for hosts with a path a
trie (marisa-trie, read in place) with the number of every key's set. The head has the sets. The bytes come from a file
that only the gateway writes; the checksums tell of damage, not of forgery.
"""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Buffer, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import marisa_trie

from gateway.hosts.compilation import Known
from gateway.hosts.key import Keys
from gateway.hosts.table import NameTable, written

VERSION: Final = 2
_MAGIC: Final = b"QRGHOSTS"
_PREFIX: Final = struct.Struct("<8sIIIIQ")
_ALIGNED: Final = 8
_TRIES: Final = 1  # tries inside one another would make the file smaller and the walk longer


class Damaged(ValueError):  # noqa: N818 - reads as a sentence
    """These are not the bytes that were written, or another version wrote them."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A trie of keys and the number of each key's set."""

    trie: marisa_trie.Trie
    sets: memoryview

    def prefixes(self, text: str) -> Iterator[tuple[str, int]]:
        """Every key with which `text` begins, the shortest first, and its set."""
        return ((key, self.sets[number]) for key, number in self.trie.iter_prefixes_with_ids(text))


@dataclass(frozen=True, slots=True)
class Mapped:
    """The compiled lists. `lists` are the heads of their runs in JSON form, by the numbers that sayings use."""

    digest: str  # of everything that went in
    lists: Sequence[Mapping[str, Any]]
    sets: Sequence[Known]
    hosts: NameTable
    paths: Layer


def write_mapped(
    digest: str, lists: Sequence[Mapping[str, Any]], sets: Sequence[Known], hosts: Keys, paths: Keys, *, seed: int
) -> Iterator[Buffer]:
    """The bytes of a compiled file, in pieces. `seed`: 64 random bits, that nobody else knows."""
    of_hosts, table = written(hosts, seed)
    sections: list[Buffer] = []
    places: list[tuple[int, int]] = []
    at = 0
    trie, numbers = _layer_bytes(paths, wide=len(sets) > 0xFFFF)
    for section in (table, memoryview(trie), memoryview(numbers)):
        places.append((at, len(section)))
        padding = bytes(-len(section) % _ALIGNED)
        sections += (section, padding)
        at += len(section) + len(padding)
    head = json.dumps(
        {
            "digest": digest,
            "byteorder": sys.byteorder,
            "lists": list(lists),
            "sets": [[list(known.sayings), known.paths] for known in sets],
            "hosts": of_hosts,
            "places": places,
        }
    ).encode()
    head += b" " * (-(len(head) + _PREFIX.size) % _ALIGNED)
    crc = 0
    for piece in sections:
        crc = zlib.crc32(piece, crc)
    yield _PREFIX.pack(_MAGIC, VERSION, len(head), zlib.crc32(head), crc, at)
    yield head
    yield from sections


def read_mapped(buffer: Buffer) -> Mapped:
    """The compiled lists in `buffer`, which must stay as it is while they are used. Raises Damaged."""
    view = memoryview(buffer)
    head, body = _checked(view)
    try:
        sets = tuple(Known(tuple((a, b) for a, b in sayings), bool(paths)) for sayings, paths in head["sets"])
        if head["byteorder"] != sys.byteorder:
            raise Damaged("another kind of machine wrote it")
        table, trie, numbers = (body[start : start + length] for start, length in head["places"])
        hosts = NameTable.of(head["hosts"], table, len(sets))
        paths = _layer(trie, numbers, wide=len(sets) > 0xFFFF)
        return Mapped(head["digest"], head["lists"], sets, hosts, paths)
    except (KeyError, TypeError, ValueError, RuntimeError) as fault:
        raise Damaged(f"its head does not fit its body: {fault}") from fault


def read_head(start: bytes) -> Mapping[str, Any]:
    """The head of a compiled file whose first bytes are `start`, with its body unread. Raises Damaged."""
    return _head(memoryview(start))[0]


def _checked(view: memoryview) -> tuple[dict[str, Any], memoryview]:
    head, at = _head(view)
    _, _, _, _, crc, length = _PREFIX.unpack_from(view)
    body = view[at:]
    if len(body) != length:
        raise Damaged(f"it has {len(body)} bytes where {length} were written")
    if zlib.crc32(body) != crc:
        raise Damaged("its checksum is wrong")
    return head, body


def _head(view: memoryview) -> tuple[dict[str, Any], int]:
    if len(view) < _PREFIX.size or bytes(view[:8]) != _MAGIC:
        raise Damaged("it is no compiled list")
    _, version, length, crc, _, _ = _PREFIX.unpack_from(view)
    if version != VERSION:
        raise Damaged(f"it has version {version}, this program reads version {VERSION}")
    head = bytes(view[_PREFIX.size : _PREFIX.size + length])
    if len(head) != length or zlib.crc32(head) != crc:
        raise Damaged("the checksum of its head is wrong")
    try:
        plain = json.loads(head)
    except ValueError as fault:
        raise Damaged("its head cannot be read") from fault
    if not isinstance(plain, dict):
        raise Damaged("its head cannot be read")
    return plain, _PREFIX.size + length


def _layer_bytes(keys: Keys, *, wide: bool) -> tuple[bytes, bytes]:
    trie = marisa_trie.Trie((key for key, _ in keys()), num_tries=_TRIES)
    sets = array("I" if wide else "H", bytes((4 if wide else 2) * len(trie)))
    for key, number in keys():
        sets[trie[key]] = number
    return trie.tobytes(), sets.tobytes()


def _layer(trie: memoryview, sets: memoryview, *, wide: bool) -> Layer:
    found = marisa_trie.Trie()
    found.map(trie)
    numbers = sets.cast("I" if wide else "H")
    if len(numbers) != len(found):
        raise Damaged("its tables have different lengths")
    return Layer(found, numbers)
