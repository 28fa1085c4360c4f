"""New responses out of old ones: soups of their pieces over and over, and changed, doubled and crossed bodies."""

import re
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.sample import Sample

LARGEST_CHANGED = 200_000  # bytes
_NUMBER = re.compile(rb"[0-9]{1,6}")
# What decoders and parsers take for something special, whatever it stands in.
TOKENS = (
    *(b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&", b"&#", b"&#x31;", b"&plus;", b'"', b"'", b"\0"),
    *(b"{", b"}", b"[", b"]", b'":', b",", b"\\", b"\\u0063", b"18+", b"+18", b"6-", b"0", b"\xef\xbb\xbf", b"\xff"),
    *(b"<table>", b"<select>", b"<template>", b"<svg>", b"<b>", b"<a href=x>", b"<script>", b"</script>", b"<h1>"),
    *("◊".encode(), "🔞".encode(), "＋".encode(), "İ".encode(), b"\xed\xa0\x80", b"\r", b"\x1f", b"\x85"),
)


def soup(sample: Sample, pieces: Sequence[str], random: Random, size: int) -> Sample:
    """A few pieces over and over, perhaps inside each other, after the beginning of a real response."""
    unit = "".join(random.choice(pieces) for _ in range(random.randint(1, 6)))
    if random.random() < 0.5:
        unit = unit.replace("+", "+", 1) + random.choice(("18+", "<i>", " ", "x{n}", "\n", ""))
    counted = "{n}" in unit
    count = max(1, size // max(1, len(unit.encode("utf-8", "replace"))))
    many = "".join(unit.replace("{n}", str(n)) for n in range(count)) if counted else unit * count
    if random.random() < 0.3:
        other = "".join(random.choice(pieces) for _ in range(random.randint(1, 4)))
        many = many[: size // 2] + other * (size // 2 // max(1, len(other.encode("utf-8", "replace"))))
    body = sample.body
    place = random.randrange(len(body) + 1)
    around = (body[:place], body[place:]) if random.random() < 0.7 else (b"", b"")
    return sample.with_body(around[0] + many.encode("utf-8", "replace") + around[1], f"with {unit!r} to {size} bytes")


def changed(sample: Sample, others: Sequence[Sample], random: Random) -> Sample:
    """One to four small changes."""
    body, names = sample.body, []
    for _ in range(random.choice((1, 1, 2, 4))):
        change = random.choice(_CHANGES)
        body = change(body, random.choice(others).body, random)[:LARGEST_CHANGED]
        names.append(change.__name__.strip("_"))
    return sample.with_body(body, ", ".join(names))


def _slice(body: bytes, random: Random, most: int = 2_000) -> tuple[int, int]:
    start = random.randrange(len(body) + 1)
    return start, min(len(body), start + random.randint(0, most))


def _cut(body: bytes, _: bytes, random: Random) -> bytes:
    start, end = _slice(body, random)
    return body[:start] + body[end:]


def _end(body: bytes, _: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body) + 1)]


def _repeat(body: bytes, _: bytes, random: Random) -> bytes:
    start, end = _slice(body, random, 300)
    return body[:end] + body[start:end] * random.choice((1, 2, 10, 100, 1_000)) + body[end:]


def _double(body: bytes, _: bytes, random: Random) -> bytes:
    return body * random.choice((2, 3, 20))


def _cross(body: bytes, other: bytes, random: Random) -> bytes:
    place = random.randrange(len(body) + 1)
    start, end = _slice(other, random)
    return body[:place] + other[start:end] + body[place:]


def _flip(body: bytes, _: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(random.choice((1, 1, 3, 10)) if body else 0):
        changed[random.randrange(len(body))] = random.randrange(256)
    return bytes(changed)


def _token(body: bytes, _: bytes, random: Random) -> bytes:
    place = random.randrange(len(body) + 1)
    return body[:place] + random.choice(TOKENS) * random.choice((1, 1, 2, 50)) + body[place:]


def _renumber(body: bytes, _: bytes, random: Random) -> bytes:
    found = list(_NUMBER.finditer(body[:10_000]))
    if not found:
        return body
    start, end = random.choice(found).span()
    numbers = (b"0", b"1", b"6", b"18", b"21", b"99", b"-1", b"1e400", b"9" * random.choice((3, 20, 5_000)))
    return body[:start] + random.choice(numbers) + body[end:]


_CHANGES: tuple[Callable[[bytes, bytes, Random], bytes], ...] = (
    *(_cut, _end, _repeat, _repeat, _double, _cross, _flip, _token, _token, _renumber),
)
