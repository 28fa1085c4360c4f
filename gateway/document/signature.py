"""What the first bytes of a body say of its type (WHATWG MIME Sniffing, sections 6 and 7.1)."""

import re

# Section 7.1: markup after white space. A tag counts when a space or ">" ends its name; case does not matter.
_MARKUP = re.compile(
    rb"[\t\n\x0c\r ]*<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P|!--)[ >]",
    re.IGNORECASE,
)
_XML = re.compile(rb"[\t\n\x0c\r ]*<\?xml")
_BYTE_ORDER_MARK = re.compile(rb"\xfe\xff..|\xff\xfe..|\xef\xbb\xbf.", re.DOTALL)
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # section 3: binary data bytes

_IMAGES_AND_MEDIA = (
    (re.compile(rb"\x00\x00[\x01\x02]\x00"), "image/x-icon"),
    (re.compile(rb"BM"), "image/bmp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"FORM....AIFF", re.DOTALL), "audio/aiff"),
    (re.compile(rb"ID3"), "audio/mpeg"),
    (re.compile(rb"OggS\x00"), "application/ogg"),
    (re.compile(rb"MThd\x00\x00\x00\x06"), "audio/midi"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "video/avi"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wave"),
    # Section 6.2.2: an EBML header whose DocType element, found early, says "webm".
    (re.compile(rb"\x1aE\xdf\xa3.{0,34}?\x42\x82.{1,8}?webm", re.DOTALL), "video/webm"),
)
_OTHERS = (
    (re.compile(rb"%!PS-Adobe-"), "application/postscript"),
    (re.compile(rb"\x1f\x8b\x08"), "application/x-gzip"),
    (re.compile(rb"PK\x03\x04"), "application/zip"),
    (re.compile(rb"Rar \x1a\x07\x00"), "application/x-rar-compressed"),
    (re.compile(rb"wOFF"), "font/woff"),
    (re.compile(rb"wOF2"), "font/woff2"),
    (re.compile(rb"\x00\x01\x00\x00"), "font/ttf"),
    (re.compile(rb"OTTO"), "font/otf"),
    (re.compile(rb"ttcf"), "font/collection"),
    (re.compile(rb".{34}LP", re.DOTALL), "application/vnd.ms-fontobject"),
)


def sniff_unknown(start: bytes, *, scriptable: bool) -> str:
    """The type of a body without a usable Content-Type; markup and PDF only when it may be `scriptable`."""
    if scriptable:
        if _MARKUP.match(start):
            return "text/html"
        if _XML.match(start):
            return "text/xml"
        if start.startswith(b"%PDF-"):
            return "application/pdf"
    if _BYTE_ORDER_MARK.match(start):
        return "text/plain"
    return image_or_media_of(start) or _first_match(_OTHERS, start) or text_or_binary(start)


def image_or_media_of(start: bytes) -> str | None:
    """The image, audio or video type that the bytes are, or None.

    MPEG audio without an ID3 tag is not told apart (section 6.2.3): no reader takes it, under its own name or another.
    """
    return _first_match(_IMAGES_AND_MEDIA, start) or ("video/mp4" if _is_mp4(start) else None)


def text_or_binary(start: bytes) -> str:
    """Section 7.2: "text/plain", unless there are bytes that no text has."""
    if start.startswith((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")) or not _BINARY.search(start):
        return "text/plain"
    return "application/octet-stream"


def _first_match(table: tuple[tuple[re.Pattern[bytes], str], ...], start: bytes) -> str | None:
    return next((essence for pattern, essence in table if pattern.match(start)), None)


def _is_mp4(start: bytes) -> bool:
    """Section 6.2.1: a first box `ftyp` with a brand that begins with "mp4", the major one or a compatible one."""
    size = int.from_bytes(start[:4])
    if len(start) < 12 or size > len(start) or size % 4 or start[4:8] != b"ftyp":
        return False
    return any(start[at : at + 3] == b"mp4" for at in (8, *range(16, size, 4)))
