"""What a visit teaches of a host: what was fetched in, a host record out.

A label speaks for a host only where its carrier speaks for the site: the headers and meta labels of the front page, its
site-wide sign, and the label files. What the front page says of one film or one article stays with the front page.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.document.document import Document, Unreadable
from gateway.document.media_type import is_html, is_text
from gateway.document.url import Url, canonical
from gateway.hosts.record import Front, HostRecord, Learned, SiteFile
from gateway.labels.data import LabelData
from gateway.labels.from_site_file import read_site_file
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.labels.read import read_labels

SHORTEST: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=7)
USUAL: Final = timedelta(days=1)  # when the site does not say how long its front page stays fresh
FAILED: Final = timedelta(minutes=10)

# What speaks for the whole site when it stands on its front page: RTA, `rating`, the German labels (facts: labels,
# sections 0 and 1) and a sign in the site's frame. JSON-LD and microdata describe one item, wherever they stand.
_SITE_CARRIERS: Final = frozenset({"http-header", "meta", "visible-sign"})
_SITE_FILE: Final = "site-file"
_ROOT: Final = "age-declaration"  # stands in label files of every format, and in no soft error page

# RFC 9110, section 15.5: what hosts of pictures and programs answer to "/".
_NO_PAGE: Final = frozenset({400, 404, 405, 410})

_MAX_AGE: Final = re.compile(r"(?:^|,)[ \t]*max-age=\"?([0-9]{1,10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came back from one visit to a host."""

    host: str  # as in HostRecord.host
    moment: datetime  # aware
    front: Document | Unreadable | None = None  # None: no answer, or one that leads to another site
    site_files: tuple[Document | Unreadable, ...] = ()  # answers with status 200 at the places of label files
    left: bool = False  # the front page leads to another site
    notes: tuple[str, ...] = ()  # sentences on what failed


def learn(visit: Visit, data: LabelData) -> HostRecord:
    """The record of the visited host; `until` says when it should be visited again.

    `reading` is None when the front page could not be read: nothing is known then, which is not the same as a page
    without a label. Only an answer with status 200 says anything of a site; an error page does not.
    """
    front = visit.front if visit.front is not None and visit.front.status == 200 else None
    files = tuple(kept for file in visit.site_files if (kept := _kept(file, data)) is not None)
    address = visit.front.url if visit.front is not None else None
    of_page = _labels_for_site(read_labels(_at_root(front), data)) if front is not None else None
    of_files = _read_files(files, address, data) if address is not None else ()
    return HostRecord(
        host=visit.host,
        reading=_joined(of_page, of_files, visit.notes),
        learned=Learned.VISIT,
        source="; ".join(([address.href] if address else []) + list(visit.notes)),
        until=visit.moment + _lifetime(visit),
        front=_front_of(visit),
        site_files=files,
    )


def reading_for(record: HostRecord, url: Url, data: LabelData) -> Reading | None:
    """What is known of the page at `url` from its host: the record's reading, with the label files asked for `url`.

    None when nothing is known. Labels of the result have scope site.
    """
    if not record.site_files:
        return record.reading
    others = None
    if record.reading is not None:
        labels = tuple(label for label in record.reading.labels if label.carrier != _SITE_FILE)
        others = replace(record.reading, labels=labels, status=_status(labels))
    return _joined(others, _read_files(record.site_files, url, data), ())


def still_known(record: HostRecord, moment: datetime) -> HostRecord:
    """An older record kept for a while: a site must not lose its label by not answering."""
    return replace(record, until=moment + FAILED)


def _front_of(visit: Visit) -> Front | None:
    """Whether there is a front page. A refusal in HTML may be a wall that people pass and the gateway does not."""
    front = visit.front
    if visit.left or front is None or front.url is None or front.url.scheme != "https":
        return None
    if front.status in _NO_PAGE:
        return Front.NOTHING
    if isinstance(front, Unreadable):
        return None
    if front.status == 200 and front.body:
        return Front.PAGE if is_text(front.media_type) else Front.NOTHING
    return Front.NOTHING if front.status == 403 and not is_html(front.media_type) else None


def _kept(file: Document | Unreadable, data: LabelData) -> SiteFile | None:
    """The file when it is a label file at all; pages that say "not found" with status 200 and bombs are none."""
    if isinstance(file, Unreadable) or not file.text or _ROOT not in file.text:
        return None
    if read_site_file(file.text, file.url, file.url, data).status is Status.UNREADABLE:
        return None
    return SiteFile(file.url.href, file.text)


def _read_files(files: tuple[SiteFile, ...], page: Url, data: LabelData) -> tuple[Label, ...]:
    return tuple(
        replace(label, scope=Scope.SITE)
        for file in files
        for label in read_site_file(file.text, canonical(file.url), page, data).labels
    )


def _at_root(front: Document | Unreadable) -> Document | Unreadable:
    """The front page at "/", where it is read as such: many sites lead from there to "/kk/" or "/home"."""
    return replace(front, url=canonical("/", base=front.url)) if front.url is not None else front


def _labels_for_site(reading: Reading) -> Reading | None:
    labels = tuple(label for label in reading.labels if label.scope is Scope.SITE and label.carrier in _SITE_CARRIERS)
    if reading.status is Status.UNREADABLE and not labels:
        return None
    return replace(reading, status=_status(labels), labels=labels, reason=None)


def _joined(of_page: Reading | None, of_files: tuple[Label, ...], notes: tuple[str, ...]) -> Reading | None:
    if of_page is None and not of_files:
        return None
    of_page = of_page or Reading(status=Status.UNLABELLED)
    labels = tuple(dict.fromkeys((*of_page.labels, *of_files)))
    return replace(of_page, labels=labels, status=_status(labels), notes=(*of_page.notes, *notes))


def _status(labels: tuple[Label, ...]) -> Status:
    return Status.RATED if any(label.trust > Trust.D for label in labels) else Status.UNLABELLED


def _lifetime(visit: Visit) -> timedelta:
    if visit.left:
        return USUAL
    if visit.front is None or visit.front.status in (408, 425, 429) or visit.front.status >= 500:
        return FAILED
    secure = visit.front.url is not None and visit.front.url.scheme == "https"
    if visit.front.status != 200 or not secure or isinstance(visit.front, Unreadable):
        return SHORTEST  # also what came in the clear: anybody on the way may have written it
    stated = _MAX_AGE.search(visit.front.headers.get("cache-control") or "")
    return min(max(timedelta(seconds=int(stated[1])), SHORTEST), LONGEST) if stated else USUAL
