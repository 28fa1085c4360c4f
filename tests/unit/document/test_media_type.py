"""gateway.document.media_type and gateway.document.signature: what the cases do not say."""

import pytest

from gateway.document.document import Headers
from gateway.document.media_type import (
    SNIFFED,
    MediaType,
    essence_of,
    is_document,
    is_text,
    media_type_of,
    parse_media_type,
    sniff,
)


def content_type(*values: str) -> Headers:
    return Headers(("content-type", value) for value in values)


@pytest.mark.parametrize("values", [(), ("",), ("html",), ("*/*",), ("unknown/unknown",), ("application/unknown",)])
def test_a_header_that_says_nothing_leaves_it_to_the_first_bytes(values: tuple[str, ...]) -> None:
    assert essence_of(content_type(*values)) is None


def test_only_the_first_bytes_are_looked_at() -> None:
    assert sniff(Headers(), b" " * (SNIFFED - 6) + b"<html>") == "text/html"
    assert sniff(Headers(), b" " * (SNIFFED - 5) + b"<html>") == "text/plain"
    assert sniff(Headers(), b"a" * SNIFFED + b"\0") == "text/plain"


@pytest.mark.parametrize(
    "essence", ["text/html", "application/xhtml+xml", "text/xml", "image/svg+xml", "application/rss+xml"]
)
def test_a_document_is_text_too(essence: str) -> None:
    assert is_document(essence)
    assert is_text(essence)


@pytest.mark.parametrize("essence", ["image/png", "application/pdf", "font/woff2", "application/octet-stream"])
def test_what_is_neither(essence: str) -> None:
    assert not is_document(essence)
    assert not is_text(essence)


@pytest.mark.parametrize(
    "text", ["text", "text/", "/html", "te xt/html", "text/ht ml", "text/html/x", "text/html, a", "тext/html"]
)
def test_what_is_no_media_type(text: str) -> None:
    assert parse_media_type(text) is None


@pytest.mark.timeout(10)
@pytest.mark.parametrize("shape", ['"', "\\", '"\\', ";", ";=", '="', ',"', "; charset=", "a/b,", 'a/b;c="', " "])
def test_hostile_shapes_take_linear_time(shape: str) -> None:
    hostile = "text/html;x=" + shape * (60_000 // len(shape)) + "\\"
    assert media_type_of(content_type(hostile, "text/plain")) in {MediaType("text/html"), MediaType("text/plain")}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("shape", [b" ", b"\x1aE\xdf\xa3", b"\x42\x82", b"\0\0\x05\xa0ftyp", b"RIFF", b"<"])
def test_hostile_first_bytes_have_some_type(shape: bytes) -> None:
    assert "/" in sniff(Headers(), b"\x1aE\xdf\xa3" + shape * 1_000)


def test_a_first_box_that_is_longer_than_what_is_at_hand_is_no_mp4() -> None:
    assert sniff(Headers(), b"\0\0\xff\xf0ftypmp42") == "application/octet-stream"
