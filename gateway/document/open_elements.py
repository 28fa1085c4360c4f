"""Which elements an HTML parser has open after each tag: never fewer than it really has.

Followed exactly is what pages are made of: nesting, end tags that are left out, tables, formatting that is closed in
order. Where the outcome hangs on more than that, the elements concerned become `Unsure`: they count as open until an
element around them that is certainly open is certainly closed. (WHATWG HTML, 13.2.4.2, 13.2.4.3 and 13.2.6.4.)
"""

from typing import Final

from gateway.document import tag_rules as rules
from gateway.document.open_stack import SLOW, OpenStack, Unsure
from gateway.document.tag_rules import Rule

_FORM: Final = frozenset((b"form",))
_TABLE_RULE: Final[Rule] = (rules.TABLE_PLACES, frozenset())
_TEMPLATE: Final = frozenset((b"template",))
_MOST_MOVED: Final = 33  # nodes that one misnested end tag makes at most: 8 times 4, and one (13.2.6.4.7)


class OpenElements:
    """The elements open in a page. `lost`: the page left what is followed here; nothing is known from then on.

    `moved`: how many nodes misnested end tags made at most.
    """

    def __init__(self, *, standards: bool) -> None:
        """`standards`: the doctype is such that a table ends a paragraph; if not, it may or may not."""
        self.lost = False
        self.moved = 0
        self._standards = standards
        self.stack = OpenStack()
        self.loose = self.stack.loose
        self._form: int | None = None  # when the form came that the form element pointer means (13.2.4.4)

    @property
    def depth(self) -> int:
        """How many elements are open at most, with html, head and body."""
        stack = self.stack
        return len(stack.entries) + stack.unsure + self.loose.count + 3

    @property
    def returning(self) -> int:
        """How many elements the next text or tag can make by opening formatting again; dear copies count as several."""
        return self.loose.returning * self.loose.dearest

    @property
    def formatting(self) -> int:
        """How many formatting elements can be opened again once everything else is closed."""
        count = self.loose.returning + sum(self.stack.count(name) for name in rules.FORMATTING)
        return count * self.loose.dearest

    def start(self, name: bytes, tag: bytes) -> None:
        """A start tag in HTML content: `name` in lower case, `tag` as it is written."""
        self.stack.clock += 1
        if name not in rules.NOTABLE or (name in rules.BLOCKS and not self.stack.count(b"p")):
            self.stack.push(name)
        elif name in rules.NOT_KEPT:
            if name in rules.CLOSES_P:
                self.stack.close(rules.P_RULE)
        elif name in rules.FORMATTING:
            self._start_formatting(name, tag)
        elif name in rules.TABLE_PARTS:
            self._start_table_part(name)
        elif name == b"table":
            self._start_table()
        elif name == b"form":
            self._start_form()
        elif name == b"frameset":
            self.lost = True
        elif name == b"noscript":
            self._start_noscript()
        else:
            self._start_plain(name)

    def end(self, name: bytes) -> None:
        """An end tag in HTML content."""
        self.stack.clock += 1
        if name == b"form":
            self._end_form()
        elif name in rules.FORMATTING:
            self._end_formatting(name)
        elif self.stack.ends_with(name):
            self.stack.pop_last(name)
        elif name in rules.ENDS:
            self.stack.close(rules.ENDS[name])
        elif self.stack.count(name):
            self.stack.close((frozenset((name,)), rules.SPECIAL - {name}))

    def whole(self, name: bytes, tag: bytes) -> None:
        """A start tag, text and the end tag of that name."""
        if name in rules.FORMATTING and not self.loose.count and not self.stack.count(name):
            return  # it is opened and closed, whatever is around it
        self.start(name, tag)
        self.end(name)

    def _start_noscript(self) -> None:
        if self.stack.last in (b"", b"template", b"noscript"):
            self.stack.push_unsure(b"noscript")  # 13.2.6.4.5: in the head, what does not belong there ends it
        else:
            self.stack.push(b"noscript")

    def _start_plain(self, name: bytes) -> None:
        if name in rules.STARTS:
            self.stack.close(rules.STARTS[name])
        if name in rules.CLOSES_P and self.stack.count(b"p"):
            self.stack.close(rules.P_RULE)
        last = self.stack.last
        siblings = (name == last == b"option") or (name in rules.HEADINGS and last in rules.HEADINGS)
        if siblings and not self.loose.count:
            self.stack.pop_last(last)
        elif siblings or (name in rules.IMPLIED_ENDS and last in rules.IMPLIED_ENDS and name not in rules.STARTS):
            self._blur_implied()
        self.stack.push(name)

    def _blur_implied(self) -> None:
        """Any of the innermost elements whose end tags may be left out are closed, or none."""
        entries = self.stack.entries
        place = len(entries) - 1
        while place > 0 and entries[place - 1] in rules.IMPLIED_ENDS:
            place -= 1
        self.stack.blur(place)

    def _start_formatting(self, name: bytes, tag: bytes) -> None:
        if name in (b"a", b"nobr") and (self.stack.count(name) or self.loose.has(name)):
            if name == b"a":
                self._end_formatting(name)
                self.loose.end_links()
            else:
                self._move_from(self._marker())
        self.loose.meet(name, tag)
        self.stack.push(name)

    def _end_formatting(self, name: bytes) -> None:
        """The adoption agency, as far as it just closes (13.2.6.4.7)."""
        if self.stack.ends_with(name) and self.loose.is_settled(name, self.stack.opened[-1]):
            self.stack.pop_last(name)
            return
        if not self.stack.count(name) and not self.loose.has(name):
            return
        place = self._nearest(name)
        if place is not None:
            if self._closes_only_formatting(name, place):
                self.stack.pop(place, itself=False)
            else:
                self._move_from(place)
        elif self.loose.has(name) or self.stack.may_be_unsure(frozenset((name,))):
            self._move_from(self._marker())

    def _nearest(self, name: bytes) -> int | None:
        """Where the innermost element of this name is, unless a marker or an unsure one may stand before it."""
        place, is_sure = self.stack.look((frozenset((name,)), rules.MARKERS))
        return place if is_sure and place >= 0 and self.stack.entries[place] == name else None

    def _closes_only_formatting(self, name: bytes, place: int) -> bool:
        """Whether the end tag closes the element at `place` with what is in it, and moves nothing."""
        inside = self.stack.entries[place + 1 :]
        plain = all(isinstance(entry, bytes) and entry not in rules.SPECIAL for entry in inside)
        return plain and self.loose.is_settled(name, self.stack.opened[place])

    def _move_from(self, place: int) -> None:
        self.moved += _MOST_MOVED * self.loose.dearest
        self.stack.blur(place)

    def _marker(self) -> int:
        """Where the content of the innermost marker begins."""
        return 0 if self.loose.is_mixed else self.stack.innermost(rules.MARKERS) + 1

    def _start_table(self) -> None:
        self.stack.walked += SLOW
        while (place := self._table_place()) is not None and self.stack.entries[place] in rules.TABLE_INSIDES:
            if not self.stack.close(rules.ENDS[b"table"]):
                break
        if self._standards:
            self.stack.close(rules.P_RULE)
        elif self.stack.count(b"p"):
            paragraph = self.stack.find(rules.P_RULE)
            if paragraph is not None:
                self.stack.blur(paragraph)
        self.stack.push(b"table")

    def _start_table_part(self, name: bytes) -> None:
        self.stack.walked += SLOW
        while (place := self._table_place()) is not None:
            around = self.stack.entries[place]
            if around == b"template":
                self.lost = True
                return
            if _holds(around, name):
                self.stack.pop(place + 1)
                self._push_part(name, around)
                return
            self.stack.pop(place)
        if self.stack.may_be_unsure(rules.TABLE_PLACES):
            self.stack.push_unsure(name, b"tbody", b"tr")

    def _push_part(self, name: bytes, around: bytes | Unsure) -> None:
        if name in (b"col", b"colgroup"):
            self.stack.push_unsure(b"colgroup")  # 13.2.6.4.12: whatever does not belong there ends it
            return
        if around == b"table" and (name == b"tr" or name in rules.CELLS):
            self.stack.push(b"tbody")
        if around != b"tr" and name in rules.CELLS:
            self.stack.push(b"tr")
        self.stack.push(name)

    def _table_place(self) -> int | None:
        """Where the innermost element is that says how parts of tables are parsed; None also in doubt."""
        stack = self.stack
        is_near = stack.last in rules.TABLE_PLACES
        return stack.find(_TABLE_RULE) if is_near or stack.may_have(rules.TABLE_PLACES) else None

    def _start_form(self) -> None:
        self.stack.walked += SLOW
        if self.stack.count(b"template"):
            self.lost = self.stack.may_be_unsure(_TEMPLATE)
            self.stack.close(rules.P_RULE)
            self.stack.push(b"form")
            return
        if self._form is not None:
            return
        self.stack.close(rules.P_RULE)
        self._form = self.stack.clock
        place = self._table_place()
        if place is not None and self.stack.entries[place] in rules.TABLE_INSIDES:
            return  # 13.2.6.4.9: it is closed at once
        if self.stack.may_be_unsure(rules.TABLE_PLACES):
            self.stack.push_unsure(b"form")
        else:
            self.stack.push(b"form")

    def _end_form(self) -> None:
        self.stack.walked += SLOW
        if self.stack.count(b"template"):
            self.lost = self.stack.may_be_unsure(_TEMPLATE)
            self.stack.close((_FORM, rules.SCOPE))
            return
        meant, self._form = self._form, None
        place = self.stack.find((_FORM, rules.SCOPE)) if meant is not None and self.stack.count(b"form") else None
        if place is None:
            return
        if self.stack.opened[place] == meant and self.stack.ends_with(b"form") and not self.loose.count:
            self.stack.pop_last(b"form")
        else:
            self.stack.blur(place)  # at most the form itself is closed; what is in it stays open


def _holds(around: bytes | Unsure, name: bytes) -> bool:
    """Whether the part of a table stands in `around` without anything being closed first."""
    if around == b"tr":
        return name in rules.CELLS
    if around in rules.TABLE_BODIES:
        return name in rules.CELLS or name == b"tr"
    return around == b"table"
