"""`qorgan labels --jsonl`: one response in, one reading out (DESIGN.md, section 9)."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from gateway.document.document import Document, Headers, Unreadable, UnreadableReason
from gateway.document.read import read_document
from gateway.document.url import Url, canonical
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.label import Label, Reading, Status
from gateway.labels.read import read_labels
from gateway.problems import Problem


class LineError(ValueError):
    """A line that does not describe a response; the message is a sentence."""


def answer(line: object, data: LabelData) -> dict[str, Any]:
    """The reading of one response.

    In: `url`, and any of `id`, `status`, `headers` (name → value or values), `body` (text) or `body_b64` (bytes),
    `label_file_url` (then the body is that site file and `url` is the page to be judged). Out: the contract's object.
    A line that cannot be understood is answered as unreadable, with a note that says why; nothing is raised.
    """
    return judge(line, data)[0]


def judge(line: object, data: LabelData, file: str = "-", number: int = 1) -> tuple[dict[str, Any], Problem | None]:
    """The answer to one parsed line, and what is wrong with the line, if anything."""
    known: Mapping[str, Any] = line if isinstance(line, Mapping) else {}
    problem: Problem | None = None
    try:
        if known is not line:
            raise LineError("a response must be a JSON object")
        reading = read_line(known, data)
    except LineError as fault:
        problem = Problem(file, number, 1, str(fault))
        reading = Reading(status=Status.UNREADABLE, notes=(str(fault),), reason=UnreadableReason.MALFORMED)
    return {"id": known.get("id"), **as_json(reading)}, problem


def read_line(line: Mapping[str, Any], data: LabelData, *, host: HostRecord | None = None) -> Reading:
    """The reading of the response that `line` describes. Raises LineError with a sentence when it describes none."""
    url, file_url = line.get("url"), line.get("label_file_url")
    if not isinstance(url, str):
        raise LineError("url must be text: the address of the page")
    if file_url is not None and not isinstance(file_url, str):
        raise LineError("label_file_url must be text: the address of the site file")
    document = _document(line, file_url or url)
    if file_url is None:
        return read_labels(document, data, host=host)
    return read_labels(document, data, site_file_for=_address(url))


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading as the contract writes it."""
    return {
        "status": reading.status.value,
        "min_age": reading.min_age,
        "category": reading.category,
        "labels": [_without_part(label) for label in reading.labels],
        "flags": list(reading.flags),
        "notes": list(reading.notes),
    }


def label_json(label: Label) -> dict[str, Any]:
    """A label in JSON values, with everything that is known of it."""
    return {
        "scale": label.scale,
        "mark": label.mark,
        "min_age": label.min_age,
        "scope": label.scope.value,
        "trust": label.trust.name,
        "carrier": label.carrier,
        "raw": label.raw,
        "place": label.place,
        "part": label.part,
    }


def _without_part(label: Label) -> dict[str, Any]:
    """As the contract has it: `part` says how a page can be changed, not what it says."""
    told = label_json(label)
    del told["part"]
    return told


def _document(line: Mapping[str, Any], url: str) -> Document | Unreadable:
    status = line.get("status", 200)
    if not isinstance(status, int) or isinstance(status, bool):
        raise LineError("status must be a whole number")
    text, body = _body(line)
    read = read_document(url=url, status=status, headers=Headers(_pairs(line.get("headers") or {})), body=body)
    if text is not None and isinstance(read, Document) and read.text is not None:
        # A body given as text is decoded already: what it says of its charset was about other bytes.
        return replace(read, text=text, charset="utf-8")
    return read


def _body(line: Mapping[str, Any]) -> tuple[str | None, bytes]:
    text, coded = line.get("body"), line.get("body_b64")
    if text is not None and coded is not None:
        raise LineError("give body or body_b64, not both")
    if coded is not None:
        try:
            return None, base64.b64decode(coded, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise LineError("body_b64 must be base64 (RFC 4648)") from None
    if text is None:
        return None, b""
    if not isinstance(text, str):
        raise LineError("body must be text")
    return text.removeprefix("\ufeff"), text.encode("utf-8", "replace")


def _pairs(headers: object) -> Iterator[tuple[str, str]]:
    if not isinstance(headers, Mapping):
        raise LineError("headers must be an object: name → value or list of values")
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(value, str):
                raise LineError(f"the header {name} must be text or a list of texts")
            yield str(name), value


def _address(url: str) -> Url:
    try:
        return canonical(url)
    except ValueError as fault:
        raise LineError(str(fault)) from None
