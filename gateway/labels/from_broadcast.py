"""Labels in programme guides and streaming manifests: XMLTV, TV-Anytime and DVB-I, MPEG-DASH.

Sources: xmltv.dtd (rating, star-rating); ETSI TS 102 822-3-1 (ParentalGuidance of TV-Anytime); ETSI TS 103 285,
clause 9.1.2.3, and dashif.org/identifiers/content_rating (DVB ratings and guidance in DASH); EN 300 468, descriptor
0x55 (a DVB rating counts from four years up, which policies/scales/dvb-rating.yaml says). HLS has no rating.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.page import Page
from gateway.labels.part_limit import limited
from gateway.labels.reader import Blocked, Found, Note
from gateway.labels.scales import Mark, Scales
from gateway.labels.xml_text import attribute_of, every_element, find_in, markup_of, read_markup, start_of
from gateway.labels.xml_tree import Element, XmlRefused, XmlTree

_GUIDE: Final = "tv"  # the root of XMLTV
_MANIFEST: Final = "mpd"  # the root of a DASH manifest
_LATE: Final = "dvb-guidance"  # the scale of what is for the late evening only
_LISTED: Final = frozenset({"programme", "channel"})  # the items of XMLTV
# What one programme of a TV-Anytime or DVB-I document is called.
_PROGRAMMES: Final = frozenset(
    {"programinformation", "groupinformation", "broadcastevent", "scheduleevent", "ondemandprogram", "service", "si"}
)
_DESCRIPTORS: Final = frozenset({"rating", "essentialproperty", "supplementalproperty"})
_AGE: Final = re.compile(r"[0-9]{1,2}")
# A score, whatever a rating is called elsewhere: "7", "7/10", "85%".
_SCORE: Final = re.compile(r"(?:[0-9]|10|[0-9]{1,3}\s?(?:/\s?[0-9]{1,3}|%))")


class BroadcastReader:
    name = "broadcast"

    def reach(self, page: Page) -> int | None:
        text = page.document.text if page.document else None
        start = start_of(text)
        if text is None or start is None or page.is_html:
            return None
        lower = text.lower()
        wanted = "rating" if start.name == _GUIDE else "schemeiduri" if start.name == _MANIFEST else "parentalguidance"
        return 0 if wanted in lower or "parentalguidance" in lower else None

    def find(self, page: Page) -> Iterator[Found]:
        if page.document is not None:
            yield from limited(find_in(page.document, lambda root: self._found(page, root)))

    def _found(self, page: Page, root: Element) -> Iterator[Found]:
        kind = root.name.casefold()
        for element in every_element(root):
            name = element.name.casefold()
            if kind == _GUIDE and name == "rating":
                yield from self._guide_rating(page, element)
            elif kind == _MANIFEST and name in _DESCRIPTORS:
                yield from self._descriptor(page, element)
            elif kind == _MANIFEST and name == "event" and "parentalguidance" in element.text.lower():
                yield from self._event(page, element)
            elif name == "parentalguidance":
                yield from self._guidance(page, element)

    def _guide_rating(self, page: Page, rating: Element) -> Iterator[Found]:
        """XMLTV: `<rating system="FSK"><value>12</value></rating>` in a programme."""
        programme = _ancestor(rating, _LISTED)
        system = attribute_of(rating, "system")
        values = [child for child in rating.children if child.name.casefold() == "value"]
        for value in values or [rating]:
            text = value.text.strip()
            found = _in_system(system, text, page)
            if found is not None:
                raw = markup_of(rating) + (markup_of(value) if values else "")
                yield self._label(rating, programme, *found, raw=raw)
            elif text:
                yield Note(f"the rating {text[:80]!r} of the system {system[:40]!r} at {rating.path} is no label")

    def _descriptor(self, page: Page, element: Element) -> Iterator[Found]:
        """DASH: a descriptor of a known scheme. A manifest plays as one, so it speaks for the page."""
        scheme, value = attribute_of(element, "schemeIdUri"), attribute_of(element, "value")
        scale = page.data.scales.system(scheme) if ":" in scheme else None
        if scale is None:
            if element.name.casefold() == "rating":
                yield Note(f"{markup_of(element)} at {element.path} is of an unknown scheme")
            return
        mark = page.data.scales.find(value, scale=scale)
        if mark is None:
            # EN 300 468: 0 is undefined, 16 and over are the broadcaster's own.
            yield Note(f"{markup_of(element)} at {element.path} gives no age")
            return
        yield from self._stated(element, None, mark)

    def _event(self, page: Page, event: Element) -> Iterator[Found]:
        """DASH events of the scheme urn:dvb:iptv:cpm:2014 carry a TV-Anytime document as text."""
        try:
            tree = read_markup(event.text)
        except XmlRefused as refused:
            tree = XmlTree(None, str(refused))
        for element in every_element(tree.root) if tree.root else ():
            if element.name.casefold() == "parentalguidance":
                yield from self._guidance(page, element, within=event)
        if tree.fault:
            yield Blocked(UnreadableReason.MALFORMED, f"the event at {event.path}: {tree.fault}")

    def _guidance(self, page: Page, guidance: Element, *, within: Element | None = None) -> Iterator[Found]:
        """TV-Anytime: a MinimumAge in years, or a ParentalRating that names a term of a classification scheme."""
        programme = None if within is not None else _ancestor(guidance, _PROGRAMMES)
        place = within or guidance
        for child in guidance.children:
            name = child.name.casefold()
            if name not in ("minimumage", "parentalrating"):
                continue
            mark = _minimum_age(child) if name == "minimumage" else _parental_rating(child, page.data.scales)
            if mark is not None:
                yield from self._stated(place, programme, mark, raw=markup_of(child))
            else:
                yield Note(f"{markup_of(child)} at {place.path} gives no age")

    def _stated(self, element: Element, item: Element | None, mark: Mark, raw: str = "") -> Iterator[Found]:
        """A label of a standard that binds those who send it; the late evening has no age of its own."""
        late = mark.scale == _LATE
        yield self._label(element, item, mark, Trust.B if late else Trust.A, raw)
        if late:
            yield Note("content for the late evening is taken for 18, which is contestable")

    def _label(self, element: Element, item: Element | None, mark: Mark, trust: Trust, raw: str = "") -> Label:
        return Label(
            scale=mark.scale,
            mark=mark.mark,
            min_age=mark.min_age,
            scope=Scope.PAGE if item is None or item.parent is None else Scope.PART,
            trust=trust,
            carrier=self.name,
            raw=raw or markup_of(element),
            place=element.path,
            part=None if item is None or item.parent is None else item.path,
        )


def _in_system(system: str, text: str, page: Page) -> tuple[Mark, Trust] | None:
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


def _minimum_age(element: Element) -> Mark | None:
    text = element.text.strip()
    age = int(text) if _AGE.fullmatch(text) else None
    return Mark("age", f"{age}+", age) if age is not None and age <= 21 else None


def _parental_rating(element: Element, scales: Scales) -> Mark | None:
    """By the term of the href ("urn:dvb:iptv:rating:2014:15"); else by its name ("PG-13")."""
    return scales.find(attribute_of(element, "href")) or scales.find(element.child_text("Name"))


def _ancestor(element: Element, names: frozenset[str]) -> Element | None:
    here = element.parent
    while here is not None and here.name.casefold() not in names:
        here = here.parent
    return here
