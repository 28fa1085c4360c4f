"""What a book or a comic says of its readers' age, in its own description.

EPUB package documents (EPUB 3.3, section 5; schema.org and DCMI terms), FB3 descriptions, ComicInfo.xml and
MetronInfo.xml, as XML responses or inside the zip archive that holds the publication. FB2 states no age.
"""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from gateway.document.document import Document, UnreadableReason
from gateway.document.media_type import is_xml
from gateway.labels.archive_member import SIGNATURE, MemberTooLarge, members
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.rating_words import read_age
from gateway.labels.reader import Blocked, Found, Note, Room
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark, Scales
from gateway.labels.schema_org import read_property
from gateway.labels.value_form import find_mark
from gateway.labels.xml_text import find_in, markup_of, read_markup, start_of
from gateway.labels.xml_tree import Element, XmlRefused

MOST_PACKAGES: Final = 4  # renditions of one EPUB
FREE_UNPACKED: Final = 100_000  # bytes of descriptions that any archive may unpack to
LONGEST_CONTAINER: Final = 20_000  # bytes; it names some files
MOST_UNPACKED: Final = 4  # times the length of what is at hand of an archive, past that

_CONTAINER: Final = "META-INF/container.xml"  # EPUB 3.3, section 4.2.6.3
_DESCRIPTIONS: Final = ("fb3/description.xml", "ComicInfo.xml", "MetronInfo.xml")
_NAMES: Final = tuple(name.encode() for name in (_CONTAINER, *_DESCRIPTIONS))
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_PACKAGE: Final = "package"
_FB3: Final = "fb3-description"
_FB3_TEMPLATE: Final = ("9", "99")  # what stands in the samples of the format, and stays when nobody chose an age
_COMICS: Final = {"comicinfo": "comic-info", "metroninfo": "metron"}
_STATED: Final = ("typicalAgeRange", "contentRating")
_TERMS: Final = frozenset({*_STATED, "audience", "subject"})


class PublicationReader:
    name = "publication"

    def reach(self, page: Page) -> int | None:
        document = page.document
        if document is None or page.is_html:
            return None
        if document.text is None:
            is_archive = document.body.startswith(SIGNATURE)
            return 0 if is_archive and any(name in document.body for name in _NAMES) else None
        start = start_of(document.text if is_xml(document.media_type) else None)
        return 0 if start is not None and start.name in (_PACKAGE, _FB3, *_COMICS) else None

    def find(self, page: Page) -> Iterator[Found]:
        document = page.document
        if document is None:
            return
        if document.text is not None:
            yield from _found(document, "", page.data.scales)
            return
        left = max(FREE_UNPACKED, MOST_UNPACKED * len(document.body))
        try:
            for name, content in _descriptions(document.body):
                left -= len(content)
                if left < 0:
                    raise MemberTooLarge(f"{name} and those before it are many times larger than the archive itself")
                yield from _found(replace(document, text=_text(content)), f"{name} ", page.data.scales)
        except (MemberTooLarge, XmlRefused) as fault:
            yield Blocked(UnreadableReason.MALFORMED, f"in the archive, {fault}")


def _descriptions(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The descriptions in an archive, each with the name of its file."""
    packages: dict[str, None] = {}
    for container in members(archive, _CONTAINER):
        if len(container) > LONGEST_CONTAINER:
            raise MemberTooLarge(f"{_CONTAINER} is longer than {LONGEST_CONTAINER} bytes")
        root = read_markup(_text(container)).root
        for rootfile in root.all_named("rootfile") if root is not None else ():
            packages[rootfile.attribute("full-path")] = None
    for name in (*list(packages)[:MOST_PACKAGES], *_DESCRIPTIONS):
        for content in members(archive, name) if name else ():
            yield name, content


def _text(content: bytes) -> str:
    return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8", "replace")


def _found(description: Document, where: str, scales: Scales) -> Iterator[Found]:
    reading = _Reading(where, scales)
    try:
        yield from limited(find_in(description, reading.said))
    except TooManyDifferent as refused:
        yield Blocked(UnreadableReason.MALFORMED, f"in the publication, {refused}")


class _Reading:
    """What one description says. `where` goes before the path of its elements."""

    def __init__(self, where: str, scales: Scales) -> None:
        self._where = where
        self._room = Room()
        self._term = Repeats(lambda term, value: _term(term, value, scales))
        self._comic_mark = Repeats(lambda kind, value: scales.find(value, scale=kind) or read_age(value, scales))
        self._scales = scales

    def said(self, root: Element) -> Iterator[Found | Part]:
        kind = root.name.casefold()
        if kind == _PACKAGE:
            yield from self._package(root)
        elif kind == _FB3:
            yield from self._fb3(root)
        elif kind in _COMICS:
            yield from self._comic(root, _COMICS[kind])

    def _package(self, root: Element) -> Iterator[Found | Part]:
        for metadata in root.named("metadata"):
            for element in metadata.all_named("meta", "audience", "subject"):
                # <meta property="…">value</meta> of EPUB 3, <meta name="…" content="value"/> of EPUB 2, or a DCMI term.
                is_meta = element.name == "meta"
                written = (element.attribute("property") or element.attribute("name")) if is_meta else element.name
                value = ((element.attribute("content") if is_meta else "") or element.text).strip()
                term = written.strip().rpartition(":")[2]
                found = self._term.answer(term, value)[0] if term in _TERMS else None
                if found is not None:
                    yield self._say(element, *found)
                elif term in _STATED and value and self._room.take():
                    yield Note(f"{markup_of(element)} in the publication is no label")

    def _fb3(self, root: Element) -> Iterator[Found | Part]:
        for element in root.all_named("target-audience"):
            lowest, highest = element.attribute("age-min").strip(), element.attribute("age-max").strip()
            found = self._term.answer("typicalAgeRange", f"{lowest}-")[0] if lowest.isdigit() else None
            if (lowest, highest) != _FB3_TEMPLATE:
                if found is not None:
                    yield self._say(element, *found)
            elif self._room.take():
                yield Note("the target audience of 9 to 99 is what the samples of FB3 say, and no label")

    def _comic(self, root: Element, scale: str) -> Iterator[Found | Part]:
        for element in root.named("AgeRating"):
            value = element.text.strip()
            mark = self._comic_mark.answer(scale, value)[0]
            if mark is not None:
                yield self._say(element, mark, Trust.B)
            elif value and self._room.take():
                yield Note(f"{markup_of(element)} of the comic is no label")

    def _say(self, element: Element, mark: Mark, trust: Trust) -> Part:
        return Part(mark, trust, partial(_label, element, mark, trust, self._where), of_page=True)


def _term(term: str, value: str, scales: Scales) -> tuple[Mark, Trust] | None:
    if term in _STATED:
        said = read_property(term.casefold(), value, scales)
        return (said.mark, said.trust) if said else None
    mark = None
    if term == "audience" and not scales.means_everyone(value):
        mark = find_mark(value, scales)
    elif term == "subject" and not value.isdigit():
        mark = read_age(value, scales)  # no mere words: a book about alcohol is not alcohol
    return (mark, Trust.D) if mark else None


def _label(element: Element, mark: Mark, trust: Trust, where: str) -> Label:
    return label_of(
        mark,
        scope=Scope.PAGE,
        trust=trust,
        carrier=PublicationReader.name,
        raw=markup_of(element),
        place=where + element.path,
    )
