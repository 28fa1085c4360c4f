"""Labels in programme guides and streaming manifests: XMLTV, TV-Anytime and DVB-I, MPEG-DASH.

Sources: xmltv.dtd (rating, star-rating); ETSI TS 102 822-3-1 (ParentalGuidance of TV-Anytime); ETSI TS 103 285,
clause 9.1.2.3, and dashif.org/identifiers/content_rating (DVB ratings and guidance in DASH); EN 300 468, descriptor
0x55 (a DVB rating counts from four years up, which policies/scales/dvb-rating.yaml says). HLS has no rating.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import Blocked, Found, Note
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark, Scales
from gateway.labels.xml_text import attribute_of, every_element, find_in, markup_of, read_markup, start_of
from gateway.labels.xml_tree import Element, XmlRefused, XmlTree

MOST_EVENTS: Final = 200  # of a manifest that bring a document of their own

_GUIDE: Final = "tv"  # the root of XMLTV
_MANIFEST: Final = "mpd"  # the root of a DASH manifest
_GUIDANCE: Final = "parentalguidance"
_LATE: Final = "dvb-guidance"  # the scale of what is for the late evening only
_LISTED: Final = frozenset({"programme", "channel"})  # the items of XMLTV
# What one programme of a TV-Anytime or DVB-I document is called.
_PROGRAMMES: Final = frozenset(
    {"programinformation", "groupinformation", "broadcastevent", "scheduleevent", "ondemandprogram", "service", "si"}
)
_DESCRIPTORS: Final = frozenset({"rating", "essentialproperty", "supplementalproperty"})
_AGE: Final = re.compile(r"[0-9]{1,2}")
_OLDEST: Final = 21
# A score, whatever a rating is called elsewhere: "7", "7/10", "85%".
_SCORE: Final = re.compile(r"(?:[0-9]|10|[0-9]{1,3}\s?(?:/\s?[0-9]{1,3}|%))")

type Read = tuple[Mark, Trust] | None


class BroadcastReader:
    name = "broadcast"

    def reach(self, page: Page) -> int | None:
        text = page.document.text if page.document else None
        start = start_of(text) if not page.is_html else None
        if text is None or start is None:
            return None
        lower = text.lower()
        wanted = {_GUIDE: "rating", _MANIFEST: "schemeiduri"}.get(start.name, _GUIDANCE)
        return 0 if wanted in lower or _GUIDANCE in lower else None

    def find(self, page: Page) -> Iterator[Found]:
        if page.document is not None:
            search = _Search(page)
            yield from limited(find_in(page.document, search.found_in))


class _Search:
    """One look through a guide or a manifest."""

    def __init__(self, page: Page) -> None:
        scales = page.data.scales
        self._in_system = Repeats(lambda system, text: _in_system(system, text, page))
        self._in_scheme = Repeats(lambda scheme, value: _in_scheme(scheme, value, scales))
        self._term = Repeats(lambda href, name: _stated(scales.find(href) or scales.find(name)))

    def found_in(self, root: Element) -> Iterator[Found | Part]:
        try:
            yield from self._found_in(root)
        except TooManyDifferent as refused:
            yield Blocked(UnreadableReason.MALFORMED, str(refused))

    def _found_in(self, root: Element) -> Iterator[Found | Part]:
        kind, events = root.name.casefold(), 0
        for element in every_element(root):
            name = element.name.casefold()
            if kind == _GUIDE and name == "rating":
                yield from self._guide_rating(element)
            elif kind == _MANIFEST and name in _DESCRIPTORS:
                yield from self._descriptor(element)
            elif kind == _MANIFEST and name == "event" and _GUIDANCE in element.text.lower():
                events += 1
                if events > MOST_EVENTS:
                    yield Blocked(UnreadableReason.MALFORMED, f"the manifest has more than {MOST_EVENTS} events")
                    return
                yield from self._event(element)
            elif name == _GUIDANCE:
                yield from self._guidance(element, element, _ancestor(element, _PROGRAMMES))

    def _guide_rating(self, rating: Element) -> Iterator[Found | Part]:
        """XMLTV: `<rating system="FSK"><value>12</value></rating>` in a programme."""
        programme = _ancestor(rating, _LISTED)
        system = attribute_of(rating, "system")
        values = [child for child in rating.children if child.name.casefold() == "value"]
        for value in values or [rating]:
            text = value.text.strip()
            read, again = self._in_system.answer(system, text)
            if read is not None:
                yield from _labels(read, rating, programme, (rating, value) if values else (rating,))
            elif text and not again:
                yield Note(f"the rating {text[:80]!r} of the system {system[:40]!r} is no label ({rating.path})")

    def _descriptor(self, element: Element) -> Iterator[Found | Part]:
        """DASH: a descriptor of a known scheme. A manifest plays as one, so it speaks for the page."""
        scheme, value = attribute_of(element, "schemeIdUri"), attribute_of(element, "value")
        (known, read), again = self._in_scheme.answer(scheme, value)
        if read is not None:
            yield from _labels(read, element, None, (element,))
        elif again:
            return
        elif known:
            # EN 300 468: 0 is undefined, 16 and over are the broadcaster's own.
            yield Note(f"{markup_of(element)} gives no age ({element.path})")
        elif element.name.casefold() == "rating":
            yield Note(f"{markup_of(element)} is of an unknown scheme ({element.path})")

    def _event(self, event: Element) -> Iterator[Found | Part]:
        """DASH: events of the scheme urn:dvb:iptv:cpm:2014 carry a TV-Anytime document as text."""
        try:
            tree = read_markup(event.text)
        except XmlRefused as refused:
            tree = XmlTree(None, str(refused))
        for element in every_element(tree.root) if tree.root else ():
            if element.name.casefold() == _GUIDANCE:
                yield from self._guidance(element, event, None)
        if tree.fault:
            yield Blocked(UnreadableReason.MALFORMED, f"the event at {event.path}: {tree.fault}")

    def _guidance(self, guidance: Element, place: Element, programme: Element | None) -> Iterator[Found | Part]:
        """TV-Anytime: a MinimumAge in years, or a ParentalRating that names a term of a classification scheme."""
        for child in guidance.children:
            name = child.name.casefold()
            read: Read
            if name == "minimumage":
                read, again = _stated(_minimum_age(child.text.strip())), False
            elif name == "parentalrating":
                # By the term ("urn:dvb:iptv:rating:2014:15"); else by its name ("PG-13").
                read, again = self._term.answer(attribute_of(child, "href"), child.child_text("Name"))
            else:
                continue
            if read is not None:
                yield from _labels(read, place, programme, (child,))
            elif not again:
                yield Note(f"{markup_of(child)} gives no age ({place.path})")


def _labels(
    read: tuple[Mark, Trust], element: Element, item: Element | None, evidence: Sequence[Element]
) -> Iterator[Found | Part]:
    """The label of `element` in `item`, as `evidence` says; an item that is the whole document is the page."""
    if item is None or item.parent is None:
        yield _label(element, None, evidence, *read)
    else:
        yield Part(*read, partial(_label, element, item, evidence, *read))
    if read[0].scale == _LATE:
        yield Note("content for the late evening is taken for 18, which is contestable")


def _label(element: Element, item: Element | None, evidence: Sequence[Element], mark: Mark, trust: Trust) -> Label:
    return label_of(
        mark,
        scope=Scope.PAGE if item is None else Scope.PART,
        trust=trust,
        carrier=BroadcastReader.name,
        raw="".join(map(markup_of, evidence)),
        place=element.path,
        part=None if item is None else item.path,
    )


def _in_system(system: str, text: str, page: Page) -> Read:
    """The mark that `text` is in a rating system of this name; B where the system is known, else C."""
    scales = page.data.scales
    known = scales.system(system) if system else None
    if known is not None:
        # The second form is for France, which writes "-12", elsewhere a negative number.
        mark = scales.find(text, scale=known) or scales.find(f"{system} {text}")
        return (mark, Trust.B) if mark else None
    if _SCORE.fullmatch(text) or scales.means_everyone(text):
        return None
    mark = scales.find(f"{system} {text}") if system else None
    mark = mark or scales.find(text, country=page.country)
    return (mark, Trust.C) if mark else None


def _in_scheme(scheme: str, value: str, scales: Scales) -> tuple[bool, Read]:
    """Whether the scheme of a descriptor is one of ratings, and what the value is in it."""
    scale = scales.system(scheme) if ":" in scheme else None
    return scale is not None, _stated(scales.find(value, scale=scale)) if scale else None


def _stated(mark: Mark | None) -> Read:
    """A mark in a standard that binds those who send it; the late evening has no age of its own."""
    return (mark, Trust.B if mark.scale == _LATE else Trust.A) if mark else None


def _minimum_age(text: str) -> Mark | None:
    age = int(text) if _AGE.fullmatch(text) else None
    return Mark("age", f"{age}+", age) if age is not None and age <= _OLDEST else None


def _ancestor(element: Element, names: frozenset[str]) -> Element | None:
    here = element.parent
    while here is not None and here.name.casefold() not in names:
        here = here.parent
    return here
