"""The laws of the readers that look at bytes: any bytes, cut anywhere, are read without a fault, as what is there."""

import base64
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.document.document import Document, Headers, UnreadableReason
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.from_application import ApplicationReader
from gateway.labels.from_media import MediaReader
from gateway.labels.from_onix import OnixReader
from gateway.labels.from_publication import PublicationReader
from gateway.labels.from_xmp import XmpReader
from gateway.labels.label import Reading
from gateway.labels.read import read_with
from gateway.shipped import texts

READERS = (PublicationReader(), OnixReader(), ApplicationReader(), MediaReader(), XmpReader())
CASES = Path(__file__).parents[1] / "cases" / "labels"
FILES = ("media/mp4", "media/matroska", "media/xmp", "publications/archives")
TYPES = ("video/mp4", "video/webm", "image/jpeg", "application/epub+zip", "application/xml", "application/pdf")


@cache
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def samples() -> list[tuple[str, str, bytes]]:
    """Name, media type and bytes of the small samples among the cases."""
    found = []
    for file in FILES:
        for case in yaml.safe_load((CASES / f"{file}.yaml").read_text(encoding="utf-8")):
            if "body_b64" in case["response"]:
                body = base64.b64decode(case["response"]["body_b64"])
                found.append((case["name"], case["response"]["headers"]["Content-Type"], body))
    return found


SAMPLES = samples()


def reading_of(body: bytes, kind: str, *, complete: bool = True) -> Reading:
    headers = Headers([("content-type", kind)])
    read = read_document(url="https://site.test/a", status=200, headers=headers, body=body, complete=complete)
    assert isinstance(read, Document)
    return read_with(READERS, read, data())


@pytest.mark.parametrize(("kind", "body"), [pytest.param(kind, body, id=name) for name, kind, body in SAMPLES])
def test_a_prefix_never_says_what_the_whole_does_not(kind: str, body: bytes) -> None:
    whole = reading_of(body, kind)
    marks = {(label.scale, label.mark) for label in whole.labels}
    for end in range(0, len(body), max(1, len(body) // 400)):
        part = reading_of(body[:end], kind, complete=False)
        assert part.reason is not UnreadableReason.FAULT
        assert {(label.scale, label.mark) for label in part.labels} <= marks, end


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_files_never_make_a_reader_fail(sample: tuple[str, str, bytes], draw: st.DataObject) -> None:
    _, kind, body = sample
    damaged = bytearray(body)
    for _ in range(draw.draw(st.integers(1, 8))):
        at = draw.draw(st.integers(0, len(damaged)))
        piece = draw.draw(st.binary(max_size=9))
        damaged[at : at + draw.draw(st.integers(0, 9))] = piece
    assert reading_of(bytes(damaged), kind).reason is not UnreadableReason.FAULT


STARTS = (
    b"",
    b"\0\0\0\x18ftypisom\0\0\2\0isommp41iTunEXTCrtng",
    b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xffLAW_RATING",
    b"PK\x03\x04META-INF/container.xmlComicInfo.xml",
    b"<x:xmpmeta>AdultContentWarning",
    b"<package><metadata>",
    b"<ONIXMessage><Product>",
    b"<component><content_rating",
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from(TYPES))
def test_any_bytes_are_read_without_a_fault(start: bytes, rest: bytes, kind: str) -> None:
    assert reading_of(start + rest, kind).reason is not UnreadableReason.FAULT


XML = [
    *("<package>", "</package>", "<metadata>", "</metadata>", '<meta property="schema:typicalAgeRange">', "</meta>"),
    *("<ONIXMessage>", "</ONIXMessage>", "<Product>", "</Product>", "<AudienceRange>", "</AudienceRange>", "18-", "x"),
    *("<b074>17</b074>", "<b075>03</b075>", "<b076>18</b076>", "<Audience>", "</Audience>", "<b204>05</b204>"),
    *("<b206>16</b206>", "<component>", "</component>", '<content_rating type="oars-1.1">', "</content_rating>"),
    *('<content_attribute id="money-gambling">intense</content_attribute>', "<ComicInfo>", "</ComicInfo>"),
    *("<AgeRating>M</AgeRating>", "<!DOCTYPE a [", "]>", "&x;", "&", "<", "<!--", "-->", "\0"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(XML), max_size=14).map("".join))
def test_any_description_is_read_or_refused(xml: str) -> None:
    assert reading_of(xml.encode(), "application/xml").reason in (None, UnreadableReason.MALFORMED)
