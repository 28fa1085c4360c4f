"""What is changed in the heads of requests and responses that pass: names, codings, ranges, hops."""

from functools import lru_cache
from typing import Final

from mitmproxy.http import Headers, Request, Response

from gateway.actions.form import LARGEST_FORM, is_form
from gateway.document.document import Headers as Fields
from gateway.document.media_type import is_document
from gateway.edge.mitm.fields import named

# What the reader decodes (gateway.document.coding); identity is always acceptable (RFC 9110, section 12.5.3).
_CODINGS: Final = ("gzip", "deflate", "br", "zstd")
# RFC 9110, section 7.6.1, and what clients send to proxies. `TE` would let an origin compress the transfer itself.
_HOPS: Final = frozenset(
    {
        *(b"connection", b"proxy-connection", b"keep-alive", b"te", b"upgrade", b"http2-settings"),
        b"proxy-authorization",
    }
)
# Who a client says it is for somebody else. Identity comes from the socket or a verified login, never from here.
_SAID_OF_ITSELF: Final = frozenset(
    {
        *(b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-user"),
        *(b"x-real-ip", b"x-client-ip", b"client-ip", b"true-client-ip", b"x-original-url", b"x-rewrite-url"),
        *(b"x-remote-user", b"remote-user", b"x-authenticated-user", b"x-cluster-client-ip"),
        *(b"x-original-forwarded-for", b"cf-connecting-ip", b"fastly-client-ip"),
    }
)
_ENDS_HERE: Final = _HOPS | _SAID_OF_ITSELF
# A part of a document, or none of it, can hide a label (RFC 9110, sections 13 and 14).
_CONDITIONS: Final = frozenset(
    {b"range", b"if-range", b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since"}
)
_OF_PARTS: Final = _ENDS_HERE | {b"accept-encoding"}  # which is written anew
_OF_DOCUMENTS: Final = _OF_PARTS | _CONDITIONS
# Fetch, section 3.2.7: destinations whose response is never shown as a document. Most keep their conditions.
_PARTS_OF_PAGES: Final = frozenset(
    {
        *("audio", "audioworklet", "empty", "font", "image", "manifest", "paintworklet", "report", "script"),
        *("serviceworker", "sharedworker", "style", "track", "video", "worker"),
    }
)
_KEEP_CONDITIONS: Final = _PARTS_OF_PAGES - {"serviceworker"}  # which is judged as a page is
_BRING_FORMS: Final = frozenset({b"POST", b"PUT", b"PATCH"})
_NO_WEIGHT: Final = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})
# A client may name any field in Connection; those that frame the message or name the host stay whatever it says.
_FRAMING: Final = frozenset({b"connection", b"content-length", b"host", b"transfer-encoding", b"upgrade"})
_LEADS_AROUND: Final = frozenset(
    {b"alt-svc", b"alternate-protocol", b"proxy-authenticate", b"proxy-connection", b"keep-alive"}
)
_LEADS_ELSEWHERE: Final = _LEADS_AROUND | {b"upgrade"}
_FRESH: Final = (b"Cache-Control", b"private, no-cache")
_LONGEST_WORD: Final = 32  # bytes of what a browser says in a word
_SHORT: Final = 200  # characters of Accept-Encoding; browsers send some thirty
_OPENED: Final = frozenset({"document", "embed", "fencedframe", "frame", "iframe", "object"})
# RFC 9110, section 8.8 and RFC 9530: they describe bytes that are no longer sent.
_OF_THE_BYTES: Final = frozenset(
    {
        *(b"content-encoding", b"content-length", b"transfer-encoding", b"etag", b"last-modified", b"content-md5"),
        *(b"content-digest", b"repr-digest", b"digest", b"accept-ranges", b"content-range", b"trailer"),
    }
)


def is_websocket(request: Request) -> bool:
    """A WebSocket opening handshake (RFC 6455, section 4.1)."""
    return request.method == "GET" and request.headers.get("upgrade", "").strip().lower() == "websocket"


def brings_form(request: Request) -> bool:
    """Whether a request has a body that may be a form, no longer than one to sign up ever is.

    A body of which nothing says how long it is may be one; it is let go when it has grown too long.
    """
    if request.data.method not in _BRING_FORMS:
        return False
    length = request.headers.get("content-length", "0" if "transfer-encoding" not in request.headers else "")
    if request.is_http2 and "content-length" not in request.headers:
        length = ""
    short = not length or (length.isascii() and length.isdigit() and 0 < int(length) <= LARGEST_FORM)
    return short and is_form(fields_of(request.headers))


def is_longer(request: Request, most: int) -> bool:
    """Whether a request's body may be longer than `most` bytes, or does not say how long it is."""
    length = request.headers.get("content-length", "")
    return not (length.isascii() and length.isdigit() and int(length) <= most)


def is_opened(request: Request) -> bool:
    """Whether the response will stand in a tab or frame of its own, as far as the request tells."""
    destination = destination_of(request)
    mode = request.headers.get("sec-fetch-mode", "").strip().lower()
    return destination in _OPENED or mode == "navigate"


def is_worker(request: Request) -> bool:
    """Whether a site asks to answer in place of the network from now on (Service Workers, section 6.3).

    What it then shows is seen by nobody: where pages need a label, so does this.
    """
    said = request.headers.get("service-worker", "").strip().lower() == "script"
    return said or destination_of(request) == "serviceworker"


def destination_of(request: Request) -> str:
    """What a browser says the response is for (Fetch, section 2.2.7); "" when it says nothing."""
    said = named(request.headers).get(b"sec-fetch-dest", b"")
    return _plain(said) if len(said) <= _LONGEST_WORD else _plain.__wrapped__(said)


@lru_cache(maxsize=256)
def _plain(said: bytes) -> str:
    return said.decode("utf-8", "surrogateescape").strip().lower()


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
    is_part = essence is not None and essence.endswith("+xml") and essence != "application/xhtml+xml"
    return is_part and destination_of(request) in _PARTS_OF_PAGES


def trim_request(request: Request, *, to_be_read: bool) -> None:
    """Removes what must not reach the origin; with `to_be_read`, also what would hide a document from the reader."""
    headers = request.headers
    there = named(headers)
    websocket = b"upgrade" in there and is_websocket(request)
    dropped = _ENDS_HERE
    if to_be_read:
        dropped = _OF_PARTS if destination_of(request) in _KEEP_CONDITIONS else _OF_DOCUMENTS
    if b"connection" in there:
        dropped = dropped | (_named_in(headers["connection"]) - _FRAMING)
    if websocket:
        # A packed message may unfold to a thousand times its size.
        dropped = (dropped - {b"upgrade"}) | {b"sec-websocket-extensions"}
    kept = [field for field in headers.fields if (name := field[0].lower()) not in dropped and not _is_age(name)]
    if websocket:
        kept.append((b"Connection", b"Upgrade"))
    if to_be_read:
        accepted = headers.get("accept-encoding", "")
        kept.append((b"Accept-Encoding", _narrowed(accepted) if len(accepted) <= _SHORT else b"identity"))
    headers.fields = tuple(kept)


def trim_response(response: Response) -> None:
    """Removes what leads a client around the gateway: other services for the host, other protocols."""
    _remove(response.headers, _LEADS_AROUND if response.status_code == 101 else _LEADS_ELSEWHERE)


def keep_fresh(response: Response) -> None:
    """A page that was judged is asked for again at every visit, and kept by nobody but this client."""
    fields, said = response.headers.fields, named(response.headers).get(b"cache-control")
    if said is None:
        response.headers.fields = (*fields, _FRESH)
    elif b"no-store" not in said.lower():
        response.headers.fields = (*(field for field in fields if field[0].lower() != b"cache-control"), _FRESH)


def is_partial_document(response: Response, essence: str | None) -> bool:
    """A piece of a document, from which nothing can be read; `essence` is the type that the response names."""
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
    return Fields([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.fields])


def _is_age(name: bytes) -> bool:
    """Whether it is "X-Age" or any of its kind: what a client says of itself."""
    return name[:2] == b"x-" and name[-4:] == b"-age"


def _named_in(connection: str) -> set[bytes]:
    return {name.strip().lower().encode("utf-8", "surrogateescape") for name in connection.split(",")}


@lru_cache(maxsize=256)
def _narrowed(accepted: str) -> bytes:
    """What the client accepts and the reader reads; without the field, a server may send any coding it likes."""
    wanted = {coding for item in accepted.split(",") if (coding := _wanted_coding(item))}
    kept = [coding for coding in _CODINGS if coding in wanted or "*" in wanted]
    return (", ".join(kept) or "identity").encode()


def _wanted_coding(item: str) -> str | None:
    """One item of Accept-Encoding; None when its weight is zero (RFC 9110, section 12.4.2)."""
    coding, _, weight = item.partition(";")
    return None if weight.replace(" ", "").lower() in _NO_WEIGHT else coding.strip().lower()


def _remove(headers: Headers, names: frozenset[bytes]) -> None:
    if not names.isdisjoint(named(headers)):
        headers.fields = tuple(field for field in headers.fields if field[0].lower() not in names)
