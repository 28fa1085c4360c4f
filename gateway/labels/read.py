"""A response → its reading: every reader of labels asked once, the strictest of what they find counts."""

from collections.abc import Sequence
from typing import Final

from gateway.document.document import Document, Unreadable, UnreadableReason
from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.from_application import ApplicationReader
from gateway.labels.from_badge import BadgeReader
from gateway.labels.from_broadcast import BroadcastReader
from gateway.labels.from_feed import FeedReader
from gateway.labels.from_headers import HeaderReader
from gateway.labels.from_json_body import JsonBodyReader
from gateway.labels.from_json_ld import JsonLdReader
from gateway.labels.from_media import MediaReader
from gateway.labels.from_meta import MetaReader
from gateway.labels.from_microdata import MicrodataReader
from gateway.labels.from_onix import OnixReader
from gateway.labels.from_pics import PicsReader
from gateway.labels.from_playlist import PlaylistReader
from gateway.labels.from_powder import PowderReader
from gateway.labels.from_publication import PublicationReader
from gateway.labels.from_rdfa import RdfaReader
from gateway.labels.from_site_file import read_site_file
from gateway.labels.from_site_recipe import SiteRecipeReader
from gateway.labels.from_visible_sign import VisibleSignReader
from gateway.labels.from_xmp import XmpReader
from gateway.labels.label import Label, Reading, Status, Trust
from gateway.labels.page import Page, TooCostly
from gateway.labels.reader import EVERYTHING, MOST_NOTES, Blocked, Flag, Found, Note, Reader
from gateway.labels.work import TooMuchWork

READERS: Final[tuple[Reader, ...]] = (
    HeaderReader(),
    MetaReader(),
    PicsReader(),
    JsonLdReader(),
    MicrodataReader(),
    RdfaReader(),
    BadgeReader(),
    PowderReader(),
    VisibleSignReader(),
    JsonBodyReader(),
    SiteRecipeReader(),
    BroadcastReader(),
    FeedReader(),
    PlaylistReader(),
    PublicationReader(),
    OnixReader(),
    ApplicationReader(),
    MediaReader(),
    XmpReader(),
)
MOST_LABELS: Final = 3_000


def read_labels(
    document: Document | Unreadable,
    data: LabelData,
    *,
    site_file_for: Url | None = None,
    host: HostRecord | None = None,
) -> Reading:
    """All labels of one response.

    `site_file_for`: the document is a site file (age-de.xml, age.xml, miracle.xml) and is read for the page at this
    address. `host`: what is known of the host; it tells an online publication. An unreadable response is still read
    by its headers, and stays unreadable. Never raises.
    """
    if site_file_for is not None and isinstance(document, Document):
        return read_site_file(document.body, document.url, site_file_for, data)
    return read_with(READERS, document, data, host=host)


def read_with(
    readers: Sequence[Reader],
    response: Document | Unreadable,
    data: LabelData,
    *,
    host: HostRecord | None = None,
    everywhere: bool = False,
) -> Reading:
    """`read_labels` with the given readers. `everywhere`: every reader sees the whole page, whatever its reach says."""
    page = Page(response, data, host)
    gathered = _Gathered()
    if isinstance(response, Unreadable):
        gathered.take(Blocked(response.reason, response.detail))
    ready = [reader for reader in readers if gathered.prepare(reader, page, everywhere=everywhere)]
    for reader in ready:
        gathered.ask(reader, page)
    return gathered.reading()


class _Gathered:
    """What the readers found so far. A reader that fails is a note and makes the reading unreadable."""

    def __init__(self) -> None:
        self._labels: list[Label] = []
        self._flags: list[str] = []
        self._notes: list[str] = []
        self._reason: UnreadableReason | None = None

    def prepare(self, reader: Reader, page: Page, *, everywhere: bool) -> bool:
        """Whether the reader has anything to read; tells the page how far its tree must reach."""
        try:
            reach = reader.reach(page)
        except Exception as fault:  # noqa: BLE001 - our own fault must not let a page pass
            self._fail(reader, fault)
            return False
        if everywhere and page.is_html:
            reach = EVERYTHING
        if reach is None:
            return False
        page.reach(reach)
        return True

    def ask(self, reader: Reader, page: Page) -> None:
        try:
            for found in reader.find(page):
                self.take(found)
        except (TooCostly, TooMuchWork) as refused:
            self.take(Blocked(UnreadableReason.MALFORMED, str(refused)))
        except Exception as fault:  # noqa: BLE001 - our own fault must not let a page pass
            self._fail(reader, fault)

    def take(self, found: Found) -> None:
        match found:
            case Label():
                self._keep(found)
            case Flag(word):
                self._flags += [word] if word not in self._flags else []
            case Note(sentence):
                self._notes += [sentence] if len(self._notes) < MOST_NOTES else []
            case Blocked(reason, sentence):
                is_new = len(self._notes) < 2 * MOST_NOTES and sentence not in self._notes  # there is room for reasons
                self._notes += [sentence] if is_new else []
                self._reason = self._reason or reason

    def reading(self) -> Reading:
        rated = any(label.trust > Trust.D for label in self._labels)
        status = Status.RATED if rated else Status.UNLABELLED
        return Reading(
            status=Status.UNREADABLE if self._reason else status,
            labels=tuple(self._labels),
            flags=tuple(self._flags),
            notes=tuple(self._notes),
            reason=self._reason,
        )

    def _keep(self, label: Label) -> None:
        if len(self._labels) < MOST_LABELS:
            self._labels.append(label.bounded())
        else:
            self.take(Blocked(UnreadableReason.MALFORMED, f"there are more than {MOST_LABELS} labels"))

    def _fail(self, reader: Reader, fault: Exception) -> None:
        sentence = f"the reader {reader.name} failed: {type(fault).__name__}"
        self.take(Blocked(UnreadableReason.FAULT, sentence))
