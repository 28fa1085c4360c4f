"""Which files the XMP reader looks at, and how many packets of one file."""

from gateway.document.document import Document, Headers
from gateway.document.url import canonical
from gateway.edge.ruling import label_data
from gateway.labels.from_xmp import LARGEST_PACKET, MOST_PACKETS, XmpReader
from gateway.labels.label import Label
from gateway.labels.page import Page
from gateway.labels.reader import Blocked, Found

PACKET = (
    b'<rdf:RDF><rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
    b'plus:AdultContentWarning="CW-AWR"/></rdf:RDF>'
)


def page_of(body: bytes) -> Page:
    document = Document(
        url=canonical("https://site.test/a"),
        status=200,
        headers=Headers(),
        media_type="image/jpeg",
        body=body,
        text=None,
        charset=None,
    )
    return Page(document, label_data())


def found_in(body: bytes) -> list[Found]:
    return list(XmpReader().find(page_of(body)))


def test_a_file_without_the_name_is_not_looked_at() -> None:
    assert XmpReader().reach(page_of(b"\xff\xd8" + b"<x:xmpmeta>" * 9)) is None
    assert XmpReader().reach(page_of(PACKET)) == 0


def test_past_so_many_packets_a_file_is_not_guessed_at() -> None:
    found = found_in(PACKET * (MOST_PACKETS + 1))
    assert sum(isinstance(each, Label) for each in found) == MOST_PACKETS
    assert isinstance(found[-1], Blocked)
    assert not any(isinstance(each, Blocked) for each in found_in(PACKET * MOST_PACKETS))


def test_names_outside_of_packets_hide_none() -> None:
    assert len(found_in(b"AdultContentWarning " * 10_000 + PACKET)) == 1


def test_a_packet_without_its_end_is_read_as_far_as_packets_go() -> None:
    cut = PACKET.removesuffix(b"</rdf:RDF>")
    assert len(found_in(cut + b" " * 2 * LARGEST_PACKET + PACKET)) == 2
