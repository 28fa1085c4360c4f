"""The tags of a page that its cost hangs on, found in one pass: most pages have few, and to come by each "<" is dear."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

PARTS: Final = b"caption|colgroup|col|tbody|td|tfoot|thead|th|tr"
_PILING: Final = rb"(?:[bisuBISU]|(?i:em|tt|big|code|font|nobr|small|strike|strong|html|body))"
_ATTRIBUTE: Final = rb"[\t\n\f\r /]++(?=[^\t\n\f\r />])"
_ROOTS: Final = b"head|form|frameset|frame"  # dropped as html and body are, but that these two are among the piling
_TELLING: Final = re.compile(
    # Their first two letters, because nearly all tags are others; and an end tag with more than a name in it. No "<"
    # looks far for the end of its tag: many would take for ever.
    rb"<(?:(?=[bcefhinstuBCEFHINSTU][\t\n\f\r />abdefhimortABDEFHIMORT])"
    rb"(?:"
    + _PILING
    + rb"(?=[\t\n\f\r />])[^>]*+|(?i:"
    + _ROOTS
    + b"|"
    + PARTS
    + rb")"
    + _ATTRIBUTE
    + rb"|(?i:select))"
    rb"|/[a-zA-Z0-9:_-]{0,30}+(?=[^>]))"
)
# Of what `_TELLING` found.
_PILES: Final = re.compile(rb"<" + _PILING + rb"(?:[\t\n\f\r /]|\Z)")
_DROPPED: Final = re.compile(rb"<(?:/|(?i:html|body)" + _ATTRIBUTE + rb"|(?i:" + _ROOTS + rb")[\t\n\f\r /])")
_PART: Final = re.compile(rb"<(?i:" + PARTS + rb")[\t\n\f\r /]")


@dataclass(frozen=True, slots=True)
class TellingTags:
    """What the tags of a page, or of a piece of one, are.

    `piling`: formatting whose start tags may pile up (of `a` there is one at most), and the tags of html and body, which
    merge their attributes; each as a whole up to its first ">". `dropped`: so many at most have attributes and are
    dropped wherever they stand; `parts`: the same of parts of tables, dropped outside of a table. `select`: whether
    there is a list of choices.
    """

    piling: Counter[bytes]
    dropped: int
    parts: int
    select: bool


def telling_tags(source: bytes) -> TellingTags:
    """Look through `source` (UTF-8)."""
    piling: Counter[bytes] = Counter()
    dropped = parts = 0
    select = False
    for tag, count in Counter(_TELLING.findall(source)).items():
        if _DROPPED.match(tag) is not None:
            dropped += count
        if _PILES.match(tag) is not None:
            piling[tag] = count
        elif _PART.match(tag) is not None:
            parts += count
        elif tag[1:2] in b"sS":
            select = True
    return TellingTags(piling, dropped, parts, select)


def piling_in(source: bytes) -> Counter[bytes]:
    """Those of `TellingTags.piling` alone."""
    return telling_tags(source).piling
