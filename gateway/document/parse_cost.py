"""Whether a page can be parsed as HTML at a bounded cost. Some pages cannot: kilobytes become gigabytes or minutes.

Three things make a parser slow, all by the rules of the standard (WHATWG HTML): each tag may look through all open
elements (13.2.4.2), each new block may open again all formatting left open before (13.2.4.3), and each attribute of a
tag is compared with those before it (13.2.5.33). What is counted here is never less than the parser does. Small
ordinary pages are told by a few counts, large ones by how their elements nest; only what those leave open is read tag
by tag, at a cost linear in its length.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from gateway.document.byte_search import ByteSearch
from gateway.document.followed_tags import ATTRIBUTE, ROOTS, FollowedTags
from gateway.document.merged_text import bytes_copied
from gateway.document.nesting import Nesting, nesting_of
from gateway.document.parse_limits import (
    BYTES_A_LOOK,
    COPIED_A_LOOK,
    DEAREST,
    LONG_TAG,
    LOOKS_A_TAG,
    MOST_COPIED,
    Used,
    nodes_to_copy,
)
from gateway.document.telling_tags import piling_in, telling_tags

_MOVED_BY_LINK: Final = 33  # nodes that one link in another makes at most: 8 times 4, and one (13.2.6.4.7)
_LOOK_EVERY: Final = 4_000  # bytes
_ALIKE: Final = 3

_GAP: Final = ByteSearch([b"[^>]{%d}" % LONG_TAG], once=True)
_LONG: Final = re.compile(rb"<[a-zA-Z][^>]{%d}" % LONG_TAG)
_FORMATTING: Final = re.compile(
    rb"<(?:[abisuABISU]|(?i:em|tt|big|code|font|nobr|small|strike|strong))(?=[\t\n\f\r />])[^>]*+"
)
_REST_OF_TAG: Final = re.compile(rb"(?:[\t\n\f\r /]++|" + ATTRIBUTE + rb"){0,500}+>")
_WHOLE_TAG: Final = re.compile(rb"<[a-zA-Z][^\t\n\f\r />]*+(?:[\t\n\f\r /]++|" + ATTRIBUTE + rb")*+>")


def is_affordable(source: bytes, *, scripting: bool) -> bool:
    """Whether the page `source` (UTF-8) can be parsed in bounded time and memory, without mutation events.

    `scripting`: whether the parser takes what stands in noscript for text. Linear in the length of the page. Pages that
    people make pass; one that is refused leaves thousands of elements open, or hundreds of formatting elements, or has
    a tag that nothing closes every few bytes.
    """
    return cost_of_parsing(source, scripting=scripting) is not None


def cost_of_parsing(source: bytes, *, scripting: bool) -> Used | None:
    """What it takes at most to parse the page, and to tell that; None when it is not affordable.

    What every page takes for each of its bytes is not counted.
    """
    tags = telling_tags(source)
    copied = bytes_copied(source, tags)
    if copied > MOST_COPIED:
        return None
    counted = _Counted(source, source.count(b"<"), tags.piling, _has_gap(source))
    used = _cost(counted, scripting=scripting)
    if used is not None:
        used.own += copied // COPIED_A_LOOK
        used.tags, used.has_gap = counted.tags, counted.has_gap
    return used


@dataclass(frozen=True, slots=True)
class _Counted:
    """A page or its rest, with what was counted in it: `tags`, and of formatting `piling` as in `TellingTags`."""

    source: bytes
    tags: int
    piling: Counter[bytes]
    has_gap: bool


def _cost(page: _Counted, *, scripting: bool) -> Used | None:
    source = page.source
    used = Used(source)
    if _is_plain(page, used):
        return used
    nesting = nesting_of(source, scripting=scripting)
    used = Used(source)
    used.own = nesting.read // BYTES_A_LOOK
    if _is_nested(page, nesting, used):
        return used
    if nesting.is_clean and nesting.rest.count(b"<") * LOOKS_A_TAG > used.most_looks:
        return None
    followed = FollowedTags(source, scripting=scripting)
    followed.used.most_looks += used.own
    followed.used.own = used.own
    if not followed.follow():
        return None
    rest = followed.rest
    if rest and not _is_plain(_Counted(rest, rest.count(b"<"), piling_in(rest), _has_gap(rest)), followed.used):
        return None
    return followed.used


def _is_plain(page: _Counted, used: Used) -> bool:
    """Whether counts alone show that the page is affordable, however its tags are meant; `used` then tells the cost."""
    used.steps += page.tags * (used.depth + page.tags // 2)
    used.nodes += used.formatting * page.tags
    if not used.is_within() or _may_have_many_attributes(page.source, has_gap=page.has_gap):
        return False
    used.nodes += _count_kept(page.piling) * page.tags
    return used.is_within() and _have_short_roots(page.piling)


def _is_nested(page: _Counted, nesting: Nesting, used: Used) -> bool:
    """Whether the page is affordable because nearly all of its elements are closed where they should be."""
    source = nesting.shown if nesting.is_clean else page.source
    if _may_have_many_attributes(source, has_gap=page.has_gap or _has_gap(source)):
        return False
    piling, tags = piling_in(nesting.rest), page.tags
    returning = _count_kept(piling) + bool(nesting.wrapping)
    moved = _MOVED_BY_LINK * (nesting.wrapping + nesting.left)
    used.steps = tags * (nesting.depth + returning)
    used.nodes = tags * returning + moved
    if moved and used.is_within():
        used.nodes += moved * (_dearest_copy(nesting) - 1)
    return used.is_within() and _have_short_roots(piling)


def _count_kept(piling: Counter[bytes]) -> int:
    """How many of these formatting elements the parser can keep: three with the same attributes (13.2.4.3).

    One with many attributes counts as so many as it is as dear as.
    """
    return sum(
        min(count, _ALIKE) * nodes_to_copy(tag) if _is_whole(tag) else count * DEAREST for tag, count in piling.items()
    )


def _dearest_copy(nesting: Nesting) -> int:
    """How many plain elements are as dear as a copy of the formatting element with most attributes."""
    if not nesting.is_clean:
        return DEAREST
    tags = set(_FORMATTING.findall(nesting.shown))
    return max((nodes_to_copy(tag) if _is_whole(tag) else DEAREST for tag in tags), default=1)


def _have_short_roots(piling: Counter[bytes]) -> bool:
    """Whether the tags of html and body, which merge their attributes, have few of them."""
    roots = {tag: count for tag, count in piling.items() if tag[1:5].lower() in ROOTS}
    return sum(len(tag) * count for tag, count in roots.items()) <= LONG_TAG * 4 and all(map(_is_whole, roots))


def _is_whole(tag: bytes) -> bool:
    """Whether a tag that was read to its first ">" ends there."""
    return _WHOLE_TAG.fullmatch(tag + b">") is not None


def _has_gap(source: bytes) -> bool:
    """Whether a ">" is missing for so long that a tag there would be a long one."""
    gaps = _GAP.matches_in(source, 1)
    return gaps is None or any(end < len(source) for _, end in gaps)


def _may_have_many_attributes(source: bytes, *, has_gap: bool) -> bool:
    """Whether a tag may hold more than some thousands.

    Looked at is every so often what follows a ">". If it stands within a tag, then within a quoted value: whichever the
    quote, the tag must soon end after it.
    """
    if has_gap and _LONG.search(source) is not None:
        return True
    place, size = 0, len(source)
    quotes = {quote: -1 for quote in (b'"', b"'") if quote in source}  # where the next one is
    while place + LONG_TAG < size:
        for quote, known in quotes.items():
            if known < place:
                found = source.find(quote, place)
                quotes[quote] = found if found >= 0 else size
                if found >= 0 and _REST_OF_TAG.match(source, found + 1) is None:
                    return True
        end = source.rfind(b">", place, place + _LOOK_EVERY)
        place = (end if end >= 0 else source.find(b">", place)) + 1
        if place == 0:
            break
    return False
