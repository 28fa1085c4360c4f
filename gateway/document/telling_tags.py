"""The tags of a page that its cost hangs on, found in one pass: few are there, and to come by each "<" is dear."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from gateway.document.byte_search import ByteSearch

PARTS: Final = b"caption|colgroup|col|tbody|td|tfoot|thead|th|tr"
_PILING: Final = rb"(?:[bisuBISU]|(?i:em|tt|big|code|font|nobr|small|strike|strong|html|body))(?=[\t\n\f\r />])"
# Parts of tables, and what is dropped everywhere as html and body are, which are among the piling; by first letters.
_DROPPED: Final = b"t(?:[dr]|h(?:ead)?+|body|foot)|col(?:group)?+|caption|head|f(?:orm|rame(?:set)?+)"
_ATTRIBUTE: Final = rb"[\t\n\f\r /]++[^\t\n\f\r />]"
# Nearly all tags are others, so first comes what tells them apart soonest: one letter, then a second. Of what piles up
# all is taken up to the first ">", of others two letters, which are the name's alone here. No "<" looks far for the end
# of its tag: many would take for ever.
_TELLING: Final = re.compile(
    rb"<(?:[bcefhinstuBCEFHINSTU](?=[\t\n\f\r />abdefhimortABDEFHIMORT])"
    rb"(?:(?<=(?=" + _PILING + rb").)[^>]*+"
    rb"|(?<=(?=(?i:(?:" + _DROPPED + rb")" + _ATTRIBUTE + rb"|select)).)[a-zA-Z]))"
)
# The same tags and some more, by how many bytes tell them: a page with few is looked through in a fraction of the time.
_BEGINNINGS: Final = {
    3: rb"(?i)<[bisu][\t\n\f\r />]",
    4: rb"(?i)<(?:em|tt|t[dhr])[\t\n\f\r />]",
    5: rb"(?i)<(?:big|col)[\t\n\f\r />]",
    6: rb"(?i)<(?:code|font|nobr|html|body|head|form)[\t\n\f\r />]",
    7: rb"(?i)<(?:select|(?:small|thead|tbody|tfoot|frame)[\t\n\f\r />])",
    8: rb"(?i)<(?:strike|strong)[\t\n\f\r />]",
    9: rb"(?i)<caption[\t\n\f\r />]",
    10: rb"(?i)<(?:colgroup|frameset)[\t\n\f\r />]",
}
_FEW: Final = 32
_LENGTHS: Final = tuple(_BEGINNINGS)
_MAY_TELL: Final = ByteSearch(tuple(_BEGINNINGS.values()))
_ENDS: Final = ByteSearch([rb"</[a-zA-Z][^>\t\n\f\r /]*[\t\n\f\r /]+[^\t\n\f\r />]"])
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
    found = Counter(_start_tags(source))
    counts = {"dropped": _count_ends(source), "parts": 0, "select": 0}
    piling: Counter[bytes] = Counter()
    for tag, count in found.items():
        start = tag[1:3].lower()
        kind = _NOT_PILING.get(start) if len(tag) == 3 else None
        if kind is not None:
            counts[kind] += count
            continue
        piling[tag] = count
        if start in _ROOTS and _ROOT_WITH_ATTRIBUTE.match(tag) is not None:
            counts["dropped"] += count
    return TellingTags(piling, counts["dropped"], counts["parts"], counts["select"] > 0)


def _start_tags(source: bytes) -> list[bytes]:
    """What `_TELLING` finds."""
    places = _MAY_TELL.matches_in(source, _FEW)
    if places is None:
        return _TELLING.findall(source)
    found, end = [], 0
    for place in sorted(end - _LENGTHS[number] for number, end in places):
        match = _TELLING.match(source, place) if place >= end else None
        if match is not None:
            found.append(match.group())
            end = match.end()
    return found


def _count_ends(source: bytes) -> int:
    """How many end tags have attributes, or more."""
    ends = _ENDS.matches_in(source, _FEW)
    return len(ends) if ends is not None else source.count(b"</")


def piling_in(source: bytes) -> Counter[bytes]:
    """Those of `TellingTags.piling` alone."""
    return Counter(_PILES.findall(source))
