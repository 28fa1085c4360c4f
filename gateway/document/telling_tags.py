"""The tags of a page that its cost hangs on, found in one pass: few are there, and to come by each "<" is dear."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

PARTS: Final = b"caption|colgroup|col|tbody|td|tfoot|thead|th|tr"
_PILING: Final = rb"(?:[bisuBISU]|(?i:em|tt|big|code|font|nobr|small|strike|strong|html|body))(?=[\t\n\f\r />])"
_DROPPED: Final = b"head|form|frameset|frame"  # as html and body are, which are among the piling
_ATTRIBUTE: Final = rb"[\t\n\f\r /]++[^\t\n\f\r />]"
# Nearly all tags are others, so first comes what tells them apart soonest: one letter, then a second. Of what piles up
# all is taken up to the first ">", of others two letters, which are the name's alone here. And of end tags those with
# more in them than a name. No "<" looks far for the end of its tag: many would take for ever.
_TELLING: Final = re.compile(
    rb"<(?:[bcefhinstuBCEFHINSTU](?=[\t\n\f\r />abdefhimortABDEFHIMORT])"
    rb"(?:(?<=(?=" + _PILING + rb").)[^>]*+"
    rb"|(?<=(?=(?i:(?:" + _DROPPED + b"|" + PARTS + rb")" + _ATTRIBUTE + rb"|select)).)[a-zA-Z])"
    rb"|/[a-zA-Z0-9:_-]{0,30}+(?=[^>]))"
)
_PARTS: Final = frozenset(name[:2] for name in PARTS.split(b"|"))
_ROOT_WITH_ATTRIBUTE: Final = re.compile(rb"<(?i:html|body)" + _ATTRIBUTE)


@dataclass(frozen=True, slots=True)
class TellingTags:
    """What the tags of a page, or of a piece of one, are.

    `piling`: formatting whose start tags may pile up (of `a` there is one at most), and the tags of html and body,
    which merge their attributes; each as a whole up to its first ">". `dropped`: so many at most have attributes and
    are dropped wherever they stand; `parts`: the same of parts of tables, dropped outside of a table. `select`: whether
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
        start = tag[1:3].lower()
        if tag[1:2] == b"/" or start in (b"he", b"fr") or (start == b"fo" and len(tag) == 3):
            dropped += count
        elif start == b"se":
            select = True
        elif len(tag) == 3 and start in _PARTS:
            parts += count
        else:
            piling[tag] = count
            dropped += count if _ROOT_WITH_ATTRIBUTE.match(tag) is not None else 0
    return TellingTags(piling, dropped, parts, select)


def piling_in(source: bytes) -> Counter[bytes]:
    """Those of `TellingTags.piling` alone."""
    return telling_tags(source).piling
