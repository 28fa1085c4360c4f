"""A cheap look at a page's raw bytes: is there anything at all that a reader would find in the tree?

Parsing 100 kB takes longer than everything else together, and most pages carry no label. What is looked for here is a
provable superset of what readers read: a page passed over has no label. Three things could break the proof, and each
makes the whole page be read: character references that spell a letter, a digit or a sign; NUL characters, which a
browser drops from text; meta elements whose quotes cannot be told apart without a tokenizer.
"""

import html
import re
from functools import cached_property, lru_cache
from typing import Final

from gateway.labels.invisible import INVISIBLE, PLUSES

_LETTERS: Final = (
    "abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһ"  # і: its cases would merge too much
)


def _folding() -> bytes:
    """A byte table after which upper and lower case of Latin, Russian and Kazakh letters are the same UTF-8 bytes.

    Bytes in which the two cases of a letter differ become one; other letters may fall together with that, which
    costs nothing but a needless look. Latin letters become small ones.
    """
    folded = list(range(256))
    for letter in _LETTERS:
        for one, other in zip(letter.encode(), letter.upper().encode(), strict=True):
            low, high = sorted((folded[one], folded[other]))
            folded = [high if byte == low else byte for byte in folded]
    return bytes(folded)


_FOLDED: Final = _folding()
# Numeric references, and the named ones that stand for a sign or a Cyrillic letter (WHATWG HTML, section 13.5).
_REFERENCE: Final = re.compile(
    rb"&(?:#x?(?:0(?=[0-9a-f]))*+[0-9a-f]{1,8}|plus|minus|hyphen|dash|[a-z]{1,6}cy|shy|zwn?j|[lr]rm)"
)
_ZEROS: Final = re.compile(rb"(?<=[#x])0+(?=[0-9a-f])")  # before a number: there may be more than Python counts
# A meta element as the tokenizer cuts it (WHATWG HTML, 13.2.5.32 to 39), or an odd one, whose end needs the tokenizer.
_META: Final = re.compile(
    rb"""<meta(?=[\s/>])(?:(?>[\s/]+(?>[^\s"'<>/=]+)(?>\s*=\s*(?>"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*+[\s/]*+>|(?P<odd>))"""
)
_SPELT: Final = frozenset(f"+-−{PLUSES}")
# schema.org's properties about age, in folded bytes.
_SCHEMA_ORG: Final = (
    *(b"contentrating", b"typicalagerange", b"isfamilyfriendly", b"hasadultconsideration", b"requiredminage"),
    *(b"suggestedminage", b"suggestedage"),
)
_ESCAPED_LETTER: Final = re.compile(rb"\\u00(?:[46][1-9a-f]|[57][0-9a])")


@lru_cache(maxsize=1_024)
def fold(text: str) -> bytes:
    """`text` as `Traces.has` looks for it."""
    return text.encode().translate(_FOLDED)


class Traces:
    """The raw bytes of a page, folded, with what was looked up in them."""

    def __init__(self, source: bytes) -> None:
        self.folded = source.translate(_FOLDED)

    def has(self, *words: bytes) -> bool:
        """Whether one of the folded `words` is there."""
        # Backwards: CPython searches long Latin words so in a fraction of the time.
        return any(self.folded.rfind(word) >= 0 for word in words)

    def has_word(self, word: str) -> bool:
        """Whether `word` is there, in whatever case; the first letter of a Cyrillic one may be another of its half."""
        folded = fold(word)
        # Its first byte is that of every second letter: as a beginning it fits half of all places.
        return self.has(folded if word[:1].isascii() else folded[1:])

    @cached_property
    def hidden(self) -> bool:
        """Whether something may be spelt so that only the tree shows it."""
        if b"\0" in self.folded:
            return True
        return any(text[:1].isalnum() or text[:1] in _SPELT for text in self._references)

    @cached_property
    def parts_words(self) -> bool:
        """Whether a reference may part a word with a character that nobody sees: "&shy;"."""
        return any(text[:1] in INVISIBLE for text in self._references)

    def spells(self, character: str) -> bool:
        """Whether a reference stands for this character."""
        return any(text[:1] == character for text in self._references)

    @cached_property
    def _references(self) -> frozenset[str]:
        """What the references that matter here stand for."""
        found = set(_REFERENCE.findall(self.folded)) if b"&" in self.folded else ()
        return frozenset(html.unescape(_ZEROS.sub(b"", reference, 1).decode("ascii") + ";") for reference in found)

    @cached_property
    def metas(self) -> tuple[tuple[int, bytes], ...] | None:
        """Each meta element's end and text; None when they cannot be told apart without the tree."""
        found: list[tuple[int, bytes]] = []
        text, start, after = self.folded, self.folded.rfind(b"<meta"), len(self.folded)
        while start >= 0:
            match = _META.match(text, start)
            if match is not None:
                if match["odd"] is not None or match.end() > after:
                    return None
                found.append((match.end(), match.group()))
            after, start = start, text.rfind(b"<meta", 0, start)
        return tuple(reversed(found))

    @cached_property
    def itemprop(self) -> bool:
        """Whether an element may have a property of microdata."""
        return self.has(b"itemprop")

    @cached_property
    def json_ld(self) -> bool:
        """Whether a script may have the type of JSON-LD."""
        plus = self.folded.find(b"+")  # one byte is found far faster than a word, and most pages have none
        return plus >= 0 and self.folded.find(b"ld+json", max(0, plus - 2)) >= 0

    @cached_property
    def schema_org(self) -> int:
        """Where the last name of a schema.org property about age begins; -1 when there is none."""
        found = max(map(self.folded.rfind, _SCHEMA_ORG))
        if b"\\" in self.folded and self.has(b"\\u00") and _ESCAPED_LETTER.search(self.folded):
            return len(self.folded)  # JSON may spell the name in escapes (RFC 8259, section 7)
        return found
