"""A response → what a browser would make of it, or the reason why it cannot be read."""

from gateway.document.charset import UnknownCharset, decode_text
from gateway.document.coding import LARGEST_BODY, CodingFault, remove_codings
from gateway.document.document import Document, Headers, Unreadable, UnreadableReason
from gateway.document.media_type import REPLACED_MULTIPART, is_text, media_type_of, sniff
from gateway.document.url import Url, canonical


def read_document(
    *, url: Url | str, status: int, headers: Headers, body: bytes, complete: bool = True
) -> Document | Unreadable:
    """Read one response as a browser would.

    `body` holds the bytes as they came, content codings and all, without the framing of the transfer; with
    `complete=False` they are the first bytes of a longer body. `status` is the HTTP status code.
    Never raises: what cannot be read is Unreadable, and so is what our own code fails on (FAULT).
    """
    address: Url | None = None
    try:
        address = canonical(url) if isinstance(url, str) else url
        return _read(address, status, headers, body, complete=complete)
    except CodingFault as fault:
        reason, detail = fault.reason, fault.detail
    except UnknownCharset as fault:
        reason, detail = UnreadableReason.CHARSET, str(fault)
    except Exception as fault:  # noqa: BLE001 - our own fault must end in a block, never in the page
        if address is None and isinstance(fault, ValueError):
            reason, detail = UnreadableReason.URL, str(fault)
        else:
            reason, detail = UnreadableReason.FAULT, f"the reader itself failed: {type(fault).__name__}"
    return Unreadable(url=address, status=status, headers=headers, reason=reason, detail=detail)


def _read(url: Url, status: int, headers: Headers, body: bytes, *, complete: bool) -> Document | Unreadable:
    decoded = remove_codings(headers, body, complete=complete)
    essence = sniff(headers, decoded)
    if essence == REPLACED_MULTIPART:
        detail = "a multipart whose parts replace each other is not read"
        return Unreadable(url=url, status=status, headers=headers, reason=UnreadableReason.MALFORMED, detail=detail)
    text = charset = None
    if is_text(essence):
        if len(decoded) > LARGEST_BODY:
            raise CodingFault(UnreadableReason.TOO_LARGE, f"the text is longer than {LARGEST_BODY} bytes")
        named = media_type_of(headers)
        read = decode_text(
            decoded, essence=essence, label=named.charset if named else None, host=url.host, complete=complete
        )
        text, charset = read.characters, read.charset
    return Document(
        url=url,
        status=status,
        headers=headers,
        media_type=essence,
        body=decoded,
        text=text,
        charset=charset,
        complete=complete,
    )
