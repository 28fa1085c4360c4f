"""What the gate makes of a response before it decides: pure, so that it may run in a thread."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from gateway.decision.claim import over_age_parts
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Verdict
from gateway.document.document import Document, Headers, Unreadable, UnreadableReason
from gateway.document.media_type import essence_of
from gateway.document.read import read_document
from gateway.document.url import Url, canonical
from gateway.enforce.answer import Answer
from gateway.enforce.to_masked_html import to_masked_html
from gateway.hosts.index import HostIndex
from gateway.hosts.learn import reading_for
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.from_headers import HeaderReader
from gateway.labels.from_meta import MetaReader
from gateway.labels.label import Reading, Status
from gateway.labels.read import read_labels, read_with
from gateway.labels.reader import Reader

_UNFOLDS: Final = 8
_OF_THE_START: Final[tuple[Reader, ...]] = (HeaderReader(), MetaReader())

_OK: Final = 200
_NOBODYS: Final = canonical("https://warm-up.invalid/")
_FIRST_PAGES: Final = (b"<p>Good morning.</p>", b"<title>Morning</title><p>Good morning.</p><footer>16+</footer>")

UNLABELLED: Final = Reading(status=Status.UNLABELLED)


def read_whole(
    question: Question, labels: LabelData, status: int, headers: Headers, body: bytes
) -> tuple[Document | Unreadable, Reading]:
    """A response with its whole body, as it came on the wire. Never raises."""
    document = read_document(url=address_of(question), status=status, headers=headers, body=body)
    return document, read_labels(document, labels, host=question.host)


def warm_up(labels: LabelData) -> None:
    """Reads two pages, because what readers compile for their first ones takes some sixty milliseconds."""
    headers = Headers((("content-type", "text/html; charset=utf-8"),))
    for body in _FIRST_PAGES:
        read_labels(read_document(url=_NOBODYS, status=_OK, headers=headers, body=body), labels)


def unfolded(headers: Headers, body: bytes) -> int:
    """How long a body is without its codings, as pages go: it decides only where the page is read."""
    return len(body) * _UNFOLDS if headers.all("content-encoding") else len(body)


def masking(
    question: Question, document: Document | Unreadable, verdict: Verdict, language: str | None
) -> Callable[[], Answer | None] | None:
    """What makes the page without its over-age parts, and None if one cannot be taken out; None: there are none."""
    parts = over_age_parts(question)
    if not isinstance(document, Document) or not parts:
        return None
    return partial(to_masked_html, document, parts, verdict, accept_language=language)


def size_of(document: Document | Unreadable) -> int:
    """Bytes of its body."""
    return len(document.body) if isinstance(document, Document) else 0


def read_start(question: Question, labels: LabelData, status: int, headers: Headers, body: bytes) -> Reading:
    """What the first bytes of a response say in a header or a meta element.

    Only what no later byte can take back: a visible 18+ may turn out to be one of a legend, a part may be masked.
    """
    start = read_document(url=address_of(question), status=status, headers=headers, body=body, complete=False)
    return read_with(_OF_THE_START, start, labels, host=question.host)


def read_head(question: Question, labels: LabelData, status: int, headers: Headers) -> Reading:
    """The labels of a response of which only the head is read."""
    head = Document(
        url=address_of(question),
        status=status,
        headers=headers,
        media_type=essence_of(headers) or "application/octet-stream",
        body=b"",
        text=None,
        charset=None,
        complete=False,
    )
    return read_labels(head, labels, host=question.host)


def read_nothing(
    question: Question, labels: LabelData, status: int, headers: Headers, reason: UnreadableReason, detail: str
) -> Reading:
    """The reading of a document that cannot be read to its end; a label in its headers counts."""
    unreadable = Unreadable(url=question.url, status=status, headers=headers, reason=reason, detail=detail)
    return read_labels(unreadable, labels, host=question.host)


def as_part(question: Question, reading: Reading) -> Question:
    """The question of what a page loads for itself; a label that it has counts.

    It needs none of its own: the stance on unlabelled pages is about pages.
    """
    stances = replace(question.profile.stances, unlabelled=((0, Action.ALLOW),))
    read = reading if reading.status is not Status.UNLABELLED else None
    return replace(question, profile=replace(question.profile, stances=stances), reading=read)


def page_record(address: str, hosts: HostIndex) -> HostRecord | None:
    """What is known of the host of a page, by an address that a client gave; None when that is no address."""
    try:
        host = canonical(address).host
    except ValueError:
        return None
    known = hosts.lookup(host)
    return HostRecord(host=host) if known is None else replace(known, host=host)


def known_of(url: Url, listed: HostRecord | None, visited: HostRecord | None, labels: LabelData) -> HostRecord | None:
    """A list's record with what a visit found, as far as it speaks of `url`; the list's own labels stay if it has any.

    A label file may give every path an age of its own, so it is asked anew for each.
    """
    if visited is None:
        return listed
    found = reading_for(visited, url, labels)
    if listed is None:
        return visited if found is visited.reading else replace(visited, reading=found)
    kind = listed.kind or visited.kind
    return replace(listed, reading=listed.reading or found, kind=kind, site_files=visited.site_files)


def address_of(question: Question) -> Url:
    """The address of what was asked for. An edge that carries requests always has one."""
    assert question.url is not None
    return question.url
