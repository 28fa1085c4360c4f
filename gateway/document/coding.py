"""Content codings undone as a browser undoes them, within bounds that a hostile body cannot stretch.

Our own, because a proxy library's decoder hands over what it cannot decode, stops after the first gzip member,
raises on a coding such as `rot13`, and knows no cap. Every decoder yields pieces of bounded size, and the one who
collects them stops at the limit, so no more than the limit and one piece is ever held.
"""

import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from gateway.document.document import Headers, UnreadableReason

LARGEST_BODY = 8 * 1024 * 1024  # bytes after decoding
FREE_BODY = 1024 * 1024  # bytes that any body may decode to, whatever the ratio
LARGEST_RATIO = 100  # decoded to received bytes, past the free part
MOST_LAYERS = 2
# Block gzip (BGZF) puts 64 KB in a member, so that honest files of this many members reach the cap. Each further
# member costs a copy of all that follows it.
MOST_MEMBERS = 128
_PIECE = 256 * 1024
_LARGEST_ZSTD_WINDOW = 8 * 1024 * 1024  # RFC 9659: the window that a browser must grant, and no more


class CodingFault(Exception):  # noqa: N818 - named for what it carries
    """The body cannot be decoded: `reason` is CODING, DAMAGED, BOMB or TOO_LARGE, `detail` a sentence."""

    def __init__(self, reason: UnreadableReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def remove_codings(headers: Headers, body: bytes, *, complete: bool = True) -> bytes:
    """The body without its content codings (RFC 9110, section 8.4), at most `LARGEST_BODY` bytes if it was coded.

    With `complete=False` the body is a prefix: what can be decoded so far is returned, and a cut is no damage.
    Raises CodingFault.
    """
    if not body:
        return body  # nothing is hidden in it; answers to HEAD and 304 name a coding too
    _refuse_transfer_codings(headers)
    codings = _codings(headers)
    if not codings:
        return body
    # The ratio counts from the bytes received, so that a second layer is no second allowance.
    limit = min(LARGEST_BODY, max(FREE_BODY, LARGEST_RATIO * len(body)))
    for coding in reversed(codings):  # listed in the order in which they were applied
        body = _undo(coding, body, limit, complete=complete)
    return body


def _codings(headers: Headers) -> list[str]:
    listed = ",".join(headers.all("content-encoding")).strip()
    if not listed:
        return []  # absent, or a field with no value, which servers send for "none"
    names = [name.strip(" \t").lower() for name in listed.split(",")]
    for name in names:
        if name not in _DECODERS and name != "identity":
            raise CodingFault(UnreadableReason.CODING, f"the content coding {name[:40]!r} is not one that we read")
    layers = [name for name in names if name != "identity"]
    if len(layers) > MOST_LAYERS:
        raise CodingFault(UnreadableReason.CODING, f"{len(layers)} layers of content coding, at most {MOST_LAYERS}")
    return layers


def _refuse_transfer_codings(headers: Headers) -> None:
    # RFC 9112, section 7: a server may compress in transfer. No browser asks for it and proxies leave it packed.
    for value in headers.all("transfer-encoding"):
        for name in value.split(","):
            if name.strip(" \t").lower() not in {"chunked", "identity", ""}:
                raise CodingFault(UnreadableReason.CODING, f"the transfer coding {name.strip()[:40]!r} is not read")


def _undo(coding: str, body: bytes, limit: int, *, complete: bool) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _DECODERS[coding](body, complete):
            size += len(piece)
            if size > limit:
                raise _past(limit)
            pieces.append(piece)
    except (zlib.error, brotli.error, zstandard.ZstdError) as fault:
        raise CodingFault(UnreadableReason.DAMAGED, f"the body is not {coding}: {fault}") from fault
    return b"".join(pieces)


def _past(limit: int) -> CodingFault:
    if limit == LARGEST_BODY:
        return CodingFault(UnreadableReason.TOO_LARGE, f"the body decodes to more than {LARGEST_BODY} bytes")
    return CodingFault(UnreadableReason.BOMB, f"the body decodes to more than {LARGEST_RATIO} times its size")


def _cut() -> CodingFault:
    return CodingFault(UnreadableReason.DAMAGED, "the coded body is cut short")


def _too_many_members() -> CodingFault:
    return CodingFault(UnreadableReason.DAMAGED, f"the coded body has more than {MOST_MEMBERS} members")


def _gunzip(body: bytes, complete: bool) -> Iterator[bytes]:
    """Every member (RFC 1952, section 2.2). A browser may stop after the first; a label in a later one still counts."""
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        yield from _inflate(member, body)
        if not member.eof:
            if complete:
                raise _cut()
            return
        body = member.unused_data  # the next member; anything else fails its header check
        if not body:
            return
    raise _too_many_members()


def _inflate_either(body: bytes, complete: bool) -> Iterator[bytes]:
    """`deflate`: in zlib's wrapping (RFC 9110, section 8.4.1.2), or bare as some servers send it."""
    try:
        # A browser tries the wrapping and goes back when that fails before the first byte comes out.
        zlib.decompressobj().decompress(body, 1)
        wbits = zlib.MAX_WBITS
    except zlib.error:
        wbits = -zlib.MAX_WBITS
    stream = zlib.decompressobj(wbits=wbits)
    yield from _inflate(stream, body)
    if stream.unused_data:
        raise CodingFault(UnreadableReason.DAMAGED, "bytes follow the end of the coded body")
    if complete and not stream.eof:
        raise _cut()


def _inflate(stream: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    while True:
        piece = stream.decompress(body, _PIECE)
        yield piece
        body = stream.unconsumed_tail
        # A full piece may have more behind it although all input is taken.
        if stream.eof or (not body and len(piece) < _PIECE):
            return


def _unbrotli(body: bytes, complete: bool) -> Iterator[bytes]:
    """RFC 7932. The library itself refuses bytes after the end."""
    stream = brotli.Decompressor()
    piece = stream.process(body, output_buffer_limit=_PIECE)
    while piece:
        yield piece
        if stream.is_finished():
            return
        piece = stream.process(b"", output_buffer_limit=_PIECE)
    if complete and not stream.is_finished():
        raise _cut()


def _unzstd(body: bytes, complete: bool) -> Iterator[bytes]:
    """Every frame (RFC 8878, section 3)."""
    reader = zstandard.ZstdDecompressor(max_window_size=_LARGEST_ZSTD_WINDOW)
    with reader.stream_reader(body, read_across_frames=True) as stream:
        while piece := stream.read(_PIECE):
            yield piece
    if complete:
        _check_frames(body)


def _check_frames(body: bytes) -> None:
    """The stream reader does not say whether it stopped at the end of a frame: go over the frames once more.

    This decoder is unbounded, which is safe here: all pieces came out within the limit.
    """
    for _ in range(MOST_MEMBERS):
        frame = zstandard.ZstdDecompressor(max_window_size=_LARGEST_ZSTD_WINDOW).decompressobj()
        frame.decompress(body)
        if not frame.eof:
            raise _cut()
        body = frame.unused_data
        if not body:
            return
    raise _too_many_members()


# RFC 9110, section 8.4.1.3 makes x-gzip an alias; section 8.4.1.1's compress is read by no browser.
_DECODERS: dict[str, Callable[[bytes, bool], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate_either,
    "br": _unbrotli,
    "zstd": _unzstd,
}
