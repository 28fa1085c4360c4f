"""The files inside a zip archive that are asked for by name, out of whatever first bytes of it are at hand.

Source: PKWARE APPNOTE 6.3.10, section 4.3.7 (local file header). The directory stands at the end of an archive, where
a prefix does not reach, so the local headers are looked for instead; nothing else of the archive is unpacked.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

SIGNATURE: Final = b"PK\x03\x04"
LARGEST_MEMBER: Final = 1 << 20  # bytes, unpacked; a description has a few thousand
MOST_COPIES: Final = 4  # of one name; a second one is damage or a trick, and the strictest counts

_HEADER: Final = struct.Struct("<4s5HIIIHH")
_ENCRYPTED: Final = 0x0001  # section 4.4.4, bit 0
_STORED: Final = 0
_DEFLATED: Final = 8
_STEP: Final = 16 * 1024


class MemberTooLarge(Exception):  # noqa: N818 - names what was found
    """A member that unpacks to more than LARGEST_MEMBER bytes; the message is a sentence."""


def members(archive: bytes, name: str) -> Iterator[bytes]:
    """The content of each member called `name`, as far as it is at hand; damaged ones end where the damage is.

    Raises MemberTooLarge.
    """
    wanted = name.encode()
    found, at = 0, archive.find(wanted)
    while at >= 0 and found < MOST_COPIES:
        content = _member(archive, at, len(wanted))
        if content is not None:
            found += 1
            if len(content) > LARGEST_MEMBER:
                raise MemberTooLarge(f"{name} unpacks to more than {LARGEST_MEMBER} bytes")
            yield content
        at = archive.find(wanted, at + 1)


def _member(archive: bytes, name_at: int, name_length: int) -> bytes | None:
    start = name_at - _HEADER.size
    if start < 0 or archive[start : start + 4] != SIGNATURE:
        return None
    _, _, flags, method, _, _, _, packed, _, length, extra = _HEADER.unpack_from(archive, start)
    if length != name_length or flags & _ENCRYPTED:
        return None
    begin = name_at + name_length + extra
    if method == _STORED:
        return archive[begin : begin + min(packed, LARGEST_MEMBER + 1)]
    return _inflated(archive[begin : begin + LARGEST_MEMBER]) if method == _DEFLATED else None


def _inflated(packed: bytes) -> bytes:
    """A deflated stream ends itself, so its packed size, which may be missing from the header, is not needed."""
    unpacker, unpacked = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    for at in range(0, len(packed), _STEP):
        try:
            unpacked += unpacker.decompress(packed[at : at + _STEP], LARGEST_MEMBER + 1 - len(unpacked))
        except zlib.error:
            break
        if unpacker.eof or len(unpacked) > LARGEST_MEMBER:
            break
    return bytes(unpacked)
