"""What is changed in the heads of requests and responses that pass: names, codings, ranges, hops."""

from collections.abc import Collection, Iterable
from typing import Final

from mitmproxy.http import Headers, Request, Response

from gateway.actions.form import LARGEST_FORM, is_form
from gateway.document.document import Headers as Fields
from gateway.document.media_type import essence_of, is_document

# What the reader decodes (gateway.document.coding); identity is always acceptable (RFC 9110, section 12.5.3).
_CODINGS: Final = ("gzip", "deflate", "br", "zstd")
# RFC 9110, section 7.6.1, and what clients send to proxies. `TE` would let an origin compress the transfer itself.
_HOPS: Final = (
    "connection",
    "proxy-connection",
    "keep-alive",
    "te",
    "upgrade",
    "http2-settings",
    "proxy-authorization",
)
# Who a client says it is for somebody else. Identity comes from the socket or a verified login, never from here.
_SAID_OF_ITSELF: Final = (
    *("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-user"),
    *("x-real-ip", "x-client-ip", "client-ip", "true-client-ip", "x-original-url", "x-rewrite-url", "x-remote-user"),
)
# A part of a document, or none of it, can hide a label (RFC 9110, sections 13 and 14).
_CONDITIONS: Final = ("range", "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since")
# Fetch, section 3.2.7: destinations whose response is never shown as a document. Only these keep their conditions.
_PARTS_OF_PAGES: Final = frozenset(
    {
        *("audio", "audioworklet", "empty", "font", "image", "manifest", "paintworklet", "report", "script"),
        *("serviceworker", "sharedworker", "style", "track", "video", "worker"),
    }
)
_NO_WEIGHT: Final = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})
# A client may name any field in Connection; those that frame the message or name the host stay whatever it says.
_FRAMING: Final = frozenset({"connection", "content-length", "host", "transfer-encoding", "upgrade"})
_OPENED: Final = frozenset({"document", "embed", "fencedframe", "frame", "iframe", "object"})
# RFC 9110, section 8.8 and RFC 9530: they describe bytes that are no longer sent.
_OF_THE_BYTES: Final = (
    *("content-encoding", "content-length", "transfer-encoding", "etag", "last-modified", "content-md5"),
    *("content-digest", "repr-digest", "digest", "accept-ranges", "content-range", "trailer"),
)


def is_websocket(request: Request) -> bool:
    """A WebSocket opening handshake (RFC 6455, section 4.1)."""
    return request.method == "GET" and request.headers.get("upgrade", "").strip().lower() == "websocket"


def brings_form(request: Request) -> bool:
    """Whether a request has a body that may be a form, no longer than one to sign up ever is.

    A body of which nothing says how long it is may be one; it is let go when it has grown too long.
    """
    length = request.headers.get("content-length", "0" if "transfer-encoding" not in request.headers else "")
    if request.is_http2 and "content-length" not in request.headers:
        length = ""
    short = not length or (length.isascii() and length.isdigit() and 0 < int(length) <= LARGEST_FORM)
    return request.method in ("POST", "PUT", "PATCH") and short and is_form(fields_of(request.headers))


def is_opened(request: Request) -> bool:
    """Whether the response will stand in a tab or frame of its own, as far as the request tells."""
    destination = request.headers.get("sec-fetch-dest", "").strip().lower()
    mode = request.headers.get("sec-fetch-mode", "").strip().lower()
    return destination in _OPENED or mode == "navigate"


def destination_of(request: Request) -> str:
    """What a browser says the response is for (Fetch, section 2.2.7); "" when it says nothing."""
    return str(request.headers.get("sec-fetch-dest", "")).strip().lower()


def page_of(request: Request) -> str | None:
    """The address of the page that loads this as a part of itself, as the browser says; None for what is opened.

    Only hours and minutes that are about some pages go by it: a page's pictures may lie anywhere.
    """
    if is_websocket(request):
        return request.headers.get("origin")
    return request.headers.get("referer") if destination_of(request) in _PARTS_OF_PAGES else None


def is_part_of_page(request: Request, essence: str | None) -> bool:
    """Whether a page loads this for itself: an SVG picture, a list of films.

    Never HTML: a request can say of itself what it likes.
    """
    destination = request.headers.get("sec-fetch-dest", "").strip().lower()
    is_part = essence is not None and essence.endswith("+xml") and essence != "application/xhtml+xml"
    return is_part and destination in _PARTS_OF_PAGES


def trim_request(request: Request, *, to_be_read: bool) -> None:
    """Removes what must not reach the origin; with `to_be_read`, also what would hide a document from the reader."""
    headers = request.headers
    websocket = is_websocket(request)
    _remove(headers, [name.strip() for name in headers.get("connection", "").split(",")], keep=_FRAMING)
    _remove(headers, _HOPS, keep=("upgrade",) if websocket else ())
    if websocket:
        headers["Connection"] = "Upgrade"
    _remove(headers, [name for name in headers if _says_who(name.lower())])
    if to_be_read:
        if headers.get("sec-fetch-dest", "").strip().lower() not in _PARTS_OF_PAGES:
            _remove(headers, _CONDITIONS)
        _narrow_codings(headers)


def trim_response(response: Response) -> None:
    """Removes what leads a client around the gateway: other services for the host, other protocols."""
    _remove(response.headers, ("alt-svc", "proxy-authenticate", "proxy-connection", "keep-alive"))
    if response.status_code != 101:
        _remove(response.headers, ("upgrade",))


def keep_fresh(response: Response) -> None:
    """A page that was judged is asked for again at every visit, and kept by nobody but this client."""
    if "no-store" not in response.headers.get("cache-control", "").lower():
        response.headers["Cache-Control"] = "private, no-cache"


def is_partial_document(response: Response) -> bool:
    """A piece of a document, from which nothing can be read."""
    essence = essence_of(fields_of(response.headers))
    return response.status_code == 206 and (essence is None or is_document(essence) or essence.startswith("multipart/"))


def with_body(response: Response, body: bytes) -> Response:
    """The same response around another, unencoded body."""
    headers = response.headers.copy()
    _remove(headers, _OF_THE_BYTES)
    headers["content-length"] = str(len(body))
    made = Response.make(response.status_code, body, headers)
    made.data.http_version, made.data.reason = response.data.http_version, response.data.reason
    return made


def fields_of(headers: Headers) -> Fields:
    """mitmproxy's header fields as ours; each byte is one character (Infra, "isomorphic decode")."""
    return Fields((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.fields)


def _says_who(name: str) -> bool:
    return name in _SAID_OF_ITSELF or (name.startswith("x-") and name.endswith("-age"))


def _narrow_codings(headers: Headers) -> None:
    """What the client accepts and the reader reads; without the field, a server may send any coding it likes."""
    accepted = {coding for item in headers.get("accept-encoding", "").split(",") if (coding := _wanted_coding(item))}
    kept = [coding for coding in _CODINGS if coding in accepted or "*" in accepted]
    headers["Accept-Encoding"] = ", ".join(kept) or "identity"


def _wanted_coding(item: str) -> str | None:
    """One item of Accept-Encoding; None when its weight is zero (RFC 9110, section 12.4.2)."""
    coding, _, weight = item.partition(";")
    return None if weight.replace(" ", "").lower() in _NO_WEIGHT else coding.strip().lower()


def _remove(headers: Headers, names: Iterable[str], keep: Collection[str] = ()) -> None:
    for name in names:
        if name and name.lower() not in keep:
            headers.pop(name, None)
