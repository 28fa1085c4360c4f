"""The body of a request → the names of the fields in its form. Values are never returned, and none is kept."""

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

from gateway.document.coding import CodingFault, remove_codings
from gateway.document.document import Headers
from gateway.document.media_type import essence_of

LARGEST_FORM: Final = 64 * 1024  # bytes on the wire; no form to sign up comes near it
_LARGEST_TEXT: Final = 256 * 1024  # bytes after decoding
_MOST_NAMES: Final = 200
_LONGEST_NAME: Final = 100
_LONGEST_HEAD: Final = 1_024  # bytes, of one part of a multipart form
_FORM: Final = "application/x-www-form-urlencoded"  # WHATWG URL, section 5
_PARTS: Final = "multipart/form-data"  # RFC 7578
# Scripts send JSON as text/plain where they do not want to be asked about (Fetch, section 3.2.2).
_JSON: Final = frozenset({"application/json", "text/json", "text/plain"})
# The name of a part; `filename=` is none. RFC 7578, section 4.2.
_PART_NAME: Final = re.compile(rb'[;\s]name=(?:"([^"]{0,100})"|([^";\s]{1,100}))', re.IGNORECASE)


def is_form(headers: Headers) -> bool:
    """Whether a request with these headers may bring a form."""
    essence = essence_of(headers)
    return essence is not None and (essence in (_FORM, _PARTS) or _is_json(essence))


def field_names(headers: Headers, body: bytes) -> tuple[str, ...] | None:
    """The names of the form's fields in their order, each once; None when the body is no form that can be read.

    `body` as on the wire, at most `LARGEST_FORM` bytes. Of JSON the names at every depth.
    """
    essence = essence_of(headers)
    if essence is None or len(body) > LARGEST_FORM:
        return None
    try:
        text = remove_codings(headers, body)
    except CodingFault:
        return None
    if len(text) > _LARGEST_TEXT:
        return None
    if essence == _FORM:
        names = _of_pairs(text)
    elif essence == _PARTS:
        names = _of_parts(text)
    elif _is_json(essence):
        found = _of_json(text)
        if found is None:
            return None
        names = iter(found)
    else:
        return None
    return tuple(dict.fromkeys(name[:_LONGEST_NAME] for _, name in zip(range(_MOST_NAMES), names, strict=False)))


def _is_json(essence: str) -> bool:
    return essence in _JSON or essence.endswith("+json")


def _of_pairs(body: bytes) -> Iterator[str]:
    for pair in body.split(b"&", _MOST_NAMES):
        name = pair.partition(b"=")[0][: 3 * _LONGEST_NAME]
        if name:
            yield unquote_plus(name.decode("ascii", "replace"), errors="replace")


def _of_parts(body: bytes) -> Iterator[str]:
    """The boundary is the first line: browsers write no preamble (RFC 7578, section 4.1)."""
    boundary = body.partition(b"\r\n")[0]
    if not boundary.startswith(b"--"):
        return
    for part in body.split(boundary, _MOST_NAMES + 1)[1:]:
        head, ended, _ = part[:_LONGEST_HEAD].partition(b"\r\n\r\n")
        found = _PART_NAME.search(head) if ended else None
        if found is not None:
            yield (found[1] if found[1] is not None else found[2]).decode("utf-8", "replace")


def _of_json(body: bytes) -> list[str] | None:
    names: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        names.extend(name for name, _ in pairs[:_MOST_NAMES])

    try:
        json.loads(body, object_pairs_hook=note)
    except (ValueError, RecursionError):  # also UnicodeDecodeError
        return None
    return names
