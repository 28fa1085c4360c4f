"""The adult content warning in the XMP packet of an image, a PDF, a film or any other file.

Sources: ISO 16684-1 (XMP part 1), section 7 and annex on packet scanning: a packet is found in the bytes without
knowing the format around it; PLUS licence data format; PRISM usage rights 2.1. xmp:Rating counts stars and is no age.
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
from gateway.labels.reader import Blocked, Found, Note, Room
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark
from gateway.labels.xml_tree import Element, XmlRefused, read_xml

LARGEST_PACKET: Final = 1 << 20  # bytes; one in a JPEG file has at most 64 kB
MOST_PACKETS: Final = 100

# The names of both properties end so, and a name in XML cannot be spelt in another way.
_NAME_END: Final = "dultContentWarning"
_SPACES: Final = {
    "AdultContentWarning": "http://ns.useplus.org/ldf/xmp/",
    "adultContentWarning": "http://prismstandard.org/namespaces/prismusagerights/",
}
_BEGINNINGS: Final = ("<x:xmpmeta", "<rdf:RDF")
_END: Final = "</rdf:RDF>"
# Of ASCII characters, UTF-16 with the great byte first is the other UTF-16, one byte later: it is found with it.
_CODINGS: Final = ("utf-8", "utf-16-le")


class XmpReader:
    name = "xmp"

    def reach(self, page: Page) -> int | None:
        document = page.document
        if document is None or page.is_html:
            return None
        if document.text is not None:
            return 0 if is_xml(document.media_type) and _NAME_END in document.text else None
        return 0 if any(_NAME_END.encode(coding) in document.body for coding in _CODINGS) else None

    def find(self, page: Page) -> Iterator[Found]:
        assert page.document is not None
        document = page.document
        bodies = [(document.body, coding) for coding in _CODINGS]
        if document.text is not None:
            bodies = [(document.text.encode("utf-8", "replace"), "utf-8")]
        known = Repeats(lambda value: page.data.scales.find(value, scale="plus"))
        room = Room()
        try:
            for body, coding in bodies:
                for at, packet in _packets(body, coding):
                    yield from limited(_warnings(packet, at, known, room))
        except (XmlRefused, TooManyDifferent) as fault:
            yield Blocked(UnreadableReason.MALFORMED, f"the XMP packet: {fault}")


def _packets(body: bytes, coding: str) -> Iterator[tuple[int, bytes | str]]:
    """Each packet that has one of the properties, with the byte where it begins. Raises XmlRefused past the caps."""
    wanted, closing = _NAME_END.encode(coding), _END.encode(coding)
    count, before = 0, 0
    at = body.find(wanted)
    while at >= 0:
        low = max(before, at - LARGEST_PACKET)
        begins = (body.rfind(mark.encode(coding), low, at) for mark in _BEGINNINGS)
        begin = next((each for each in begins if each >= 0), None)
        if begin is None:  # the name stands in no packet
            before = at + len(wanted)
        else:
            end = body.find(closing, at, begin + LARGEST_PACKET)
            before = end + len(closing) if end >= 0 else max(begin + LARGEST_PACKET, at + 1)
            count += 1
            if count > MOST_PACKETS:
                raise XmlRefused(f"the file has more than {MOST_PACKETS} XMP packets")
            packet = body[begin:before]
            yield begin, packet if coding == "utf-8" else packet.decode(coding, "replace")
        at = body.find(wanted, before)


def _warnings(packet: bytes | str, at: int, known: Repeats[Mark | None], room: Room) -> Iterator[Found | Part]:
    root = read_xml(packet).root
    for element in root.all_named("Description", *_SPACES) if root is not None else ():
        for name, value in _said(element):
            mark = known.answer(value.rpartition("/")[2])[0]
            if mark is not None:
                yield Part(mark, Trust.B, partial(_label, mark, name, value, at), of_page=True)
            elif room.take():
                yield Note(f"the {name} {value[:80]!r} of the XMP packet is no label")


def _label(mark: Mark, name: str, value: str, at: int) -> Label:
    return label_of(
        mark,
        scope=Scope.PAGE,
        trust=Trust.B,
        carrier=XmpReader.name,
        raw=f"{name}: {value}"[:200],
        place=f"byte {at}",
    )


def _said(element: Element) -> Iterator[tuple[str, str]]:
    """The property in its three forms: an attribute, an element with text or a resource, or a bag of items."""
    if element.name == "Description":
        for key, value in element.attributes.items():
            prefix, _, name = key.rpartition(":")
            if name in _SPACES and element.space_of(prefix).startswith(_SPACES[name]):
                yield name, value.strip()
        return
    if element.space.startswith(_SPACES[element.name]):
        for each in (element, *element.all_named("li")):
            value = (each.attribute("resource") or each.text).strip()
            if value:
                yield element.name, value
