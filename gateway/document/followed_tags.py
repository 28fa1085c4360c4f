"""A page read tag by tag, as far as it can be followed: how much work it makes for a parser at most."""

import re
from typing import Final

from gateway.document import tag_rules as rules
from gateway.document.open_elements import OpenElements
from gateway.document.parse_limits import LOOKS_A_TAG, STEPS_A_LOOK, Used

ROOTS: Final = frozenset((b"html", b"body"))
_WALKED_A_LOOK: Final = 16  # our own looks at a name or an unsure element
_FEW_ATTRIBUTES: Final = 256  # bytes of a tag that cannot hold enough of them to matter

ATTRIBUTE: Final = (
    rb"""[^\t\n\f\r />][^\t\n\f\r />=]*+"""
    rb"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?+)?+"""
)
_ATTRIBUTES: Final = re.compile(ATTRIBUTE)
# 13.2.5.6 to 13.2.5.53: a comment, something bogus, or a tag with its attributes. The end of the page closes all.
# `rest`: the text and the end tag after a start tag, if that is all there is in the element.
_TOKEN: Final = re.compile(
    rb"<!--(?:-?>|(?s:.*?)(?:--!?>|\Z))"
    rb"|<(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)"
    rb"|<(?P<closing>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)(?:[\t\n\f\r /]++|" + ATTRIBUTE + rb")*+(?P<end>>|\Z)"
    rb"(?P<rest>[^<]*+</(?P=name)>)?"
)
_RAW_END: Final = {
    name: re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE) for name in rules.RAW | {b"noscript"}
}
_SCRIPT_IN_COMMENT: Final = re.compile(rb"<script[\t\n\f\r />]", re.IGNORECASE)
# A list of choices and nothing else, which needs no following.
_CHOICES: Final = re.compile(
    rb"(?:[^<]++|</?(?:option|optgroup)(?=[\t\n\f\r />])(?:[\t\n\f\r /]++|"
    + ATTRIBUTE
    + rb"){0,99}+>)*+</select[\t\n\f\r ]*+>",
    re.IGNORECASE,
)
_PLAIN_TEXT: Final = re.compile(rb"[^<]*+</(?P<name>[a-zA-Z-]++)[\t\n\f\r ]*+>")
# After an end tag: another tag, a comment or the end, and no text that would open formatting again.
_SILENT: Final = re.compile(rb"<[a-zA-Z/!?]|\Z")
_STANDARDS: Final = re.compile(rb"[\t\n\f\r ]*+<!doctype[\t\n\f\r ]++html[\t\n\f\r ]*+>", re.IGNORECASE)


class FollowedTags:
    """A page read tag by tag.

    `used`: what was counted. `rest`: what is left of the page where it could no longer be followed.
    """

    def __init__(self, source: bytes, *, scripting: bool) -> None:
        self.used = Used(source)
        self.rest = b""
        self._source = source
        self._raw = rules.RAW | {b"noscript"} if scripting else rules.RAW
        self._open = OpenElements(standards=_STANDARDS.match(source) is not None)
        self._foreign: list[bytes] = []  # the elements open in svg or math, from that on
        self._root_attributes = 0
        self._place = 0
        self._lost = False

    def follow(self) -> bool:
        """Whether what could be followed is within the limits."""
        opened, used, source, foreign = self._open, self.used, self._source, self._foreign
        stack, entries, loose, search = opened.stack, opened.stack.entries, opened.loose, _TOKEN.search
        while (token := search(source, self._place)) is not None:
            closing, name, end, rest = token.groups()
            self._place = place = token.end() if rest is None else token.start("rest")
            if name is not None:
                if not end:
                    break  # the page ends within a tag, which is dropped
                self._read(source[token.start() : place], name.lower(), rest, is_end=closing != b"")
            elif foreign and token[0].startswith(b"<![CDATA["):
                self._lost = True
            used.steps += len(entries) + stack.unsure + loose.count + 3 + len(foreign)  # as opened.depth
            if loose.returning:
                is_end = closing or (rest is not None and self._place == token.end())
                used.nodes += 0 if is_end and _SILENT.match(source, self._place) else opened.returning
            used.own += LOOKS_A_TAG
            looks = used.own + used.steps // STEPS_A_LOOK + stack.walked // _WALKED_A_LOOK
            if looks > used.most_looks or used.nodes + opened.moved > used.most_nodes:
                break
            if self._lost or opened.lost:
                used.depth, used.formatting = opened.depth + len(foreign), opened.formatting
                self.rest = source[self._place :]
                break
        used.own += stack.walked // _WALKED_A_LOOK
        used.nodes += opened.moved
        return used.is_within()

    def _charge(self, tags: int) -> None:
        opened, used = self._open, self.used
        used.steps += tags * (opened.depth + len(self._foreign))
        used.nodes += tags * opened.returning

    def _read(self, tag: bytes, name: bytes, rest: bytes | None, *, is_end: bool) -> None:
        if len(tag) > _FEW_ATTRIBUTES or name in ROOTS:
            self._charge_attributes(tag, name)
        if is_end:
            self._end(name)
            if name == b"br":
                self.used.nodes += self._open.returning  # 13.2.6.4.7: as its start tag
        elif self._foreign:
            self._start_foreign(name, is_closed=tag.endswith(b"/>"))
        elif name in self._raw:
            if name != b"noscript":
                self._open.start(name, tag)
            self._skip_raw(name)
        elif name in rules.FOREIGN:
            self._foreign += [] if tag.endswith(b"/>") else [name]
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
        if name in ROOTS:
            self._root_attributes += count
        self.used.steps += count * max(count, self._root_attributes)

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
