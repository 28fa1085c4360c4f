"""gateway.document.read: it never raises, and our own fault is never a page."""

from typing import Any

import pytest

import gateway.document.read as read_module
from gateway.document.document import Document, Headers, Unreadable, UnreadableReason
from gateway.document.read import read_document
from gateway.document.url import canonical

URL = canonical("https://example.com/page")
HEADERS = Headers([("Content-Type", "text/html"), ("Rating", "RTA-5042-1996-1400-1577-RTA")])


def test_a_document_has_all_that_was_given() -> None:
    read = read_document(url=URL, status=404, headers=HEADERS, body=b"<p>18+", complete=False)
    assert read == Document(
        url=URL, status=404, headers=HEADERS, media_type="text/html", body=b"<p>18+", text="<p>18+", charset="utf-8",
        complete=False,
    )  # fmt: skip


def test_an_address_may_be_text() -> None:
    assert read_document(url="https://EXAMPLE.com/page", status=200, headers=HEADERS, body=b"").url == URL


def test_what_cannot_be_read_keeps_its_headers() -> None:
    headers = Headers([*HEADERS, ("Content-Encoding", "rot13")])
    read = read_document(url=URL, status=200, headers=headers, body=b"x")
    assert isinstance(read, Unreadable)
    assert (read.url, read.headers, read.reason) == (URL, headers, UnreadableReason.CODING)
    assert read.headers.get("rating") == "RTA-5042-1996-1400-1577-RTA"


def test_an_address_that_is_none_is_said_to_be_so() -> None:
    read = read_document(url="kids", status=200, headers=HEADERS, body=b"")
    assert isinstance(read, Unreadable)
    assert (read.url, read.reason) == (None, UnreadableReason.URL)
    assert "browser would open" in read.detail


@pytest.mark.parametrize("fault", [ValueError, TypeError, LookupError, RecursionError, MemoryError, UnicodeError])
@pytest.mark.parametrize("step", ["remove_codings", "sniff", "decode_text"])
def test_a_fault_of_our_own_is_unreadable(monkeypatch: pytest.MonkeyPatch, step: str, fault: type[Exception]) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise fault("a secret of the page")

    monkeypatch.setattr(read_module, step, fail)
    read = read_document(url=URL, status=200, headers=HEADERS, body=b"<p>18+")
    assert isinstance(read, Unreadable)
    assert read.reason is UnreadableReason.FAULT
    assert "secret" not in read.detail


def test_a_body_of_the_wrong_kind_is_a_fault_and_no_page() -> None:
    read = read_document(url=URL, status=200, headers=HEADERS, body="<p>18+")  # type: ignore[arg-type]
    assert isinstance(read, Unreadable)
    assert read.reason is UnreadableReason.FAULT
