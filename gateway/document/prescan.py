"""What the first bytes of a document say of its own encoding (HTML, section 13.2.3.2, "prescan a byte stream")."""

import re

import webencodings

PRESCANNED = 1_024  # bytes

# The only openings that the prescan stops at; any other byte is stepped over.
_OPENING = re.compile(rb"<(?:(?P<comment>!--)|(?P<meta>meta)[\t\n\x0c\r /]|(?P<tag>/?[a-z])|[!/?])", re.IGNORECASE)
_TAG_NAME = re.compile(rb"[^\t\n\x0c\r >]*")
_ATTRIBUTE_NAME = re.compile(rb"[\t\n\x0c\r /]*([^\t\n\x0c\r />][^\t\n\x0c\r /=>]*)[\t\n\x0c\r ]*")
_VALUE_START = re.compile(rb"=[\t\n\x0c\r ]*")
_BARE_VALUE = re.compile(rb"[^\t\n\x0c\r >]*")
_CHARSET_IN_CONTENT = re.compile(rb"charset[\t\n\x0c\r ]*=[\t\n\x0c\r ]*", re.IGNORECASE)
_BARE_CHARSET = re.compile(rb"[^\t\n\x0c\r ;]*")
_XML_VALUE = re.compile(rb"[\x00-\x20]*=[\x00-\x20]*(?:\"([^\"\x00-\x20]*)\"|'([^'\x00-\x20]*)')")


class _OutOfBytes(Exception):  # noqa: N818 - an end, not an error
    """The end was reached inside a tag or a comment: the prescan gives up there, as it does in a browser."""


def known_encoding(label: str) -> str | None:
    """The WHATWG name, in lower case, of the encoding that `label` stands for; None when no browser knows it."""
    found = webencodings.lookup(label)
    return None if found is None else str(found.name)


def declared_in_html(start: bytes) -> str | None:
    """The WHATWG name of the encoding that an HTML document declares within `start`; None when it declares none."""
    in_utf_16 = _utf_16_declaration(start)
    lowered = start.lower()
    # Most pages that declare nothing do not even have the words, and need no walk over their tags.
    if in_utf_16 or (b"charset" not in lowered and b"encoding" not in lowered):
        return in_utf_16
    try:
        return _declared_in_meta(start) or _xml_encoding(start)
    except _OutOfBytes:
        return _xml_encoding(start)


def declared_in_xml(start: bytes) -> str | None:
    """The WHATWG name of the encoding in an XML declaration at the very start; None when there is none."""
    return _utf_16_declaration(start) or _xml_encoding(start)


def _utf_16_declaration(start: bytes) -> str | None:
    """`<?x` in two-byte characters without a BOM."""
    if start.startswith(b"<\0?\0x\0"):
        return "utf-16le"
    return "utf-16be" if start.startswith(b"\0<\0?\0x") else None


def _declared_in_meta(start: bytes) -> str | None:
    at = 0
    while opening := _OPENING.search(start, at):
        if opening["comment"]:
            # The dashes may be those of "<!--" itself: "<!-->" is a whole comment.
            at = _after(start, b"-->", opening.start() + 2)
        elif opening["meta"]:
            attributes, at = _attributes(start, opening.end() - 1)
            found = _encoding_of_meta(attributes)
            if found:
                return found
        elif opening["tag"]:
            at = _attributes(start, _TAG_NAME.match(start, opening.end()).end())[1]  # type: ignore[union-attr]
        else:
            at = _after(start, b">", opening.start() + 1)
    return None


def _after(start: bytes, end: bytes, at: int) -> int:
    found = start.find(end, at)
    if found < 0:
        raise _OutOfBytes
    return found + len(end)


def _attributes(start: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag from `at`, of equal names the first, in lower case; and where they end."""
    attributes: dict[bytes, bytes] = {}
    while name := _ATTRIBUTE_NAME.match(start, at):
        value, at = _value(start, name.end())
        attributes.setdefault(name[1].lower(), value.lower())
    if at >= len(start):
        raise _OutOfBytes
    return attributes, at


def _value(start: bytes, at: int) -> tuple[bytes, int]:
    """The value after an attribute's name, empty when it has none; and where it ends."""
    equals = _VALUE_START.match(start, at)
    if equals is None:
        return b"", at
    at = equals.end()
    quote = start[at : at + 1]
    if quote in {b'"', b"'"}:
        after = _after(start, quote, at + 1)
        return start[at + 1 : after - 1], after
    bare = _BARE_VALUE.match(start, at)
    assert bare is not None  # the pattern matches the empty text
    return bare[0], bare.end()


def _encoding_of_meta(attributes: dict[bytes, bytes]) -> str | None:
    if b"charset" in attributes:
        label = attributes[b"charset"]
    elif attributes.get(b"http-equiv") == b"content-type":
        label = _charset_in_content(attributes.get(b"content", b""))
    else:
        return None
    found = known_encoding(label.decode("latin-1"))
    if found == "x-user-defined":
        return "windows-1252"
    return _readable_as_ascii(found)


def _charset_in_content(content: bytes) -> bytes:
    """HTML, section 2.7.4: the label in `text/html; charset=label`; empty when there is none."""
    found = _CHARSET_IN_CONTENT.search(content)
    if found is None:
        return b""
    rest = content[found.end() :]
    if rest[:1] in {b'"', b"'"}:
        label, closing, _ = rest[1:].partition(rest[:1])
        return label if closing else b""
    bare = _BARE_CHARSET.match(rest)
    assert bare is not None  # the pattern matches the empty text
    return bare[0]


def _xml_encoding(start: bytes) -> str | None:
    """HTML, section 13.2.3.2, "get an XML encoding"."""
    end = start.find(b">")
    at = start.find(b"encoding", 0, max(end, 0))
    if not start.startswith(b"<?xml") or at < 0:
        return None
    value = _XML_VALUE.match(start, at + len(b"encoding"))
    if value is None:
        return None
    return _readable_as_ascii(known_encoding((value[1] or value[2] or b"").decode("latin-1")))


def _readable_as_ascii(encoding: str | None) -> str | None:
    # What was read as ASCII a moment ago cannot be UTF-16.
    return "utf-8" if encoding in {"utf-16le", "utf-16be"} else encoding
