"""The host name of a ClientHello that has nothing odd about it, read in microseconds.

It is only good for passing a connection on: whatever is odd, split or doubled gives no name here, and goes the long
way, where mitmproxy's parser looks at all of it.
"""

import struct
from typing import Final

_RECORD: Final = struct.Struct("!BHH")  # RFC 8446, section 5.1: type, legacy version, length
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_VERSIONS: Final = frozenset({0x0301, 0x0302, 0x0303})  # of TLS; 1.3 writes an older one
_BEFORE_SESSION: Final = 4 + 2 + 32  # RFC 8446, section 4.1.2: type and length, legacy version, random
_EXTENSION: Final = struct.Struct("!HH")  # type, length
_SERVER_NAME, _HOST_NAME = 0, 0
_NAMES: Final = struct.Struct("!HBH")  # RFC 6066, section 3: length of the list, type of a name, its length


def plain_name(data: bytes) -> str | None:
    """The one server name (SNI) of the ClientHello that `data` begins with, in ASCII.

    None when the first record does not hold exactly one whole ClientHello with exactly one host name.
    """
    try:
        return _name_in(data)
    except (struct.error, IndexError, UnicodeDecodeError):
        return None


def _name_in(data: bytes) -> str | None:
    kind, version, length = _RECORD.unpack_from(data)
    hello = data[_RECORD.size : _RECORD.size + length]
    whole = len(hello) == length and int.from_bytes(hello[1:4]) == length - 4
    if kind != _HANDSHAKE or version not in _VERSIONS or not whole or hello[0] != _CLIENT_HELLO:
        return None
    at = _BEFORE_SESSION
    at += 1 + hello[at]  # the session's id
    at += 2 + int.from_bytes(hello[at : at + 2])  # cipher suites
    at += 1 + hello[at]  # compression
    if at + 2 + int.from_bytes(hello[at : at + 2]) != length:
        return None
    at += 2
    found: list[bytes] = []
    while at < length:
        extension, size = _EXTENSION.unpack_from(hello, at)
        at += _EXTENSION.size
        if extension == _SERVER_NAME:
            found.append(hello[at : at + size])
        at += size
    if at != length or len(found) != 1:
        return None
    names = found[0]
    of_all, kind_of_name, of_name = _NAMES.unpack_from(names)
    if kind_of_name != _HOST_NAME or of_all != len(names) - 2 or of_name != len(names) - _NAMES.size:
        return None
    return names[_NAMES.size :].decode("ascii")
