"""Ratings in the tags of film files: iTunes tags and 3GP user data in MP4, LAW_RATING in Matroska and WebM.

Sources: iTunes metadata as mp4v2 and ExifTool describe it (QuickTime.pm, commit 38bdbac); 3GPP TS 26.244, section 8.2
(rating box); matroska.org, tagging (LAW_RATING, COUNTRY). Only the bytes at hand are looked at.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.labels.ebml_tags import MAGIC, TooManyElements, tags
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.mp4_boxes import Box, TooManyBoxes, boxes, is_mp4
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import Blocked, Found, Note
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark, Scales
from gateway.labels.value_form import find_mark

MOST_TEXT: Final = 1_000  # bytes of one value

_ITUNES_NAME: Final = "iTunEXTC"
_MATROSKA_NAME: Final = "LAW_RATING"
_MP4_TRACES: Final = (_ITUNES_NAME.encode(), b"rtng")
_LISTS: Final = frozenset({"moov/udta/meta/ilst", "moov/meta/ilst"})
_CONTAINERS: Final = frozenset(
    {"moov", "moov/udta", "moov/udta/meta", "moov/meta", "moov/trak", "moov/trak/udta"}
    | _LISTS
    | {f"{each}/{item}" for each in _LISTS for item in ("----", "rtng")}
)
_DATA_HEADER: Final = 8  # of a data box: type and locale
_FULL_HEADER: Final = 4  # version and flags
# The advisory byte of iTunes: 0 none, 1 explicit, 2 clean, 4 explicit in old files.
_EXPLICIT: Final = (1, 4)


class MediaReader:
    name = "media-tag"

    def reach(self, page: Page) -> int | None:
        document = page.document
        if document is None or document.text is not None:
            return None
        body = document.body
        if is_mp4(body):
            return 0 if any(trace in body for trace in _MP4_TRACES) else None
        return 0 if body.startswith(MAGIC) and _MATROSKA_NAME.encode() in body else None

    def find(self, page: Page) -> Iterator[Found]:
        assert page.document is not None
        body, scales = page.document.body, page.data.scales
        try:
            yield from limited(_mp4(body, scales) if is_mp4(body) else _matroska(body, scales))
        except (TooManyBoxes, TooManyElements, TooManyDifferent) as fault:
            yield Blocked(UnreadableReason.MALFORMED, str(fault))


def _mp4(body: bytes, scales: Scales) -> Iterator[Found | Part]:
    name = ""
    known = Repeats(lambda standard, value: _mark(standard, value, scales))
    for box in boxes(body, _CONTAINERS):
        kind = box.path.rpartition("/")[2]
        if box.is_cut:
            continue  # half a mark may be a milder one: PG of PG-13
        if kind in ("----", "mean"):
            name = ""
        elif kind == "name":
            name = _text(body, box, _FULL_HEADER)
        elif kind == "data" and box.path.endswith("/rtng/data"):
            yield from _advisory(body, box, scales)
        elif kind == "data" and name == _ITUNES_NAME:
            yield _found(_text(body, box, _DATA_HEADER), box.begin + _DATA_HEADER, known)
        elif kind == "rtng" and box.path.endswith("udta/rtng"):
            yield from _rating_box(body, box, known)


def _found(raw: str, at: int, known: Repeats[Mark | None]) -> Found | Part:
    """What the iTunes value says: "standard|rating|score|reasons"."""
    standard, _, rest = raw.partition("|")
    value = rest.partition("|")[0].strip()
    mark = known.answer(standard.strip(), value)[0]
    return _part(mark, raw, at, Trust.B) if mark else Note(f"the rating {raw[:80]!r} of the film is no label")


def _mark(standard: str, value: str, scales: Scales) -> Mark | None:
    """The mark that `value` spells in a standard such as "mpaa", "us-tv" or, named by its country, "fr-movie"."""
    country = standard.partition("-")[0] or None
    # "-12" in the French lists: not for those under twelve.
    return find_mark(value.removeprefix("-"), scales, scales.system(standard), country)


def _advisory(body: bytes, box: Box, scales: Scales) -> Iterator[Found | Part]:
    at = box.begin + _DATA_HEADER
    mark = scales.find("explicit", scale=scales.system("itunes"))
    if mark is not None and at < box.end and body[at] in _EXPLICIT:
        yield _part(mark, f"rtng {body[at]}", at, Trust.C)


def _rating_box(body: bytes, box: Box, known: Repeats[Mark | None]) -> Iterator[Found | Part]:
    """Entity and criteria, four characters each, a packed language, then text in UTF-8 or UTF-16."""
    at = box.begin + _FULL_HEADER
    entity, criteria = (body[at + step : min(at + step + 4, box.end)].decode("latin-1").strip() for step in (0, 4))
    text = _text(body, box, _FULL_HEADER + 10)
    marks = [known.answer(entity, value)[0] for value in (text, criteria) if value]
    strictest = max((mark for mark in marks if mark), key=lambda mark: mark.min_age, default=None)
    raw = " ".join(part for part in (entity, criteria, text) if part)
    if strictest is not None:
        yield _part(strictest, raw, at, Trust.B)
    elif raw:
        yield Note(f"the rating {raw[:80]!r} of the film is no label")


def _text(body: bytes, box: Box, skipped: int) -> str:
    begin = min(box.begin + skipped, box.end)
    piece = body[begin : min(box.end, begin + MOST_TEXT)]
    coding = "utf-16" if piece[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8"
    return piece.decode(coding, "replace").partition("\0")[0].strip()


def _matroska(body: bytes, scales: Scales) -> Iterator[Found | Part]:
    known = Repeats(lambda value, country: find_mark(value, scales, country=country or None))
    for tag in tags(body):
        if tag.name != _MATROSKA_NAME or not tag.value:
            continue
        # The rating may stand inside the country that gave it.
        mark = known.answer(tag.value, tag.around("COUNTRY"))[0]
        if mark is not None:
            yield _part(mark, tag.value, tag.at, Trust.B)
        else:
            yield Note(f"the rating {tag.value[:80]!r} of the film is no label")


def _part(mark: Mark, raw: str, at: int, trust: Trust) -> Part:
    return Part(mark, trust, partial(_label, mark, raw, at, trust), of_page=True)


def _label(mark: Mark, raw: str, at: int, trust: Trust) -> Label:
    return label_of(
        mark,
        scope=Scope.PAGE,
        trust=trust,
        carrier=MediaReader.name,
        raw=raw[:200],
        place=f"byte {at}",
    )
