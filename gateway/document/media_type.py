"""What kind of thing a response is: its Content-Type as a browser reads it, or its first bytes (MIME Sniffing)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from gateway.document.document import Headers
from gateway.document.signature import image_or_media_of, sniff_unknown, text_or_binary

SNIFFED = 1_445  # bytes: the resource header of mimesniff, section 5.2
REPLACED_MULTIPART = "multipart/x-mixed-replace"

_HTTP_SPACE = "\t\n\r "
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_QUOTED_TEXT = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # mimesniff, section 3: HTTP quoted-string token code points
# One value of a list, cut at commas outside quotes (Fetch, "get, decode, and split").
_LIST_ITEM = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+', re.DOTALL)
# One parameter: its name, then its value between quotes or without them.
_PARAMETER = re.compile(r';[\t\n\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)[^;]*|([^;]*)))?', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# mimesniff, section 5.1: what an old Apache said of every file that it did not know.
_APACHE_DEFAULTS = frozenset(
    {"text/plain"} | {f"text/plain; charset={name}" for name in ("ISO-8859-1", "iso-8859-1", "UTF-8")}
)
_SHORT = 100  # characters
_UNKNOWN = frozenset({"unknown/unknown", "application/unknown"})
# mimesniff, section 4.6, and text/xsl, which Chromium shows as XML too.
_XML = frozenset({"text/xml", "application/xml", "text/xsl"})
# mimesniff, section 4.6: the JavaScript types that are not text/*.
_SCRIPTS = frozenset(f"application/{name}" for name in ("ecmascript", "javascript", "x-ecmascript", "x-javascript"))


@dataclass(frozen=True, slots=True)
class MediaType:
    """A parsed Content-Type: `essence` in lower case, `charset` as it was written or None."""

    essence: str
    charset: str | None = None


def media_type_of(headers: Headers) -> MediaType | None:
    """What the header says: the last valid value counts (Fetch, "extract a MIME type"); None when none is valid."""
    said = ",".join(headers.all("content-type"))
    # The web says the same few things again and again; what is long is made up, and is not to fill the memory.
    return _said_often(said) if len(said) <= _SHORT else _last_of(said)


def _last_of(said: str) -> MediaType | None:
    last: MediaType | None = None
    charset: str | None = None
    for value in _LIST_ITEM.findall(said):
        found = parse_media_type(value)
        if found is None or found.essence == "*/*":
            continue
        if last is None or found.essence != last.essence:
            charset = found.charset
        elif found.charset is None:
            found = MediaType(found.essence, charset)  # a type named again keeps the charset it came with
        last = found
    return last


_said_often = lru_cache(maxsize=1_024)(_last_of)


def essence_of(headers: Headers) -> str | None:
    """The type that the header names, e.g. "text/html"; None when it names none, so that the first bytes decide."""
    found = media_type_of(headers)
    return None if found is None or found.essence in _UNKNOWN else found.essence


def sniff(headers: Headers, start: bytes) -> str:
    """The essence of a response, from its headers and its first bytes (`SNIFFED` of them are looked at).

    mimesniff, section 7. One step is left out, as browsers leave it out: text/html that looks like a feed stays HTML.
    """
    start = start[:SNIFFED]
    essence = essence_of(headers)
    locked = is_nosniff(headers)
    if essence is None:
        return sniff_unknown(start, scriptable=not locked)
    if locked:
        return essence
    if essence == "text/plain" and headers.all("content-type")[-1] in _APACHE_DEFAULTS:
        return text_or_binary(start)
    if essence.startswith(("image/", "audio/", "video/", "application/ogg")) and not is_xml(essence):
        return image_or_media_of(start) or essence
    return essence


def is_nosniff(headers: Headers) -> bool:
    """`X-Content-Type-Options: nosniff`; only the first value counts (Fetch, "determine nosniff")."""
    values = ",".join(headers.all("x-content-type-options")).split(",")
    return values[0].strip(_HTTP_SPACE).lower() == "nosniff"


def is_xml(essence: str) -> bool:
    """An XML type (mimesniff, section 4.6): XHTML, SVG, RSS and Atom are among them."""
    return essence in _XML or essence.endswith("+xml")


def is_html(essence: str) -> bool:
    return essence == "text/html"


def is_document(essence: str) -> bool:
    """Whether a browser that is sent there shows it as a document made of markup, which may carry labels."""
    # Firefox shows the HTML parts of such a multipart: it must not slip by as "not a document".
    return is_html(essence) or is_xml(essence) or essence == REPLACED_MULTIPART


def is_text(essence: str) -> bool:
    """Whether the bytes are text for a reader: documents, scripts, JSON, plain text."""
    if essence.startswith("text/") or is_xml(essence) or essence in _SCRIPTS:
        return True
    return essence.endswith("+json") or essence == "application/json"


def parse_media_type(text: str) -> MediaType | None:
    """One media type (mimesniff, section 4.4); None when it is not one."""
    head, semicolon, parameters = text.strip(_HTTP_SPACE).partition(";")
    kind, slash, subtype = head.rstrip(_HTTP_SPACE).partition("/")
    if not slash or not _TOKEN.fullmatch(kind) or not _TOKEN.fullmatch(subtype):
        return None
    return MediaType(f"{kind}/{subtype}".lower(), _charset(semicolon + parameters))


def _charset(parameters: str) -> str | None:
    """The first valid `charset` among `;name=value;…`; a space before "=" makes it another name, as in a browser."""
    for name, quoted, bare in _PARAMETER.findall(parameters):
        if name.lower() == "charset":
            value = _ESCAPED.sub(r"\1", quoted) or bare.rstrip(_HTTP_SPACE)
            if value and _QUOTED_TEXT.fullmatch(value):
                return str(value)
    return None
