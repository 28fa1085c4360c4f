"""PICS labels: in a meta element, in a header, and for feeds in `<rating>`.

Source: W3C, REC-PICS-labels. The vocabularies are the scales with `services`. Nobody has written such labels with care
since about 2010 and many are copied from elsewhere, so they are soft; one that names another address is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.document import UnreadableReason
from gateway.document.url import Url, canonical
from gateway.labels.data import LabelData
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.page import Page
from gateway.labels.pics import PicsLabel, PicsTooLong, is_pics, parse_pics
from gateway.labels.reader import EVERYTHING, Blocked, Found, Note
from gateway.labels.scales import Mark

_FIELD: Final = "pics-label"
_TRACE: Final = b"pics-label"
MOST_CARRIERS: Final = 16  # headers and meta elements of one page
MOST_RAW: Final = 1_000  # characters of evidence


@dataclass(frozen=True, slots=True)
class PicsSaid:
    """What one service of a PICS label says. `scope` is None when the label names no address."""

    mark: Mark
    trust: Trust
    raw: str
    scope: Scope | None


def read_pics(text: str, page_url: Url | None, data: LabelData) -> Iterator[PicsSaid | Note | Blocked]:
    """What a PICS label list says of the page at `page_url` (None: the address is unknown), one `PicsSaid` a service.

    An age is soft (C); "none of the above" is only a hint (D), because it is what everybody copies. Levels that have
    no age, services that no scale knows and labels of other addresses are notes. Blocked when it is past the limits.
    """
    if not text.strip():
        return
    if not is_pics(text):
        yield Note(f"the PICS label {text[:80]!r} is not in the form of PICS")
        return
    try:
        labels = parse_pics(text)
    except PicsTooLong as fault:
        yield Blocked(UnreadableReason.MALFORMED, str(fault))
        return
    if not labels:
        yield Note(f"the PICS label {text[:80]!r} rates nothing")
    for label in labels:
        yield _said(label, page_url, data)


def _said(label: PicsLabel, page_url: Url | None, data: LabelData) -> PicsSaid | Note:
    scale = data.scales.of_service(label.service)
    if scale is None:
        return Note(f"the PICS service {label.service[:80]!r} is not known")
    scope = _scope(label, page_url)
    if label.address is not None and scope is None:
        return Note(f"the PICS label is for {label.address[:80]!r}, not for this page")
    marks = [data.scales.find(f"{name} {number}", scale=scale) for name, number in label.values if number is not None]
    highest = max((mark for mark in marks if mark), key=lambda mark: mark.min_age, default=None)
    if highest is not None and highest.min_age:
        return PicsSaid(highest, Trust.C, label.raw, scope)
    if highest is not None and None not in marks and len(marks) == len(label.values):
        return PicsSaid(highest, Trust.D, label.raw, scope)
    return Note(f"the PICS label says {label.raw[-80:]!r}, which is no age")


def _scope(label: PicsLabel, page_url: Url | None) -> Scope | None:
    """What the label speaks for when that holds this page; None otherwise, and when it names no address."""
    if label.address is None or page_url is None:
        return None
    address = _address(label.address)
    if address is None or address.host.removeprefix("www.") != page_url.host.removeprefix("www."):
        return None
    if not label.generic:
        return Scope.PAGE if address.path == page_url.path else None
    # REC-PICS-labels, "generic": for every address that begins with this one.
    if not page_url.path.startswith(address.path):
        return None
    return Scope.SITE if address.path == "/" else Scope.PAGE


def _address(text: str) -> Url | None:
    for spelling in (text, f"http://{text.lstrip('/')}"):
        try:
            return canonical(spelling)
        except ValueError:
            continue
    return None


class PicsReader:
    name = "pics"

    def reach(self, page: Page) -> int | None:
        in_head = 0 if page.headers.get(_FIELD) else None
        if not page.is_html:
            return in_head
        if page.traces.hidden or page.traces.metas is None:
            return EVERYTHING if page.traces.hidden or page.traces.has(_TRACE) else in_head
        return next((end for end, text in reversed(page.traces.metas) if _TRACE in text), in_head)

    def find(self, page: Page) -> Iterator[Found]:
        carriers: list[tuple[str, LexborNode | None]] = [(line, None) for line in page.headers.all(_FIELD)]
        if page.is_html:
            metas = (node for node in page.elements if node.tag == "meta" and _is_pics_meta(node))
            carriers += [(node.attributes.get("content") or "", node) for node in metas]
        if len(carriers) > MOST_CARRIERS:
            yield Blocked(
                UnreadableReason.MALFORMED, f"there are {len(carriers)} PICS labels; {MOST_CARRIERS} are read"
            )
        for text, node in carriers[:MOST_CARRIERS]:
            yield from self._labels(page, text, node)

    def _labels(self, page: Page, text: str, node: LexborNode | None) -> Iterator[Found]:
        told: set[tuple[Mark, Scope | None]] = set()  # the same for "site" and for "www.site" is one label
        for said in read_pics(text, page.url, page.data):
            if not isinstance(said, PicsSaid):
                yield said
                continue
            if (said.mark, said.scope) in told:
                continue
            told.add((said.mark, said.scope))
            yield Label(
                scale=said.mark.scale,
                mark=said.mark.mark,
                min_age=said.mark.min_age,
                scope=said.scope or page.whole,
                trust=said.trust,
                carrier=self.name,
                raw=said.raw[:MOST_RAW],
                place=page.selectors.of(node) if node is not None else "header PICS-Label",
            )


def _is_pics_meta(node: LexborNode) -> bool:
    return any((node.attributes.get(name) or "").strip().casefold() == _FIELD for name in ("http-equiv", "name"))
