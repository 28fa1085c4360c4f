"""Content codings, done and undone: undone as far as the bytes go, by whoever looks for a canary in them."""

import gzip
import zlib
from collections.abc import Callable, Iterable

import brotli
import zstandard

_MOST = 32 << 20  # bytes that are looked through


def _deflate_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "raw-deflate": _deflate_raw,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


def coded(data: bytes, codings: Iterable[str]) -> bytes:
    for name in codings:
        data = CODERS[name](data)
    return data


def undone(data: bytes, codings: list[str]) -> bytes:
    """As much as can be decoded of a body that may be cut; b"" when nothing can."""
    for name in reversed(codings):
        data = _undone(data, name)
    return data


def _undone(data: bytes, name: str) -> bytes:
    made = b""
    try:
        if name == "br":
            return bytes(brotli.Decompressor().process(data))
        if name == "zstd":
            return bytes(zstandard.ZstdDecompressor().decompressobj().decompress(data))
        wbits = {"gzip": 31, "deflate": 15, "raw-deflate": -15}[name]
        while data and len(made) < _MOST:
            unpacker = zlib.decompressobj(wbits)
            made += unpacker.decompress(data, _MOST)
            data = unpacker.unused_data
    except (zlib.error, brotli.error, zstandard.ZstdError):
        pass
    return made
