"""A verdict as a mitmproxy response."""

import logging
from typing import Final

from mitmproxy import http

from gateway.decision.verdict import Reason
from gateway.edge.inquiry import Judged
from gateway.enforce.answer import Answer
from gateway.enforce.to_error import last_resort_page
from gateway.enforce.to_substitute import to_substitute
from gateway.enforce.wants import Wants, wants_of

_log = logging.getLogger(__name__)
_NEVER_FOLLOW: Final = (b"content-length", b"transfer-encoding", b"connection")


def refusal(judged: Judged, request: http.Request, blocked_by: str | None, status: int | None = None) -> http.Response:
    """What is sent instead of the page; the last-resort page when it cannot be made. Never raises."""
    verdict = judged.verdict
    try:
        response = response_of(_substitute(judged, request, blocked_by), status)
    except Exception:  # noqa: BLE001 - without a page of its own a block still has the last-resort page
        _log.exception("the block page could not be made; the last-resort page is sent")
        response = last_resort(verdict.reason, status)
    if request.method == "HEAD":
        response.data.content = b""  # RFC 9110, section 9.3.2; Content-Length stays
    return response


def last_resort(reason: Reason = Reason.FAULT, status: int | None = None) -> http.Response:
    """The constant page for when nothing else works."""
    return response_of(last_resort_page(reason), status)


def response_of(answer: Answer, status: int | None = None) -> http.Response:
    fields = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in answer.headers]
    headers = http.Headers([field for field in fields if field[0].lower() not in _NEVER_FOLLOW])
    response = http.Response.make(status or answer.status, answer.body, headers)
    # mitmproxy's `make` sets Content-Length, which HTTP/2 and a HEAD request need too.
    response.headers["content-length"] = str(len(answer.body))
    return response


def _substitute(judged: Judged, request: http.Request, blocked_by: str | None) -> Answer:
    fields = request.headers
    # The policy may say which language a person reads; else the browser does.
    own = judged.inquiry.question.profile.language if judged.inquiry is not None else None
    file = request.data.path.partition(b"?")[0].rpartition(b"/")[2].decode("ascii", "replace")
    extension = file.rpartition(".")[2] if "." in file else None
    wants = wants_of(fields.get("sec-fetch-dest"), fields.get("accept"), extension)
    if fields.get("upgrade", "").lower() == "websocket":
        wants = Wants.WEBSOCKET
    return to_substitute(
        judged.verdict,
        wants=wants,
        accept_language=own or fields.get("accept-language"),
        host=request.data.host,
        blocked_by=blocked_by,
    )
