"""Text between tags that a parser drops becomes one text, which is copied whole for each piece that is added to it.

Dropped are, outside of their places, html, head, body, frames, parts of tables and a form in a form, every tag but a
few in a list of choices, and end tags of nothing (WHATWG HTML, 13.2.6.4.7 and 13.2.6.4.16). A text grows in its place
unless the parser kept something else meanwhile: the attributes of the dropped tag.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.document.telling_tags import PARTS, TellingTags

_SMALL: Final = 20_000  # bytes, of which no more than some megabytes can be copied
_LEAST: Final = 20  # such tags one after the other
# Of a tag up to its first ">".
_WITH_ATTRIBUTES: Final = re.compile(rb"</?[^\t\n\f\r /]++[\t\n\f\r /]++[^\t\n\f\r /]")
_IN_CHOICES: Final = re.compile(
    rb"<(?!opt(?:ion|group)(?:[\t\n\f\r /]|\Z))[a-z/][^\t\n\f\r /]*+[\t\n\f\r /]++[^\t\n\f\r /]"
)


def _dropped(names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:(?:html|head|body|form|frame|frameset" + names + rb")(?=[\t\n\f\r /]|\Z)|/[a-z])")


_DROPPED: Final = _dropped(b"")
_DROPPED_WITHOUT_TABLE: Final = _dropped(b"|" + PARTS)


def bytes_copied(source: bytes, tags: TellingTags) -> int:
    """How many bytes of text a parser copies at most because tags between them are dropped. `tags`: of the source."""
    if len(source) <= _SMALL or (tags.dropped + tags.parts < _LEAST and not tags.select):
        return 0
    lower, copied = source.lower(), 0
    has_table = lower.rfind(b"<table") >= 0
    if tags.dropped + (0 if has_table else tags.parts) >= _LEAST:
        copied = _copied_in_runs(lower, _DROPPED if has_table else _DROPPED_WITHOUT_TABLE)
    if tags.select:
        lists = (part.partition(b"</select")[0] for part in lower.split(b"<select")[1:])
        copied += sum(map(_copied_in_choices, lists))
    return copied


def _copied_in_runs(source: bytes, dropped: re.Pattern[bytes]) -> int:
    """Of texts with nothing but dropped tags between them."""
    copied = count = length = 0
    for text, tag, may_be_quoted in _pieces(source):
        length += text
        if not tag:
            continue
        if dropped.match(tag) is not None:
            count += _WITH_ATTRIBUTES.match(tag) is not None
        elif not may_be_quoted:
            copied += _copied(count, length)
            count = length = 0
    return copied + _copied(count, length)


def _copied_in_choices(source: bytes) -> int:
    count = length = 0
    for text, tag, _ in _pieces(source):
        length += text
        count += _IN_CHOICES.match(tag) is not None
    return _copied(count, length)


def _copied(count: int, length: int) -> int:
    return count * length // 2 if count >= _LEAST else 0


def _pieces(source: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """The source cut at each ">": the length of a text, the tag behind it, and whether it may stand in a value instead.

    A value may hold ">", so that what follows looks like a text, and "<" in it like a tag.
    """
    for piece in source.split(b">"):
        start = piece.find(b"<")
        if start < 0:
            yield len(piece), b"", False
        else:
            yield start, piece[start:], piece.find(b'"', 0, start) >= 0 or piece.find(b"'", 0, start) >= 0
