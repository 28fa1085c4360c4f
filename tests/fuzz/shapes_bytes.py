"""Hostile bodies that are no markup: films, archives, playlists, codings; and headers."""

import gzip
import struct
import zlib
from collections.abc import Callable

import brotli
import zstandard

from tests.fuzz.shape import Shape, rows

type Bytes = Callable[[int], bytes]


def box(kind: bytes, content: bytes) -> bytes:
    """A box of ISO/IEC 14496-12."""
    return struct.pack(">I4s", len(content) + 8, kind) + content


def element(kind: bytes, content: bytes) -> bytes:
    """An element of EBML (RFC 8794) with a size of eight bytes."""
    return kind + (1 << 56 | len(content)).to_bytes(8) + content


def member(name: bytes, content: bytes) -> bytes:
    """A deflated member of a zip archive."""
    packed = zlib.compressobj(wbits=-15)
    data = packed.compress(content) + packed.flush()
    header = struct.pack("<4s5HIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(data), len(content), len(name), 0)
    return header + name + data


def filled(unit: bytes, around: Callable[[bytes], bytes]) -> Bytes:
    return lambda size: around(unit * (size // len(unit)))


FTYP = box(b"ftyp", b"isom\0\0\0\0")
EBML = b"\x1a\x45\xdf\xa3"
TAG = element(b"\x67\xc8", element(b"\x45\xa3", b"LAW_RATING") + element(b"\x44\x87", b"PG-13"))
EXTC = box(
    b"----",
    box(b"mean", b"\0\0\0\0com.apple") + box(b"name", b"\0\0\0\0iTunEXTC") + box(b"data", b"\0" * 8 + b"mpaa|R|400|"),
)
OPF = b"<package><metadata><subject>18+</subject></metadata></package>"


def ilst(content: bytes) -> bytes:
    return FTYP + box(b"moov", box(b"udta", box(b"meta", b"\0\0\0\0" + box(b"ilst", content))))


FILMS: dict[str, Bytes] = {
    "ratings of a film": filled(EXTC, ilst),
    "empty boxes": filled(box(b"free", b""), lambda content: FTYP + content + box(b"moov", b"rtng")),
    "advisory boxes": filled(box(b"rtng", box(b"data", b"\0" * 8 + b"\1")), ilst),
    "boxes of user data": filled(
        box(b"rtng", b"\0" * 4 + b"BBFC12  " + b"\0\0" + b"18"),
        lambda content: FTYP + box(b"moov", box(b"udta", content)),
    ),
    "films inside each other": lambda size: FTYP + struct.pack(">I4s", 1 << 30, b"moov") * (size // 8) + b"rtng",
    "tags of Matroska": filled(
        TAG,
        lambda content: (
            EBML + b"\x80" + element(b"\x18\x53\x80\x67", element(b"\x12\x54\xc3\x67", element(b"\x73\x73", content)))
        ),
    ),
    "tags inside each other": lambda size: (
        EBML + b"\x80" + b"\x67\xc8\x01\xff\xff\xff\xff\xff\xff\xff" * (size // 10) + b"LAW_RATING"
    ),
    "open clusters": lambda size: EBML + b"\x80" + b"\x1f\x43\xb6\x75\xff" * (size // 5) + b"LAW_RATING",
    "empty elements": lambda size: EBML + b"\x80" + b"\xec\x80" * (size // 2) + b"LAW_RATING",
    "names of a tag": filled(
        element(b"\x45\xa3", b"LAW_RATING"),
        lambda content: (
            EBML + b"\x80" + element(b"\x12\x54\xc3\x67", element(b"\x73\x73", element(b"\x67\xc8", content)))
        ),
    ),
}
ARCHIVES: dict[str, Bytes] = {
    "members of one name": filled(member(b"ComicInfo.xml", b"<ComicInfo><AgeRating>M</AgeRating></ComicInfo>"), bytes),
    "names without members": filled(b"ComicInfo.xml", lambda content: b"PK\x03\x04" + content),
    "packages": lambda size: b"".join(
        [
            member(
                b"META-INF/container.xml",
                b"<c>" + b"".join(b"<rootfile full-path='%d'/>" % n for n in range(size // 40)) + b"</c>",
            ),
            *(member(b"%d" % n, OPF) for n in range(8)),
        ]
    ),
    "a large description": lambda size: member(
        b"ComicInfo.xml", b"<ComicInfo>" + b"<AgeRating>x</AgeRating>" * (size // 25) + b"</ComicInfo>"
    ),
    "a bomb": lambda size: member(b"ComicInfo.xml", b"\0" * size * 100),
}
PACKED: dict[str, tuple[str, Bytes]] = {
    "gzip": ("gzip", lambda size: gzip.compress(b"18+ " * (size // 4), 1)),
    "gzip in gzip": ("gzip, gzip", lambda size: gzip.compress(gzip.compress(b"\0" * size * 50), 1)),
    "members of gzip": ("gzip", lambda size: gzip.compress(b"x", 1) * min(size // 21, 128)),
    "too many members of gzip": ("gzip", lambda size: gzip.compress(b"x", 1) * (size // 21)),
    "empty members of gzip": ("gzip", lambda size: gzip.compress(b"", 1) * (size // 20)),
    "a bomb of brotli": ("br", lambda size: brotli.compress(b"\0" * size * 50, quality=4)),
    "a bomb of zstd": ("zstd", lambda size: zstandard.compress(b"\0" * size * 50)),
    "frames of zstd": ("zstd", lambda size: zstandard.compress(b"x") * (size // 10)),
    "empty frames of zstd": ("zstd", lambda size: zstandard.compress(b"") * (size // 9)),
    "deflate": ("deflate", lambda size: zlib.compress(b"18+ " * size, 1)),
}
CHARSETS: dict[str, str] = {
    name: f"text/html; charset={name}"
    for name in (
        "utf-16",
        "windows-1251",
        "shift_jis",
        "gb18030",
        "iso-2022-jp",
        "euc-kr",
        "big5",
        "x-user-defined",
        "utf-7",
    )
}
PLAYLISTS: dict[str, Shape] = {
    "entries": rows('#EXTINF:-1 group-title="XXX {n}" censored="1",x\nhttp://x/{n}\n', "#EXTM3U\n"),
    "groups": rows("#EXTGRP:XXX | Adults\n", "#EXTM3U\n"),
    "attributes of one entry": rows('group-title="XXX" ', "#EXTM3U\n#EXTINF:-1 "),
    "quotes": rows('a="', "#EXTM3U\n#EXTINF:-1 "),
    "letters": rows("a-", "#EXTM3U\n#EXTINF:-1 "),
    "lines": rows("\n", "#EXTM3U\n"),
    "pieces of a group": rows("a|", "#EXTM3U\n#EXTGRP:"),
    "groups of many words": rows("#EXTGRP:" + "adult " * 60 + "{n}\n", "#EXTM3U\n"),
}
HEADERS: dict[str, tuple[str, Shape]] = {
    "a rating of commas": ("Rating", rows("adult, ")),
    "a rating of spaces": ("Rating", rows(" ", "x")),
    "a PICS label of brackets": ("PICS-Label", rows("(", "(PICS-1.1 ")),
    "a PICS label of ratings": ("PICS-Label", rows("r (n 4) ", '(PICS-1.1 "http://www.rsac.org/ratingsv01.html" l ')),
    "a PICS label of quotes": ("PICS-Label", rows("'\" ", "(PICS-1.1 ")),
    "links": ("Link", rows('<x{n}>; rel=describedby; type="application/powder+xml", ')),
    "half links": ("Link", rows("<", "", "application/powder+xml")),
    "parameters of a link": ("Link", rows('"', "<x>;application/powder+xml")),
    "a type of parameters": ("Content-Type", rows(";a=b", "text/html")),
    "codings": ("Content-Encoding", rows("identity,", "", "gzip")),
    "preferences": ("Preference-Applied", rows("safe, ")),
}
MANY_HEADERS: dict[str, tuple[str, str]] = {
    "ratings": ("Rating", "adult"),
    "German labels": ("age-de-meta-label", "age=18"),
    "PICS labels": ("PICS-Label", '(PICS-1.1 "http://www.rsac.org/ratingsv01.html" l r (n 4))'),
    "links to descriptions": ("Link", "<x>; rel=describedby; type=application/powder+xml"),
}
