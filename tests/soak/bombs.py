"""Answers that are to use up memory or time; each carries the same canary, and is for adults."""

import random
import zlib
from functools import cache

import brotli
import zstandard

from tests.canary.exchange import Exchange, Fields, Reply
from tests.canary.pages import RTA

CANARY = "Kq000000000000000b0b0b0b0bZj"
_START = f'<!doctype html><!-- {CANARY} --><meta name="rating" content="{RTA}">'.encode()
_LARGE, _BLOCK = 200, b"\0" * (1 << 20)  # so many blocks
KINDS = ("gzip", "br", "zstd", "twice", "head", "fields", "deep", "json-ld", "attributes", "long")


def bomb(exchange: Exchange, dice: random.Random) -> None:
    """Puts a bomb in place of the answer."""
    kind = dice.choice(KINDS)
    fields, body = _bomb(kind)
    exchange.reply = Reply(fields=list(fields), body=body, framing=dice.choice(("length", "chunked")), pieces=[60_000])
    exchange.canary, exchange.says = CANARY, f"a bomb: {kind}"
    exchange.overage, exchange.lawful, exchange.fine, exchange.method = True, False, False, "GET"
    exchange.body = b""


@cache
def _bomb(kind: str) -> tuple[Fields, bytes]:
    html, coding = ("Content-Type", "text/html; charset=utf-8"), "Content-Encoding"
    if kind in {"gzip", "br", "zstd", "twice"}:
        packed = _packed("gzip" if kind == "twice" else kind)
        if kind == "twice":
            return [html, (coding, "gzip, gzip")], zlib.compress(packed, wbits=31)
        return [html, (coding, kind)], packed
    bodies = {
        "head": _START,
        "fields": _START,
        "deep": _START + b"<div>" * 300_000,
        "json-ld": _START + b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script>",
        "attributes": _START + b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">",
        "long": _START + b"<p>18+ 16+ " * 700_000,
    }
    more: dict[str, Fields] = {
        "head": [("X-Large", "x" * 150_000)],
        "fields": [(f"X-{number}", "x") for number in range(9_000)],
    }
    return [html, *more.get(kind, [])], bodies[kind]


def _packed(kind: str) -> bytes:
    if kind == "gzip":
        gzip = zlib.compressobj(wbits=31)
        return b"".join([gzip.compress(_START), *(gzip.compress(_BLOCK) for _ in range(_LARGE)), gzip.flush()])
    if kind == "br":
        packer = brotli.Compressor(quality=3)
        return b"".join([packer.process(_START), *(packer.process(_BLOCK) for _ in range(_LARGE)), packer.finish()])
    zstd = zstandard.ZstdCompressor().compressobj()
    return b"".join([zstd.compress(_START), *(zstd.compress(_BLOCK) for _ in range(_LARGE)), zstd.flush()])
