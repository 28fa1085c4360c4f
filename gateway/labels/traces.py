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

from gateway.labels.folding import FOLDED
from gateway.labels.invisible import INVISIBLE, PLUSES
from gateway.labels.trace_words import (
    BARE_SIX,
    CAPITAL_META,
    LATE_META,
    PARTING,
    REFERENCES,
    SCHEMA_ORG,
    Key,
    TraceWords,
    trace_of,
)

# Numeric references, and the named ones that stand for a sign or a Cyrillic letter (WHATWG HTML, section 13.5).
_REFERENCE: Final = re.compile(
    rb"&(?:#x?(?:0(?=[0-9a-f]))*+[0-9a-f]{1,8}|plus|minus|hyphen|dash|[a-z]{1,6}cy|shy|zwn?j|lrm|rlm)"
)
_CYRILLIC: Final = re.compile(rb"&[a-z]{1,6}cy", re.IGNORECASE)
_ZEROS: Final = re.compile(rb"(?<=[#x])0+(?=[0-9a-f])")  # before a number: there may be more than Python counts
# A meta element as the tokenizer cuts it (WHATWG HTML, 13.2.5.32 to 39), or an odd one, whose end needs the tokenizer.
_META: Final = re.compile(
    rb"""<meta(?=[\s/>])(?:(?>[\s/]+(?>[^\s"'<>/=]+)(?>\s*=\s*(?>"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*+[\s/]*+>|(?P<odd>))"""
)
_SPELT: Final = frozenset(f"+-−{PLUSES}")
_ESCAPED_LETTER: Final = re.compile(rb"\\u00(?:[46][1-9a-f]|[57][0-9a])")


_USUAL: Final = TraceWords()


class Traces:
    """The raw bytes of a page, with what was looked up in them."""

    def __init__(self, source: bytes, words: TraceWords = _USUAL) -> None:
        """`words`: those that are looked for at once; any others take a search of their own."""
        self._source = source
        self._words = words

    @cached_property
    def folded(self) -> bytes:
        """All bytes, folded; only for what few pages are asked, since it takes longer than to look for all words."""
        return self._source.translate(FOLDED)

    @cached_property
    def _found(self) -> frozenset[Key]:
        return self._words.found_in(self._source)

    def has(self, *words: bytes) -> bool:
        """Whether one of the folded `words` is there."""
        if not self._found.isdisjoint(words):
            return True
        others = [word for word in words if word not in self._words.known]
        # Backwards: CPython searches long Latin words so in a fraction of the time.
        return any(self.folded.rfind(word) >= 0 for word in others)

    def has_word(self, word: str) -> bool:
        """Whether `word` is there, in whatever case; perhaps also where something like it is."""
        return word in self._found if word in self._words.known else self.has(trace_of(word))

    def words_of(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `texts` that are there, as `has_word` says."""
        if self._words.known.issuperset(texts) and self._found.isdisjoint(texts):
            return ()
        return tuple(filter(self.has_word, texts))

    def shows(self, characters: str) -> bool:
        """Whether one of the characters is there as it is."""
        if not self._found.isdisjoint(characters):
            return True
        others = [each for each in characters if each not in self._words.known]
        return any(each.encode() in self._source for each in others)

    @cached_property
    def hidden(self) -> bool:
        """Whether something may be spelt so that only the tree shows it."""
        if b"\0" in self._source:
            return True
        return any(text[:1].isalnum() or text[:1] in _SPELT for text in self._references)

    @cached_property
    def parts_words(self) -> bool:
        """Whether a reference may part a word with a character that nobody sees: "&shy;"."""
        return self.has(*PARTING) or any(text[:1] in INVISIBLE for text in self._references)

    def spells(self, character: str) -> bool:
        """Whether a reference stands for this character."""
        return any(text[:1] == character for text in self._references)

    @cached_property
    def _references(self) -> frozenset[str]:
        """What the references that matter here stand for."""
        found: set[bytes] = set()
        if b"&" in self._source and (self.has(*REFERENCES) or _CYRILLIC.search(self._source) is not None):
            found.update(_REFERENCE.findall(self.folded))
        return frozenset(html.unescape(_ZEROS.sub(b"", reference, 1).decode("ascii") + ";") for reference in found)

    @cached_property
    def metas(self) -> tuple[tuple[int, bytes], ...] | None:
        """Each meta element's end and folded text; None when they cannot be told apart without the tree."""
        if not self.has(b"<meta"):
            return ()
        found: list[tuple[int, bytes]] = []
        text = self.folded if CAPITAL_META in self._found else self._source
        end = text.find(b"</head") if LATE_META not in self._found else -1
        start, after = text.rfind(b"<meta", 0, end if end >= 0 else len(text)), len(text)
        while start >= 0:
            match = _META.match(text, start)
            if match is not None:
                if match["odd"] is not None or match.end() > after:
                    return None
                found.append((match.end(), match.group().translate(FOLDED)))
            after, start = start, text.rfind(b"<meta", 0, start)
        return tuple(reversed(found))

    @property
    def bare_six(self) -> bool:
        """Whether a six stands before a dash that no letter, number or dash follows."""
        return BARE_SIX in self._found

    @cached_property
    def itemprop(self) -> bool:
        """Whether an element may have a property of microdata."""
        return self.has(b"itemprop")

    @cached_property
    def json_ld(self) -> bool:
        """Whether a script may have the type of JSON-LD."""
        return self.has(b"ld+json")

    @cached_property
    def schema_org(self) -> int:
        """Where the last name of a schema.org property about age begins; -1 when there is none."""
        found = max((self.folded.rfind(name) for name in SCHEMA_ORG if self.has(name)), default=-1)
        if self.has(b"\\u00") and _ESCAPED_LETTER.search(self.folded):
            return len(self.folded)  # JSON may spell the name in escapes (RFC 8259, section 7)
        return found
