"""The audience of books in ONIX messages of the book trade, releases 2.1 and 3, with reference names or short tags.

Source: EDItEUR, ONIX for Books 2.1 and 3.0, Audience and AudienceRange composites; code lists 29 to 31 and 203. A
rating system is found by the name "onix <code>" that its scale has, the code being that of list 29; code 01 (general
trade and the like, list 28) is no rating.
"""

from collections.abc import Iterator
from typing import Final

from gateway.document.media_type import is_xml
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.page import Page
from gateway.labels.part_limit import limited
from gateway.labels.reader import Found, Note
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
            yield from limited(find_in(page.document, lambda root: _found(root, page.data.scales)))


def _found(root: Element, scales: Scales) -> Iterator[Found]:
    products = list(root.named(*_PRODUCT))
    for product in products:
        part = product.path if len(products) > 1 else None
        for element, mark, trust in _said(product, scales):
            raw = "".join(map(markup_of, element.children))[:LONGEST_SHOWN]
            if mark is None:
                yield Note(f"{raw} at {element.path} is no label")
                continue
            yield Label(
                scale=mark.scale,
                mark=mark.mark,
                min_age=mark.min_age,
                scope=Scope.PAGE if part is None else Scope.PART,
                trust=trust,
                carrier=OnixReader.name,
                raw=raw,
                place=element.path,
                part=part,
            )


def _said(product: Element, scales: Scales) -> Iterator[Said]:
    for element in product.all_named(*_AUDIENCE, *_RANGE):
        if element.name in _RANGE:
            yield from _range(element, scales)
        else:
            yield from _audience(element, scales)


def _audience(element: Element, scales: Scales) -> Iterator[Said]:
    code, value = element.child_text(*_CODE_TYPE), element.child_text(*_CODE_VALUE)
    system = scales.system(f"onix {code}") if code else None
    if system is not None and value:
        yield element, scales.find(value, scale=system), Trust.B


def _range(element: Element, scales: Scales) -> Iterator[Said]:
    trust = _YEARS.get(element.child_text(*_QUALIFIER))
    if trust is None:
        return
    precision = ""
    for child in element.children:
        if child.name in _PRECISION:
            precision = child.text.strip()
        elif child.name in _VALUE and precision in _LOWER:
            value = child.text.strip()
            said = read_property("typicalagerange", f"{value}-", scales) if value.isdigit() else None
            yield element, said.mark if said else None, trust
