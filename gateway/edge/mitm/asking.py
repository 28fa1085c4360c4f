"""A request as it may leave for its person: what to_request changes, applied to mitmproxy's request."""

from typing import Final

from mitmproxy.http import Request

from gateway.actions.form import LARGEST_FORM
from gateway.document.media_type import essence_of
from gateway.edge.inquiry import Inquiry
from gateway.edge.mitm.forwarding import fields_of
from gateway.edge.mitm.names import RequestRefused
from gateway.enforce.to_request import Changes, to_request
from gateway.profiles.person import ADULT

_WITHOUT_BODY: Final = frozenset({b"GET", b"HEAD", b"OPTIONS", b"DELETE"})
_FORM: Final = "application/x-www-form-urlencoded"
# RFC 8484, section 6, RFC 9230, section 6, and the JSON that public resolvers speak: queries about names.
_OF_DNS: Final = frozenset(
    {
        *(
            "application/dns-message",
            "application/dns-json",
            "application/dns+json",
            "application/oblivious-dns-message",
        ),
        "application/dns-udpwireformat",
    }
)


def is_of_dns(essence: str | None) -> bool:
    """Whether a media type is one in which names are looked up over HTTP."""
    return essence in _OF_DNS


def kind_of(request: Request) -> str | None:
    """The kind of host that a request is for, where it shows that itself: a resolver that takes encrypted queries."""
    accepted, sent = request.headers.get("accept", ""), request.headers.get("content-type", "")
    if "dns" not in accepted and "dns" not in sent and "dns" not in (accepted + sent).lower():
        return None
    named = {item.partition(";")[0].strip().lower() for item in accepted.split(",")}
    if is_of_dns(essence_of(fields_of(request.headers))) or not named.isdisjoint(_OF_DNS):
        return "encrypted-dns"
    return None


def ask_safely(request: Request, inquiry: Inquiry | None) -> Changes | None:
    """Changes the head of a minor's request; what is given back is for the body of its form, if it has one.

    Raises RequestRefused for a form that could undo the changes and cannot be read.
    """
    if inquiry is None or inquiry.question.profile.age >= ADULT or inquiry.question.url is None:
        return None
    changes = to_request(inquiry.ruling.services, inquiry.question.profile.stances, inquiry.question.url)
    if changes is None:
        return None
    request.data.path = changes.to_target(request.data.path)
    request.headers.fields = changes.to_fields(request.headers.fields)
    if not changes.in_form or request.data.method in _WITHOUT_BODY:
        return None
    if essence_of(fields_of(request.headers)) != _FORM:
        return None
    length = request.headers.get("content-length", "")
    if "content-encoding" in request.headers or not (length.isascii() and length.isdigit()):
        raise RequestRefused(411, "a search that does not say how long it is")
    if int(length) > LARGEST_FORM:
        raise RequestRefused(413, "a search that is longer than any")
    return changes


def ask_in_form(request: Request, changes: Changes) -> None:
    """Changes the body of a form that has come whole."""
    request.raw_content = body = changes.to_form(request.raw_content or b"")
    request.headers["content-length"] = str(len(body))
