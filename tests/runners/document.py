"""Runs tests/cases/document: addresses, hosts, network addresses, Content-Types and whole responses.

What is asked stands under one of the keys `url`, `host`, `address`, `content_type`, `response`; the rest of a case are
the arguments of the function below that has this name.
"""

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard

from gateway.document.address import is_public_address
from gateway.document.document import Document, Headers, Unreadable
from gateway.document.media_type import is_document, media_type_of
from gateway.document.read import read_document
from gateway.document.url import canonical, canonical_host


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


PACK = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bare-deflate": bare_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def run(case: dict[str, Any]) -> None:
    data = {key: value for key, value in case.items() if key not in {"name", "source"}}
    assert case["source"], "a case says where its fact is from"
    [kind] = [kind for kind in RUNS if kind in data]
    RUNS[kind](data.pop(kind), **data)


def run_url(text: str, *, gives: dict[str, Any] | None = None, refused: str | None = None, base: str = "") -> None:
    start = canonical(base) if base else None
    if refused is not None:
        with pytest.raises(ValueError, match=refused):
            canonical(text, start)
        return
    assert gives
    url = canonical(text, start)
    expect({key: getattr(url, key) for key in gives}, gives)


def run_host(text: str, *, gives: str | None = None, refused: str | None = None) -> None:
    if refused is not None:
        with pytest.raises(ValueError, match=refused):
            canonical_host(text)
        return
    expect(canonical_host(text), gives)
    expect(canonical_host(canonical_host(text)), gives)


def run_address(text: str, *, public: bool) -> None:
    expect(is_public_address(text), public)


def run_content_type(fields: list[str], *, essence: str | None, charset: str | None = None) -> None:
    found = media_type_of(Headers(("Content-Type", field) for field in fields))
    expect((found.essence, found.charset) if found else (None, None), (essence, charset))


def run_response(response: dict[str, Any], *, gives: dict[str, Any]) -> None:
    read = read_document(
        url=response.get("url", "https://example.com/"),
        status=200,
        headers=Headers(pairs(response.get("headers", {}))),
        body=body_of(response),
        complete=response.get("complete", True),
    )
    assert gives
    if isinstance(read, Unreadable):
        expect({"unreadable": read.reason.value}, gives)
        return
    if "text_has" in gives:
        assert gives["text_has"] in (read.text or ""), f"{gives['text_has']!r} is not in {read.text!r:.500}"
    expected = {key: value for key, value in gives.items() if key != "text_has"}
    expect({key: FACTS[key](read) for key in expected}, expected)


def expect(found: object, expected: object) -> None:
    assert found == expected, f"found    {found!r:.500}\nexpected {expected!r:.500}"


FACTS: dict[str, Callable[[Document], Any]] = {
    "media_type": lambda read: read.media_type,
    "document": lambda read: is_document(read.media_type),
    "charset": lambda read: read.charset,
    "text": lambda read: read.text,
    "length": lambda read: len(read.body),
    "unreadable": lambda read: None,
}
RUNS = {
    "url": run_url,
    "host": run_host,
    "address": run_address,
    "content_type": run_content_type,
    "response": run_response,
}


def pairs(headers: dict[str, str | list[str]]) -> list[tuple[str, str]]:
    return [(name, v) for name, values in headers.items() for v in (values if isinstance(values, list) else [values])]


def body_of(response: dict[str, Any]) -> bytes:
    """`body` in `in` (UTF-8) or as `hex`, after `before` filler bytes, `times` over, packed, damaged."""
    body = bytes.fromhex(response["hex"]) if "hex" in response else response["body"].encode(response.get("in", "utf-8"))
    body = b" " * response.get("before", 0) + body * response.get("times", 1)
    for coding in response.get("packed", []):
        body = PACK[coding](body)
    body *= response.get("members", 1)
    body = body[: len(body) - response.get("cut", 0)]
    return body + response.get("then", "").encode()
