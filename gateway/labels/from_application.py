"""What an application says of its users' age: AppStream metadata with OARS ratings, and web application manifests.

Sources: AppStream specification, <content_rating/>; OARS 1.0 and 1.1 (hughsie.github.io/oars); W3C Manifest,
iarc_rating_id.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.document.media_type import is_xml
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.page import Page
from gateway.labels.part_limit import limited
from gateway.labels.reader import Found, Note
from gateway.labels.scales import Scales
from gateway.labels.xml_text import find_in, markup_of, start_of
from gateway.labels.xml_tree import Element

_APPLICATIONS: Final = ("component", "application")  # "application" before AppStream 0.6
_ROOTS: Final = (*_APPLICATIONS, "components", "applications")
_BLOCK: Final = "content_rating"
_ATTRIBUTE: Final = "content_attribute"
_SCHEME: Final = "oars-1."
_SCALE: Final = "oars"
_NONE: Final = "none"  # of every attribute: nothing of the kind is there

_MEMBER: Final = "iarc_rating_id"
_CERTIFICATE: Final = re.compile(r'"iarc_rating_id"\s{0,20}:\s{0,20}"([0-9A-Fa-f-]{1,40})"')
# Stands in the example of MDN's page about the member, and is copied from there.
_SAMPLE: Final = "e84b072d-71b3-4d3e-86ae-31a8ce4e53b7"


class ApplicationReader:
    name = "appstream"

    def reach(self, page: Page) -> int | None:
        document = page.document
        if document is None or document.text is None or page.is_html:
            return None
        if document.media_type.endswith("json"):
            return 0 if _MEMBER in document.text else None
        start = start_of(document.text if is_xml(document.media_type) else None)
        return 0 if start is not None and start.name in _ROOTS and _BLOCK in document.text else None

    def find(self, page: Page) -> Iterator[Found]:
        document = page.document
        if document is None or document.text is None:
            return
        if document.media_type.endswith("json"):
            yield from _certificate(document.text)
        else:
            yield from limited(find_in(document, lambda root: _found(root, page.data.scales)))


def _certificate(text: str) -> Iterator[Found]:
    for match in _CERTIFICATE.finditer(text):
        if match[1].casefold() != _SAMPLE:
            yield Note(f"the IARC certificate {match[1]} names no age; only the registry of IARC knows it")
            return


def _found(root: Element, scales: Scales) -> Iterator[Found]:
    applications = list(root.all_named(*_APPLICATIONS))
    for application in applications:
        part = application.path if len(applications) > 1 else None
        for block in application.named(_BLOCK):
            yield from _rating(block, part, scales)


def _rating(block: Element, part: str | None, scales: Scales) -> Iterator[Found]:
    """The strictest attribute of one block. A block that names none says that nothing was found (OARS 1.1)."""
    if not block.attribute("type").strip().casefold().startswith(_SCHEME):
        yield Note(f"{markup_of(block)} at {block.path} is of an unknown scheme")
        return
    strictest, element, unknown = scales.find(_NONE, scale=_SCALE), block, False
    for attribute in block.named(_ATTRIBUTE):
        name, intensity = attribute.attribute("id").strip(), attribute.text.strip()
        if intensity == _NONE:
            continue
        mark = scales.find(f"{name} {intensity}", scale=_SCALE)
        if mark is None:
            unknown = True
            yield Note(f"{markup_of(attribute)} at {attribute.path} is not known")
        elif strictest is None or mark.min_age > strictest.min_age:
            strictest, element = mark, attribute
    # Whoever writes what is not known found something: then the block does not say that nothing is there.
    if strictest is None or (unknown and strictest.min_age == 0):
        return
    yield Label(
        scale=strictest.scale,
        mark=strictest.mark,
        min_age=strictest.min_age,
        scope=Scope.PAGE if part is None else Scope.PART,
        trust=Trust.B,
        carrier=ApplicationReader.name,
        raw=markup_of(element),
        place=element.path,
        part=part,
    )
