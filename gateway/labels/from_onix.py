"""The audience of books in ONIX messages of the book trade, releases 2.1 and 3, with reference names or short tags.

Source: EDItEUR, ONIX for Books 2.1 and 3.0, Audience and AudienceRange composites; code lists 29 to 31 and 203. A
rating system is found by the name "onix <code>" that its scale has, the code being that of list 29; code 01 (general
trade and the like, list 28) is no rating.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.document.media_type import is_xml
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import Blocked, Found, Note
from gateway.labels.repeats import MOST_DIFFERENT, Repeats, TooManyDifferent
from gateway.labels.scales import Mark, Scales
from gateway.labels.schema_org import read_property
from gateway.labels.xml_text import LONGEST_SHOWN, find_in, markup_of, start_of
from gateway.labels.xml_tree import Element

_MESSAGE: Final = "onixmessage"  # ONIXMessage, or ONIXmessage with short tags
_PRODUCT: Final = ("Product", "product")
_AUDIENCE: Final = ("Audience", "audience")
_RANGE: Final = ("AudienceRange", "audiencerange")
_CODE_TYPE: Final = ("AudienceCodeType", "b204")
_CODE_VALUE: Final = ("AudienceCodeValue", "b206")
_QUALIFIER: Final = ("AudienceRangeQualifier", "b074")
_PRECISION: Final = ("AudienceRangePrecision", "b075")
_VALUE: Final = ("AudienceRangeValue", "b076")

# List 30: the qualifiers that count years. All others count months, school grades or words a minute.
_YEARS: Final = {"17": Trust.B, "18": Trust.C}  # interest age; reading age, which tells how well somebody reads
_LOWER: Final = ("01", "03")  # list 31: exact, from; 04 is the upper end

_MOST_SHOWN: Final = 6  # children of an element that are shown as evidence

type Said = tuple[Element, Mark | None, Trust]


class OnixReader:
    name = "onix"

    def reach(self, page: Page) -> int | None:
        document = page.document
        if document is None or page.is_html:
            return None
        start = start_of(document.text if is_xml(document.media_type) else None)
        return 0 if start is not None and start.name == _MESSAGE else None

    def find(self, page: Page) -> Iterator[Found]:
        if page.document is not None:
            try:
                yield from limited(find_in(page.document, lambda root: _found(root, page.data.scales)))
            except TooManyDifferent as refused:
                yield Blocked(UnreadableReason.MALFORMED, str(refused))


def _found(root: Element, scales: Scales) -> Iterator[Found | Part]:
    reading = _Reading(scales)
    products = list(root.named(*_PRODUCT))
    for product in products:
        part = product if len(products) > 1 else None
        noted = False
        for element, mark, trust in reading.said(product):
            if mark is not None:
                yield Part(mark, trust, partial(_label, element, part, mark, trust), of_page=part is None)
            elif not noted:
                noted = True
                yield Note(f"{_raw(element)} at {element.path} is no label")


def _label(element: Element, part: Element | None, mark: Mark, trust: Trust) -> Label:
    return label_of(
        mark,
        scope=Scope.PAGE if part is None else Scope.PART,
        trust=trust,
        carrier=OnixReader.name,
        raw=_raw(element),
        place=element.path,
        part=None if part is None else part.path,
    )


def _raw(element: Element) -> str:
    """The first children of an element, as evidence."""
    return "".join(map(markup_of, element.children[:_MOST_SHOWN]))[:LONGEST_SHOWN]


class _Reading:
    """Reads products; the same codes and ages stand in every one of them, so each is looked up once."""

    def __init__(self, scales: Scales) -> None:
        self._systems: dict[str, str | None] = {}
        self._marks = Repeats(lambda system, value: scales.find(value, scale=system))
        self._scales = scales

    def said(self, product: Element) -> Iterator[Said]:
        for element in product.all_named(*_AUDIENCE, *_RANGE):
            if element.name in _RANGE:
                yield from self._range(element)
            else:
                yield from self._audience(element)

    def _audience(self, element: Element) -> Iterator[Said]:
        code, value = element.child_text(*_CODE_TYPE), element.child_text(*_CODE_VALUE)
        if not code or not value:
            return
        system = self._system(code)
        if system is not None:
            yield element, self._marks.answer(system, value)[0], Trust.B

    def _system(self, code: str) -> str | None:
        if code not in self._systems:
            if len(self._systems) >= MOST_DIFFERENT:
                raise TooManyDifferent(f"there are more than {MOST_DIFFERENT} different kinds of audience")
            self._systems[code] = self._scales.system(f"onix {code}")
        return self._systems[code]

    def _range(self, element: Element) -> Iterator[Said]:
        trust = _YEARS.get(element.child_text(*_QUALIFIER))
        if trust is None:
            return
        precision = ""
        for child in element.children:
            if child.name in _PRECISION:
                precision = child.text.strip()
            elif child.name in _VALUE and precision in _LOWER:
                yield element, self._lowest(child.text.strip()), trust

    def _lowest(self, value: str) -> Mark | None:
        said = read_property("typicalagerange", f"{value}-", self._scales) if value.isdigit() else None
        return said.mark if said else None
