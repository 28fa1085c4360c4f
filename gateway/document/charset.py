"""Which characters the bytes of a text stand for, in the order in which a browser finds out (HTML, section 13.2.3.2).

BOM, then the Content-Type header, then what the document says of itself, then a fallback. Only the labels of the
WHATWG Encoding standard exist: `utf-7`, `rot13` or `base64` name nothing, and the next step decides.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass

import webencodings

from gateway.document.media_type import is_html, is_xml
from gateway.document.prescan import PRESCANNED, declared_in_html, declared_in_xml, known_encoding

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
# A parser that meets a declaration after the prescanned bytes starts over with it ("change the encoding"); browsers
# look for it in the head, which ends well before this.
_LATE = 65_536  # bytes

# What browsers assume of a page that declares nothing and is not UTF-8: HTML's table of default locales, which gives
# windows-1251 to kk, ru and other languages in Cyrillic. The reader's locale is not known here, and the same bytes must
# read the same for everyone: the country of the site stands for its language, as it does in Firefox's detector.
_FALLBACK = "windows-1252"
_FALLBACKS = {
    domain: encoding
    for encoding, domains in {
        # After "ua": қаз, рф, бел, срб, укр, бг, мкд.
        "windows-1251": "bg by kg kz mk rs ru su tj ua "
        "xn--80ao21a xn--p1ai xn--90ais xn--90a3ac xn--j1amh xn--90ae xn--d1alf",
        "windows-1250": "cz hr sk",
        "iso-8859-2": "hu pl si",
        "windows-1257": "ee lt lv",
        "windows-1254": "tr",
        "windows-1255": "il",
        "windows-1256": "ae bh dz eg iq ir jo kw lb ly ma om qa sa sd sy tn ye",
        "windows-1258": "vn",
        "windows-874": "th",
        "iso-8859-7": "cy gr",
        "big5": "hk tw",
        "gb18030": "cn",
        "euc-kr": "kr",
        "shift_jis": "jp",
    }.items()
    for domain in domains.split()
}


class UnknownCharset(Exception):  # noqa: N818 - named for what it says
    """The header's label is one that no browser knows, nothing else declares an encoding, and it is not UTF-8."""


@dataclass(frozen=True, slots=True)
class Text:
    """The characters, without a BOM, and the WHATWG name in lower case of the encoding they were in."""

    characters: str
    charset: str


def decode_text(body: bytes, *, essence: str, label: str | None, host: str, complete: bool = True) -> Text:
    """The characters of a textual body of type `essence`, whose Content-Type had the charset `label`.

    `host` (canonical) chooses the last fallback. Bytes that stand for no character become U+FFFD; with
    `complete=False` a character that the end cuts is left out. Raises UnknownCharset.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decode(body, name, complete=complete, skip=len(mark))
    declared = _declaration_reader(essence)
    encoding = known_encoding(label or "") or declared(body[:PRESCANNED])
    if encoding:
        return _decode(body, encoding, complete=complete)
    try:
        return Text(codecs.utf_8_decode(body, "strict", complete)[0], "utf-8")
    except UnicodeDecodeError:
        encoding = declared(body[:_LATE])
    if encoding:
        return _decode(body, encoding, complete=complete)
    if label:
        raise UnknownCharset(f"no browser knows the charset {label[:40]!r}, and the text is not UTF-8")
    return _decode(body, _fallback(essence, host), complete=complete)


def _declaration_reader(essence: str) -> Callable[[bytes], str | None]:
    if is_html(essence):
        return declared_in_html
    return declared_in_xml if is_xml(essence) else lambda _: None


def _fallback(essence: str, host: str) -> str:
    if essence not in {"text/html", "text/plain"}:
        return "utf-8"  # XML 1.0, section 4.3.3; RFC 8259, section 8.1; scripts are read in their page's encoding
    return _FALLBACKS.get(host.rpartition(".")[2], _FALLBACK)


def _decode(body: bytes, name: str, *, complete: bool, skip: int = 0) -> Text:
    if name == "utf-8":
        # A view, so that a BOM does not cost a copy of the body.
        return Text(codecs.utf_8_decode(memoryview(body)[skip:], "replace", complete)[0], name)
    if name == "replacement":
        return Text("\ufffd" if body else "", name)  # Encoding, section 14.1: one character, nothing to inject
    # Encoding, section 10.1.1: gbk is decoded as gb18030, which it is a part of.
    codec = webencodings.lookup("gb18030" if name == "gbk" else name).codec_info
    return Text(codec.incrementaldecoder("replace").decode(body[skip:], complete), name)
