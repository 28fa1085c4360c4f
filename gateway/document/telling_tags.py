"""The tags of a page that its cost hangs on, found in one pass: few are there, and to come by each "<" is dear."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

PARTS: Final = b"caption|colgroup|col|tbody|td|tfoot|thead|th|tr"
_PILING: Final = rb"(?:[bisuBISU]|(?i:em|tt|big|code|font|nobr|small|strike|strong|html|body))(?=[\t\n\f\r />])"
# Parts of tables, and what is dropped everywhere as html and body are, which are among the piling; by first letters.
_DROPPED: Final = b"t(?:[dr]|h(?:ead)?+|body|foot)|col(?:group)?+|caption|head|f(?:orm|rame(?:set)?+)"
_ATTRIBUTE: Final = rb"[\t\n\f\r /]++[^\t\n\f\r />]"
# Nearly all tags are others, so first comes what tells them apart soonest: one letter, then a second. Of what piles up
# all is taken up to the first ">", of others two letters, which are the name's alone here. And of end tags those with
# more in them than a name. No "<" looks far for the end of its tag: many would take for ever.
_TELLING: Final = re.compile(
    rb"<(?:[bcefhinstuBCEFHINSTU](?=[\t\n\f\r />abdefhimortABDEFHIMORT])"
    rb"(?:(?<=(?=" + _PILING + rb").)[^>]*+"
    rb"|(?<=(?=(?i:(?:" + _DROPPED + rb")" + _ATTRIBUTE + rb"|select)).)[a-zA-Z])"
    rb"|/[a-zA-Z0-9:_-]{0,30}+(?=[^>]))"
)
_PILES: Final = re.compile(rb"<(?=[bcefhinstuBCEFHINSTU][\t\n\f\r />imotIMOT])" + _PILING + rb"[^>]*+")
_NOT_PILING: Final = {b"he": "dropped", b"fr": "dropped", b"fo": "dropped", b"se": "select"} | {
    name[:2]: "parts" for name in PARTS.split(b"|")
}
_ROOTS: Final = (b"ht", b"bo")
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
    found = Counter(_TELLING.findall(source))
    counts = dict.fromkeys(("dropped", "parts", "select"), 0)
    piling: Counter[bytes] = Counter()
    for tag, count in found.items():
        start = tag[1:3].lower()
        kind = "dropped" if start[:1] == b"/" else _NOT_PILING.get(start) if len(tag) == 3 else None
        if kind is not None:
            counts[kind] += count
            continue
        piling[tag] = count
        if start in _ROOTS and _ROOT_WITH_ATTRIBUTE.match(tag) is not None:
            counts["dropped"] += count
    return TellingTags(piling, counts["dropped"], counts["parts"], counts["select"] > 0)


def piling_in(source: bytes) -> Counter[bytes]:
    """Those of `TellingTags.piling` alone."""
    return Counter(_PILES.findall(source))
