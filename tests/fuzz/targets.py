"""What is fuzzed: each reader of labels, all of them together, site files, the way from bytes to a text, addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.document.document import Document, Unreadable, UnreadableReason
from gateway.document.media_type import parse_media_type
from gateway.document.url import canonical
from gateway.edge.ruling import label_data
from gateway.labels.from_site_file import read_site_file
from gateway.labels.label import Reading
from gateway.labels.page import Page, TooCostly
from gateway.labels.read import MOST_LABELS, MOST_NOTES, READERS, read_with
from gateway.labels.reader import Reader
from tests.fuzz.sample import Sample

SITE_FILE = canonical("https://site.test/age-de.xml")
SITE_PAGE = canonical("https://sub.site.test/p1/p2/x?y")


class Fault(Exception):  # noqa: N818 - what the fuzzing looks for
    """A reading that ended by our own fault, or says what no reading may say."""


class Target(Protocol):
    @property
    def name(self) -> str: ...

    def wants(self, sample: Sample) -> bool:
        """Whether there is anything in the sample that this target looks at closely."""

    def prepare(self, sample: Sample) -> object:
        """What is given to `run`, and not timed."""

    def run(self, prepared: object) -> str:
        """One reading, in a word or two. Raises what the fuzzing looks for."""


@dataclass(frozen=True, slots=True)
class ReaderTarget:
    """One or more readers of labels; the document is decoded before, but the page is parsed in the reading."""

    name: str
    readers: Sequence[Reader]

    def wants(self, sample: Sample) -> bool:
        response = sample.document()
        if not isinstance(response, Document):
            return False
        page = Page(response, label_data())
        return any(reader.reach(page) is not None for reader in self.readers)

    def prepare(self, sample: Sample) -> Document | Unreadable:
        return sample.document()

    def run(self, prepared: object) -> str:
        assert isinstance(prepared, Document | Unreadable)
        reading = read_with(self.readers, prepared, label_data())
        if reading.reason == UnreadableReason.FAULT:
            if isinstance(prepared, Document):
                self._raise_again(prepared)
            raise Fault(f"{reading.notes}")
        check(reading)
        return reading.status

    def _raise_again(self, response: Document) -> None:
        """The same without the net of `read_with`, so that the fault shows its place."""
        page = Page(response, label_data())
        for reader in self.readers:
            try:
                if (reach := reader.reach(page)) is not None:
                    page.reach(reach)
                    list(reader.find(page))
            except TooCostly:
                continue


@dataclass(frozen=True, slots=True)
class SiteFileTarget:
    name: str = "site-file"

    def wants(self, sample: Sample) -> bool:
        return b"age-declaration" in sample.body or b"miracle" in sample.body

    def prepare(self, sample: Sample) -> bytes:
        return sample.body

    def run(self, prepared: object) -> str:
        assert isinstance(prepared, bytes)
        reading = read_site_file(prepared, SITE_FILE, SITE_PAGE, label_data())
        check(reading)
        return reading.status


@dataclass(frozen=True, slots=True)
class DocumentTarget:
    """Address, codings, sniffing, charset: everything from the bytes to the text."""

    name: str = "document"

    def wants(self, sample: Sample) -> bool:
        return any(field.lower() == "content-encoding" for field, _ in sample.headers) or b"charset" in sample.body

    def prepare(self, sample: Sample) -> Sample:
        return sample

    def run(self, prepared: object) -> str:
        assert isinstance(prepared, Sample)
        document = prepared.document()
        if isinstance(document, Document):
            return document.charset or "bytes"
        if document.reason == UnreadableReason.FAULT:
            raise Fault(document.detail)
        return document.reason


@dataclass(frozen=True, slots=True)
class UrlTarget:
    """Addresses, and media types, which stand in headers as freely."""

    name: str = "url"

    def wants(self, sample: Sample) -> bool:
        return len(sample.body) < 300

    def prepare(self, sample: Sample) -> str:
        return sample.body.decode("utf-8", "surrogateescape")

    def run(self, prepared: object) -> str:
        assert isinstance(prepared, str)
        parse_media_type(prepared)
        try:
            url = canonical(prepared)
        except ValueError:
            return "refused"
        if canonical(url.href).href != url.href:
            raise Fault(f"{url.href!r} is not canonical")
        return "read"


def check(reading: Reading) -> None:
    """What holds for every reading, whatever was read."""
    for label in reading.labels:
        if not 0 <= label.min_age <= 99 or not label.place or len(label.raw) > 2_000 or len(label.place) > 20_000:
            raise Fault(f"a label that none may be: {label!r:.500}")
    if len(reading.labels) > MOST_LABELS or len(reading.notes) > 2 * MOST_NOTES:
        raise Fault(f"{len(reading.labels)} labels and {len(reading.notes)} notes")


TARGETS: dict[str, Target] = {
    **{reader.name: ReaderTarget(reader.name, (reader,)) for reader in READERS},
    "all": ReaderTarget("all", READERS),
    "site-file": SiteFileTarget(),
    "document": DocumentTarget(),
    "url": UrlTarget(),
}
