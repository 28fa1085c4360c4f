"""What happens to an origin's response: passed unread, streamed, or held and read.

Whose verdict is final before the response comes, and whatever is no document, gets it as it comes. A document for
somebody whom a label may forbid it is held whole, up to a cap and a time: a sign may stand in its last line, and bytes
that are out cannot be taken back. A block needs no such patience: a header or a meta element that forbids the page
is enough, and the rest is not asked for any more.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from mitmproxy.http import HTTPFlow, Response

from gateway.document.document import Document, UnreadableReason
from gateway.document.media_type import SNIFFED, essence_of, is_document
from gateway.document.read import read_document
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Judged
from gateway.edge.mitm.answers import refusal, response_of
from gateway.edge.mitm.asking import is_of_dns
from gateway.edge.mitm.forwarding import (
    destination_of,
    fields_of,
    is_opened,
    is_part_of_page,
    is_partial_document,
    is_websocket,
    is_worker,
    keep_fresh,
    trim_response,
    with_body,
)
from gateway.edge.mitm.noticing import notice, notice_socket
from gateway.edge.mitm.open_flows import OpenFlows
from gateway.edge.mitm.passage import Passage, passage_of
from gateway.edge.mitm.settings import Limits
from gateway.labels.from_headers import says_something
from gateway.profiles.activity import Sign, sign_of

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})  # RFC 9110, section 15.4
_START: Final = 32 * 1024  # bytes in which a page says what it is, if it wants to be understood
_LONG: Final = 256 * 1024  # bytes of a page that is so long that its start is looked at before the rest has come
_RESET: Final = 205  # RFC 9110, section 15.3.6
_WITHOUT_BODY: Final = frozenset({204, _RESET, 304})


class Responses:
    """Judges responses for the add-on. It may raise: the add-on's hooks fail closed."""

    def __init__(self, gate: Gate, limits: Limits, blocked_by: str | None, open_flows: OpenFlows) -> None:
        self._gate, self._limits, self._blocked_by, self._open = gate, limits, blocked_by, open_flows

    async def head(self, flow: HTTPFlow) -> None:
        """The head of a response has come: release it, refuse it, or ask for its body."""
        passage, response = passage_of(flow), flow.response
        assert response is not None
        if passage.failed and not _is_ours(passage, response):
            self._send(flow, passage, self._gate.fault("request", inquiry=passage.inquiry))
            return
        if passage.released:
            return  # it is our own
        if passage.inquiry is None:
            raise LookupError("a response without a judged request")
        if response.status_code == 101 and not _is_handshake(flow):
            judged = self._gate.refuse("the site changed to a protocol that is not read", passage.inquiry)
            self._send(flow, passage, judged)
            return
        trim_response(response)
        if response.status_code == 101:
            await self._judge_handshake(flow, passage, response)
            notice_socket(self._gate, passage)
            return
        if passage.unread:
            passage.released, response.stream = True, True
            return
        await self._judge_head(flow, passage, response)

    async def held(self, flow: HTTPFlow) -> None:
        """The bytes that were asked for have come, or all there are, or their time ran out."""
        passage, response = passage_of(flow), flow.response
        assert response is not None
        assert passage.inquiry is not None
        fields, status, is_page = passage.fields, response.status_code, True
        if passage.late:
            reason, detail = self._why_late(passage)
            judged = await self._gate.judge_unread(passage.inquiry, status, fields, reason, detail)
        elif passage.wanted == SNIFFED and not passage.ended and len(passage.held) < SNIFFED:
            return  # too little to tell by what it is
        elif passage.wanted == SNIFFED and not self._looks_like_document(passage, response):
            is_page = False
            judged = await self._gate.judge_head(passage.inquiry, status, fields, opened=is_opened(flow.request))
        elif passage.ended:
            judged = await self._gate.judge_document(
                passage.inquiry,
                status,
                fields,
                passage.held,
                opened=not is_part_of_page(flow.request, passage.essence),
                language=flow.request.headers.get("accept-language"),
            )
        elif len(passage.held) < self._limits.hold_bytes:
            passage.wanted = self._limits.hold_bytes
            self._block_early(flow, passage, status, passage.held[:_START])
            return
        else:
            judged = await self._too_large(passage, response)
        notice(self._gate, flow, passage, judged, is_page=is_page, status=status)
        if judged.masked is not None:
            flow.response = response_of(judged.masked)
            passage.released = True
        elif judged.passes:
            keep_fresh(response)
            passage.released = True
            self._passed(flow, passage, judged, goes_on=not passage.ended)
        else:
            self._send(flow, passage, judged)

    async def _judge_handshake(self, flow: HTTPFlow, passage: Passage, response: Response) -> None:
        """Whoever is refused the site by its address was refused before; a field of the answer may say more."""
        assert passage.inquiry is not None
        if not passage.unread:
            fields = passage.fields = fields_of(response.headers)
            judged = await self._gate.judge_head(passage.inquiry, 101, fields, opened=False)
            if not judged.passes:
                self._send(flow, passage, judged)
                return
            passage.inquiry = judged.inquiry or passage.inquiry
        passage.released, passage.inquiry = True, replace(passage.inquiry, is_part=True)
        self._open.add(flow)

    async def _judge_head(self, flow: HTTPFlow, passage: Passage, response: Response) -> None:
        assert passage.inquiry is not None
        status = response.status_code
        fields = passage.fields = fields_of(response.headers)
        essence = passage.essence = essence_of(fields)
        has_body = flow.request.method != "HEAD" and status not in _WITHOUT_BODY
        redirects, is_page = status in _REDIRECTS and "location" in response.headers, False
        if is_of_dns(essence):
            judged = self._gate.judge_kind(passage.inquiry, "encrypted-dns")
            if judged.final and not judged.passes:
                self._send(flow, passage, judged)
                return
        if has_body and is_partial_document(response, essence):
            detail = "a piece of a page says nothing of the whole"
            judged = await self._gate.judge_unread(passage.inquiry, status, fields, UnreadableReason.DAMAGED, detail)
        elif has_body and not redirects and (essence is None or is_document(essence)):
            declared = response.headers.get("content-length", "")
            if not (declared.isdigit() and int(declared) > self._limits.hold_bytes and essence is not None):
                passage.wanted = SNIFFED if essence is None else min(_LONG, self._limits.hold_bytes)
                if says_something(fields):
                    self._block_early(flow, passage, status, b"")
                return
            judged = await self._too_large(passage, response)
            is_page = True
        else:
            opened = has_body and not redirects and (is_opened(flow.request) or is_worker(flow.request))
            judged = await self._gate.judge_head(passage.inquiry, status, fields, opened=opened)
        notice(self._gate, flow, passage, judged, is_page=is_page, status=status)
        if not judged.passes:
            self._send(flow, passage, judged)
            return
        passage.released = True
        if (redirects and has_body) or status == _RESET:
            flow.response = with_body(response, b"")  # nobody reads it, so nobody needs it
        elif not has_body:
            passage.bodiless = response.stream = True  # over HTTP/2 an origin can send a body nevertheless
            self._passed(flow, passage, judged, goes_on=False)
        else:
            response.stream = True
            self._passed(flow, passage, judged, goes_on=True)

    def _passed(self, flow: HTTPFlow, passage: Passage, judged: Judged, *, goes_on: bool) -> None:
        """What was let through may be a sign that somebody is there, and may have to be looked at again."""
        assert flow.response is not None
        passage.inquiry = judged.inquiry or passage.inquiry
        assert passage.inquiry is not None
        sign = sign_of(destination_of(flow.request), passage.essence)
        if sign is not None:
            self._gate.active(passage.inquiry, sign)
        if goes_on:
            self._open.add(flow)
        if goes_on and sign is Sign.MEDIA:
            passage.plays, flow.response.stream = True, partial(_note_moved, passage)

    def _block_early(self, flow: HTTPFlow, passage: Passage, status: int, start: bytes) -> None:
        """Refuses the page if its first bytes say that it is not for this person."""
        assert passage.inquiry is not None
        judged = self._gate.judge_start(passage.inquiry, status, passage.fields, start)
        if judged.final and not judged.passes:
            notice(self._gate, flow, passage, judged, is_page=True, status=status)
            self._send(flow, passage, judged)

    def _why_late(self, passage: Passage) -> tuple[UnreadableReason, str]:
        if passage.crowded:
            return UnreadableReason.TOO_LARGE, "the gateway holds as many pages as it may"
        return UnreadableReason.DAMAGED, f"the page did not end within {self._limits.hold_seconds:.0f} seconds"

    def _looks_like_document(self, passage: Passage, response: Response) -> bool:
        assert passage.url is not None
        read = read_document(
            url=passage.url,
            status=response.status_code,
            headers=passage.fields,
            body=passage.held[:SNIFFED],
            complete=passage.ended and len(passage.held) <= SNIFFED,
        )
        return not isinstance(read, Document) or is_document(read.media_type)

    async def _too_large(self, passage: Passage, response: Response) -> Judged:
        assert passage.inquiry is not None
        detail = f"the page is longer than {self._limits.hold_bytes} bytes"
        return await self._gate.judge_unread(
            passage.inquiry, response.status_code, passage.fields, UnreadableReason.TOO_LARGE, detail
        )

    def _send(self, flow: HTTPFlow, passage: Passage, judged: Judged) -> None:
        flow.response = refusal(judged, flow.request, self._blocked_by)
        passage.released = True


def _note_moved(passage: Passage, data: bytes) -> bytes:
    passage.moved = passage.moved or bool(data)
    return data


def _is_handshake(flow: HTTPFlow) -> bool:
    assert flow.response is not None
    return is_websocket(flow.request) and flow.response.headers.get("upgrade", "").strip().lower() == "websocket"


def _is_ours(passage: Passage, response: Response) -> bool:
    """A response that the origin sent has no end yet when its head is looked at."""
    return passage.released and response.raw_content is not None
