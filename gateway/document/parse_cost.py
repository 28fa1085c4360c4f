"""Whether a page can be parsed as HTML at a bounded cost. Some pages cannot: kilobytes become gigabytes or minutes.

Three things make a parser slow, all by the rules of the standard (WHATWG HTML): each tag may look through all open
elements (13.2.4.2), each new block may open again all formatting left open before (13.2.4.3), and each attribute of a
tag is compared with those before it (13.2.5.33). What is counted here is never less than the parser does. Small
ordinary pages are told by a few counts, large ones by how their elements nest; only what those leave open is read tag
by tag, at a cost linear in its length.
"""

import re
from collections import Counter
from typing import Final

from gateway.document import tag_rules as rules
from gateway.document.nesting import Nesting, nesting_of
from gateway.document.open_elements import OpenElements

# Looks at an open element or an attribute: 1.6 ns each at most, some 25 ms for 100 kB.
_MOST_STEPS: Final = 50_000_000
_STEPS_OF_SMALL: Final = 10_000_000
_STEPS_A_BYTE: Final = 150
# Elements opened again: 0.2 us each, so as long again; at most about 150 MB.
_MOST_NODES: Final = 500_000
_NODES_OF_SMALL: Final = 100_000
_NODES_A_BYTE: Final = 1.2
_MOVED_BY_LINK: Final = 33  # nodes that one link in another makes at most: 8 times 4, and one (13.2.6.4.7)
# Tags that are read one by one: to read them takes longer than to parse them.
_TAGS_OF_SMALL: Final = 7_000
_BYTES_A_TAG: Final = 8
_LONG_TAG: Final = 1_000  # bytes
_LOOK_EVERY: Final = 4_000  # bytes
_ROOTS: Final = frozenset((b"html", b"body"))
_ALIKE: Final = 3
_OWN_STEP: Final = 50  # what our own look at a name or an unsure element costs, in steps of the parser
_FEW_ATTRIBUTES: Final = 256  # bytes of a tag that cannot hold enough of them to matter

_LONG: Final = re.compile(rb"<[a-zA-Z][^>]{%d}" % _LONG_TAG)
# Formatting whose start tags may pile up (of `a` there is one at most), and the two tags that merge their attributes.
_PILING: Final = re.compile(
    rb"<(?=[bcefhinstuBCEFHINSTU][\t\n\f\r />imotIMOT])"
    rb"(?:[bisuBISU]|(?i:em|tt|big|code|font|nobr|small|strike|strong|html|body))(?=[\t\n\f\r />])[^>]*+"
)
_ATTRIBUTE: Final = (
    rb"""[^\t\n\f\r />][^\t\n\f\r />=]*+"""
    rb"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?+)?+"""
)
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE)
_REST_OF_TAG: Final = re.compile(rb"(?:[\t\n\f\r /]++|" + _ATTRIBUTE + rb"){0,500}+>")
_WHOLE_TAG: Final = re.compile(rb"<[a-zA-Z][^\t\n\f\r />]*+(?:[\t\n\f\r /]++|" + _ATTRIBUTE + rb")*+>")
# 13.2.5.6 to 13.2.5.53: a comment, something bogus, or a tag with its attributes. The end of the page closes all.
# `rest`: the text and the end tag after a start tag, if that is all there is in the element.
_TOKEN: Final = re.compile(
    rb"<!--(?:-?>|(?s:.*?)(?:--!?>|\Z))"
    rb"|<(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)"
    rb"|<(?P<closing>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)(?:[\t\n\f\r /]++|" + _ATTRIBUTE + rb")*+(?P<end>>|\Z)"
    rb"(?P<rest>[^<]*+</(?P=name)>)?"
)
_RAW_END: Final = {
    name: re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE) for name in rules.RAW | {b"noscript"}
}
_SCRIPT_IN_COMMENT: Final = re.compile(rb"<script[\t\n\f\r />]", re.IGNORECASE)
# A list of choices and nothing else, which needs no following.
_CHOICES: Final = re.compile(
    rb"(?:[^<]++|</?(?:option|optgroup)(?=[\t\n\f\r />])(?:[\t\n\f\r /]++|"
    + _ATTRIBUTE
    + rb"){0,99}+>)*+</select[\t\n\f\r ]*+>",
    re.IGNORECASE,
)
_PLAIN_TEXT: Final = re.compile(rb"[^<]*+</(?P<name>[a-zA-Z-]++)[\t\n\f\r ]*+>")
# After an end tag: another tag, a comment or the end, and no text that would open formatting again.
_SILENT: Final = re.compile(rb"<[a-zA-Z/!?]|\Z")
_STANDARDS: Final = re.compile(rb"[\t\n\f\r ]*+<!doctype[\t\n\f\r ]++html[\t\n\f\r ]*+>", re.IGNORECASE)


def is_affordable(source: bytes, *, scripting: bool) -> bool:
    """Whether the page `source` (UTF-8) can be parsed in bounded time and memory, without mutation events.

    `scripting`: whether the parser takes what stands in noscript for text. Linear in the length of the page. Pages that
    people make pass; one that is refused leaves thousands of elements open, or hundreds of formatting elements, or has
    a tag that nothing closes every few bytes.
    """
    if _is_plain(source, _Used(source)):
        return True
    nesting = nesting_of(source, scripting=scripting)
    if _is_nested(source, nesting):
        return True
    if nesting.is_clean and nesting.rest.count(b"<") > max(_TAGS_OF_SMALL, len(source) // _BYTES_A_TAG):
        return False
    return _Followed(source, scripting=scripting).is_affordable()


class _Used:
    """What of the limits of a page is used up, and what is open, before the part that is looked at."""

    def __init__(self, source: bytes) -> None:
        self.most_steps = min(_MOST_STEPS, max(_STEPS_OF_SMALL, _STEPS_A_BYTE * len(source)))
        self.most_nodes = min(_MOST_NODES, max(_NODES_OF_SMALL, int(_NODES_A_BYTE * len(source))))
        self.steps = 0
        self.nodes = 0
        self.depth = 0
        self.formatting = 0


def _is_plain(source: bytes, used: _Used) -> bool:
    """Whether counts alone show that the page is affordable, however its tags are meant."""
    tags = source.count(b"<")
    if used.steps + tags * (used.depth + tags // 2) > used.most_steps:
        return False
    if _may_have_many_attributes(source):
        return False
    piling = _PILING.findall(source)
    room = used.most_nodes - used.nodes - used.formatting * tags
    if len(piling) * tags > room and _count_kept(piling) * tags > room:
        return False
    return _are_short([tag for tag in piling if tag[1:5].lower() in _ROOTS])


def _is_nested(source: bytes, nesting: Nesting) -> bool:
    """Whether the page is affordable because nearly all of its elements are closed where they should be."""
    if _may_have_many_attributes(nesting.shown if nesting.is_clean else source):
        return False
    limits, tags = _Used(source), source.count(b"<")
    piling = _PILING.findall(nesting.rest)
    returning = _count_kept(piling) + bool(nesting.wrapping)
    return (
        tags * (nesting.depth + returning) <= limits.most_steps
        and tags * returning + _MOVED_BY_LINK * (nesting.wrapping + nesting.left) <= limits.most_nodes
        and _are_short([tag for tag in piling if tag[1:5].lower() in _ROOTS])
    )


def _count_kept(piling: list[bytes]) -> int:
    """How many of these formatting elements the parser can keep: three with the same attributes (13.2.4.3)."""
    return sum(min(count, _ALIKE) if _is_whole(tag) else count for tag, count in Counter(piling).items())


def _are_short(roots: list[bytes]) -> bool:
    """Whether the tags of html and body, which merge their attributes, have few of them."""
    return sum(len(tag) for tag in roots) <= _LONG_TAG * 4 and all(_is_whole(tag) for tag in roots)


def _is_whole(tag: bytes) -> bool:
    """Whether a tag that was read to its first ">" ends there."""
    return _WHOLE_TAG.fullmatch(tag + b">") is not None


def _may_have_many_attributes(source: bytes) -> bool:
    """Whether a tag may hold more than some thousands.

    Looked at is every so often what follows a ">". If it stands within a tag, then within a quoted value: whichever the
    quote, the tag must soon end after it.
    """
    place = next_look = 0
    searched = False
    quotes = {b'"': -1, b"'": -1}
    while place + _LONG_TAG < len(source):
        end = source.rfind(b">", place, place + _LONG_TAG)
        if end < 0 and not searched:
            searched = True
            if _LONG.search(source) is not None:
                return True
        if end < 0 or place >= next_look:
            if not _ends_soon(source, place, quotes):
                return True
            next_look = place + _LOOK_EVERY
        place = (end if end >= 0 else source.find(b">", place)) + 1
        if place == 0:
            break
    return False


def _ends_soon(source: bytes, place: int, quotes: dict[bytes, int]) -> bool:
    """Whether a tag with `place` in one of its values ends after few attributes. `quotes`: where the next was found."""
    for quote, known in quotes.items():
        if known < place:
            found = source.find(quote, place)
            quotes[quote] = found if found >= 0 else len(source)
        if quotes[quote] < len(source) and _REST_OF_TAG.match(source, quotes[quote] + 1) is None:
            return False
    return True


class _Followed:
    """A page read tag by tag."""

    def __init__(self, source: bytes, *, scripting: bool) -> None:
        self._source = source
        self._raw = rules.RAW | {b"noscript"} if scripting else rules.RAW
        self._open = OpenElements(standards=_STANDARDS.match(source) is not None)
        self._foreign: list[bytes] = []  # the elements open in svg or math, from that on
        self._used = _Used(source)
        self._root_attributes = 0
        self._place = 0
        self._lost = False

    def is_affordable(self) -> bool:
        opened, used, source, foreign = self._open, self._used, self._source, 0
        left = max(_TAGS_OF_SMALL, len(self._source) // _BYTES_A_TAG)
        while (token := _TOKEN.search(source, self._place)) is not None:
            closing, name, end, rest = token.groups()
            self._place = token.end() if rest is None else token.start("rest")
            if name is not None:
                if not end:
                    break  # the page ends within a tag, which is dropped
                self._read(source[token.start() : self._place], name.lower(), rest, is_end=bool(closing))
            elif self._foreign and token[0].startswith(b"<![CDATA["):
                self._lost = True
            foreign = len(self._foreign)
            used.steps += opened.depth + foreign
            if returning := opened.returning:
                is_end = closing or (rest is not None and self._place == token.end())
                used.nodes += 0 if is_end and _SILENT.match(source, self._place) else returning
            left -= 1
            if used.steps + _OWN_STEP * opened.walked > used.most_steps or used.nodes + opened.moved > used.most_nodes:
                return False
            if self._lost or opened.lost:
                used.nodes += opened.moved
                used.depth, used.formatting = opened.depth + foreign, opened.formatting
                return _is_plain(self._source[self._place :], used)
            if not left:
                return False
        return True

    def _charge(self, tags: int) -> None:
        opened, used = self._open, self._used
        used.steps += tags * (opened.depth + len(self._foreign))
        used.nodes += tags * opened.returning

    def _read(self, tag: bytes, name: bytes, rest: bytes | None, *, is_end: bool) -> None:
        if len(tag) > _FEW_ATTRIBUTES or name in _ROOTS:
            self._charge_attributes(tag, name)
        if is_end:
            self._end(name)
            if name == b"br":
                self._used.nodes += self._open.returning  # 13.2.6.4.7: as its start tag
        elif self._foreign:
            self._start_foreign(name, is_closed=tag.endswith(b"/>"))
        elif name in self._raw:
            if name != b"noscript":
                self._open.start(name, tag)
            self._skip_raw(name)
        elif name in rules.FOREIGN:
            self._foreign = [] if tag.endswith(b"/>") else [name]
        elif name == b"select":
            self._skip_select()
        elif name == b"plaintext":
            self._place = len(self._source)
        elif rest is None:
            self._open.start(name, tag)
        else:
            self._place += len(rest)
            self._charge(1)
            self._open.whole(name, tag)

    def _charge_attributes(self, tag: bytes, name: bytes) -> None:
        count = len(_ATTRIBUTES.findall(tag, len(name) + 1, len(tag) - 1))
        if name in _ROOTS:
            self._root_attributes += count
        self._used.steps += count * max(count, self._root_attributes)

    def _end(self, name: bytes) -> None:
        if not self._foreign:
            self._open.end(name)
        elif name in self._foreign:
            while self._foreign.pop() != name:
                pass
        else:
            self._lost = True

    def _start_foreign(self, name: bytes, *, is_closed: bool) -> None:
        if name in rules.BREAKS_OUT:
            self._lost = True
        elif is_closed:
            return
        elif name not in rules.TEXT_IN_FOREIGN:
            self._foreign.append(name)
        elif (text := _PLAIN_TEXT.match(self._source, self._place)) and text["name"].lower() == name:
            self._place = text.end()
            self._lost = self._open.returning > 0  # the text may bring formatting back, which nothing here closes
        else:
            self._lost = True

    def _skip_raw(self, name: bytes) -> None:
        """Go to the end tag of an element whose content is text (13.2.5.2 to 13.2.5.31)."""
        end = _RAW_END[name].search(self._source, self._place)
        content = self._source[self._place : end.start() if end else len(self._source)]
        # 13.2.5.20 to 13.2.5.31: within a comment, a script in a script has its own end tag.
        if name == b"script" and b"<!--" in content and _SCRIPT_IN_COMMENT.search(content, content.find(b"<!--")):
            self._lost = True
        else:
            self._place += len(content)

    def _skip_select(self) -> None:
        choices = _CHOICES.match(self._source, self._place)
        if choices is None or self._open.returning:
            self._lost = True
        else:
            self._charge(choices[0].count(b"<"))
            self._place = choices.end()
