"""Every kind of request has an answer for every reason, and none of them is taken for another type."""

import json
import struct
import zlib

import pytest

from gateway.decision.verdict import Action, Effect, Layer, Reason, Verdict
from gateway.enforce.to_substitute import to_substitute
from gateway.enforce.wants import Wants, wants_of


def verdict_of(reason: Reason, layer: Layer) -> Verdict:
    return Verdict(action=Action.BLOCK, reason=reason, effect=Effect.BLOCK, layer=layer)


@pytest.mark.parametrize("wants", Wants)
@pytest.mark.parametrize("layer", Layer)
def test_every_wish_is_refused_in_its_own_form(wants: Wants, layer: Layer) -> None:
    for reason in Reason:
        answer = to_substitute(verdict_of(reason, layer), wants=wants)
        assert answer.status in (403, 451)
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert len([name for name, _ in answer.headers if name == "Content-Type"]) == 1


def test_the_icon_is_a_whole_transparent_pixel() -> None:
    body = to_substitute(verdict_of(Reason.LABEL, Layer.LAW), wants=Wants.ICON).body
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    position, kinds, data = 8, [], b""
    while position < len(body):
        (length,) = struct.unpack(">I", body[position : position + 4])
        chunk = body[position + 4 : position + 8 + length]
        assert zlib.crc32(chunk) == struct.unpack(">I", body[position + 8 + length : position + 12 + length])[0]
        kinds.append(chunk[:4])
        data += chunk[4:] if chunk[:4] == b"IDAT" else b""
        position += length + 12
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(data)) == 5
    assert zlib.decompress(data)[4] == 0  # alpha


@pytest.mark.parametrize("reason", Reason)
def test_a_problem_is_json_with_the_reason_code(reason: Reason) -> None:
    problem = json.loads(to_substitute(verdict_of(reason, Layer.LOCAL), wants=Wants.JSON).body)
    assert problem["reason"] == reason
    assert problem["status"] == 403


@pytest.mark.parametrize("extension", ["", ".", "..", None, "HTML", "x" * 5000])
def test_an_odd_extension_is_a_document(extension: str | None) -> None:
    assert wants_of(None, None, extension) is Wants.DOCUMENT
