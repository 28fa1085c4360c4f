"""A cheap look at a page's raw bytes: is there anything at all that a reader would find in the tree?

Parsing 100 kB takes longer than everything else together, and most pages carry no label. What is looked for here is a
provable superset of what readers read: a page passed over has no label. Three things could break the proof, and each
makes the whole page be read: character references that spell a letter, a digit or a sign; NUL characters, which a
browser drops from text; meta elements whose quotes cannot be told apart without a tokenizer.
"""

import html
import re
from functools import cached_property
from typing import Final

_LETTERS: Final = bytes.maketrans(bytes(range(65, 91)), bytes(range(97, 123)))


def _folding() -> bytes:
    """A byte table after which upper and lower case of Latin, Russian and Kazakh letters are the same UTF-8 bytes.

    The two cases of a Cyrillic letter differ in the first byte's last two bits and in bits 0, 4 and 5 of the second
    (А U+0410 and а U+0430, Р U+0420 and р U+0440, Ә U+04D8 and ә U+04D9): those bits are cleared. Other letters fall
    together too, which costs nothing but a needless look.
    """
    table = bytearray(_LETTERS)
    for second in range(0x80, 0xC0):
        table[second] = 0x80 | (second & 0x0E)
    table[0xD1] = table[0xD2] = table[0xD3] = 0xD0
    return bytes(table)


_FOLDED: Final = _folding()
_REFERENCE: Final = re.compile(rb"&(?:#x?[0-9a-f]{1,8}|plus|minus|hyphen|dash|[a-z]{1,6}cy);?")
# A meta element as the tokenizer cuts it (WHATWG HTML, 13.2.5.32 to 39), as long as no quote stands in an odd place.
_META: Final = re.compile(
    rb"""<meta(?>[\s/]+(?>[^\s"'<>/=]+)(?>\s*=\s*(?>"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*+[\s/]*+>""",
)
_SPELT: Final = frozenset("+-−＋")
_ESCAPED_LETTER: Final = re.compile(rb"\\u00(?:[46][1-9a-f]|[57][0-9a])")


def fold(text: str) -> bytes:
    """`text` as `Traces` looks for it."""
    return text.encode().translate(_FOLDED)


class Traces:
    """The raw bytes of a page, folded, with what was looked up in them."""

    def __init__(self, source: bytes) -> None:
        self.folded = source.translate(_FOLDED)

    @cached_property
    def hidden(self) -> bool:
        """Whether something may be spelt so that only the tree shows it."""
        if b"\0" in self.folded:
            return True
        return any(_spells(reference) for reference in set(_REFERENCE.findall(self.folded)))

    @cached_property
    def metas(self) -> tuple[tuple[int, bytes], ...] | None:
        """Each meta element's end and text; None when they cannot be told apart without the tree."""
        found = tuple((match.end(), match.group()) for match in _META.finditer(self.folded))
        return found if len(found) == self.folded.count(b"<meta") else None

    def last(self, *words: bytes) -> int:
        """Where the last of the folded `words` begins; -1 when none is there."""
        return max(self.folded.rfind(word) for word in words)

    @cached_property
    def schema_org(self) -> int:
        """Where the last name of a schema.org property about age begins; -1 when there is none."""
        found = self.last(b"contentrating", b"typicalagerange", b"isfamilyfriendly")
        if b"\\u00" in self.folded and _ESCAPED_LETTER.search(self.folded):
            return len(self.folded)  # JSON may spell the name in escapes (RFC 8259, section 7)
        return found


def _spells(reference: bytes) -> bool:
    text = html.unescape(reference.decode("ascii", "replace").rstrip(";") + ";")
    return text[:1].isalnum() or text[:1] in _SPELT or reference.endswith(b"cy;")
