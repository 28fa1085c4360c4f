"""How far one request has come. mitmproxy's flow carries it; nothing reaches the client before it is released."""

from dataclasses import dataclass
from typing import Final

from mitmproxy.http import HTTPFlow

from gateway.document.document import Headers as Fields
from gateway.document.url import Url
from gateway.edge.inquiry import Inquiry
from gateway.enforce.to_request import Changes

_KEY: Final = "qorgan"
_NO_FIELDS: Final = Fields()


@dataclass(slots=True)
class Passage:
    """`released` is set by one place, the add-on, when a verdict lets the response pass or it is our own."""

    url: Url | None = None
    login: str | None = None  # verified for this request
    inquiry: Inquiry | None = None
    released: bool = False
    unread: bool = False  # the verdict is final: the response passes as it is
    fields: Fields = _NO_FIELDS  # of the origin's response
    essence: str | None = None  # what they say that it is
    form: bool = False  # the request's body is waited for: what its fields are called may decide
    changes: Changes | None = None  # to be made in that body
    wanted: int = 0  # bytes of the body that the add-on waits for; 0: it does not hold
    held: bytes = b""  # what has come of them, as on the wire
    ended: bool = False  # `held` is the whole body
    late: bool = False  # the time for holding ran out
    crowded: bool = False  # more is held in all than may be
    bodiless: bool = False  # the answer has no body: what comes behind its head nevertheless is dropped
    failed: bool = False  # a hook of ours failed on this request: whatever comes, it is refused
    plays: bool = False  # a film or sound that goes on
    moved: bool = False  # and of which something has come since it was last looked at
    looked: float = 0.0  # monotonic seconds of the last look at an open WebSocket


def passage_of(flow: HTTPFlow) -> Passage:
    """The passage of a flow; a flow that we have not seen gets one that releases nothing."""
    passage = flow.metadata.get(_KEY)
    if not isinstance(passage, Passage):
        passage = flow.metadata[_KEY] = Passage()
    return passage
