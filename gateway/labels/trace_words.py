"""The words that readers look for in the bytes of every page, all of them looked for in one pass."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from gateway.document.byte_search import ByteSearch
from gateway.labels.folding import fold, in_any_case, unfolded
from gateway.labels.invisible import INVISIBLE, PLUSES
from gateway.labels.signs import DASHES

# schema.org's properties about age, in folded bytes.
SCHEMA_ORG: Final = (
    *(b"contentrating", b"typicalagerange", b"isfamilyfriendly", b"hasadultconsideration", b"requiredminage"),
    *(b"suggestedminage", b"suggestedage"),
)
DASHED: Final = (*sorted({fold(dash) for dash in f"-–{DASHES}"}), b"&ndash;", b"&#8211;", b"&#x2013;")
"""What may follow the six of "6-", in folded bytes."""
SIXES: Final = tuple(b"6" + dash for dash in DASHED)
REFERENCES: Final = (
    *(b"&#", b"&plus", b"&minus", b"&hyphen", b"&dash"),
    *(b"&shy", b"&zw", b"&lrm", b"&rlm"),
)
"""What the references begin with that hide something, but for those of Cyrillic letters."""
PARTING: Final = (b"&nobreak;", b"&zerowidthspace;", b"&negative")
"""References to characters that nobody sees, by names that no table has in folded bytes."""
_WORDS: Final = (
    *(b"<meta", b"<style", b"\\u00", b"itemprop", b"ld+json", b"property", b"pics-label", b"qorgan-end"),
    *(b"powder+xml", b"rdf+xml", b"icra labels", *SCHEMA_ORG, *SIXES, *REFERENCES, *PARTING),
)

type Key = bytes | str
"""A folded word, a word of a text, a character, or a name of `_NAMED`."""

# Names for what is no word: "<meta" with a capital, "<meta" behind the end of the head, "6-" with its end.
CAPITAL_META: Final = "<Meta"
LATE_META: Final = "</head><meta"
BARE_SIX: Final = "6- "
_NAMED: Final[dict[Key, bytes]] = {
    CAPITAL_META: rb"<(?:M[eE][tT][aA]|mE[tT][aA]|meT[aA]|metA)",
    LATE_META: rb"(?i)</head.*<meta",
    BARE_SIX: b"6(?:" + b"|".join(map(unfolded, DASHED)) + rb")(?:[^0-9a-zA-Z_-]|\z)",
}


class TraceWords:
    """Words and characters that are looked for at once; those that every page is asked for are always among them."""

    def __init__(self, words: Iterable[bytes] = (), texts: Iterable[str] = (), characters: str = "") -> None:
        """`words`: folded. `texts`: words in whatever case. `characters`: as they are."""
        patterns: dict[Key, bytes] = {word: unfolded(word) for word in (*_WORDS, *words) if word}
        patterns |= {each: re.escape(each.encode()) for each in f"{INVISIBLE}{PLUSES}{characters}"}
        patterns |= {text: in_any_case(text) for text in texts if text}
        patterns |= _NAMED
        self._keys = tuple(patterns)
        self.known = frozenset(self._keys)
        self._search = ByteSearch(tuple(patterns.values()), once=True)

    def found_in(self, source: bytes) -> frozenset[Key]:
        """Those of `known` that are in `source` (UTF-8)."""
        found = self._search.matches_in(source, len(self._keys))
        return frozenset([self._keys[number] for number, _ in found]) if found is not None else self.known


@lru_cache(maxsize=1_024)
def trace_of(word: str) -> bytes:
    """The folded bytes of a word of a text; the first letter of a Cyrillic one may be another of its half."""
    folded = fold(word)
    # Its first byte is that of every second letter: as a beginning it fits half of all places.
    return folded if word[:1].isascii() else folded[1:]
