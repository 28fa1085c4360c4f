"""The gate: who is asking, under which ruling, and what is to happen. The edges ask it; it asks `decide`.

It holds one Ruling and swaps it whole: a request ends under the ruling it began with. Every method is guarded
(gateway.edge.fail_closed): whatever breaks, the answer is a block, for everybody.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from gateway.decision.decide import decide
from gateway.decision.question import Asked, Question, Tier
from gateway.decision.sight import Sight, needs_form, sight_with
from gateway.decision.splice import Seen
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.decision.whole import decide_whole
from gateway.document.document import Headers, UnreadableReason
from gateway.document.url import Url
from gateway.edge.asking import as_kind, as_shown, carried, dialled, record_of, taken_over, what_holds, with_reading
from gateway.edge.counters import Counters
from gateway.edge.fail_closed import (
    FaultLog,
    bad_request_verdict,
    fault_verdict,
    guarded,
    nobody_verdict,
    trouble_verdict,
)
from gateway.edge.inquiry import Inquiry, Judged, Patience, Probe, Record, Ruling, Standing
from gateway.edge.off_loop import OffLoop
from gateway.edge.reading import (
    UNLABELLED,
    address_of,
    as_part,
    masking,
    read_head,
    read_nothing,
    read_start,
    read_whole,
    size_of,
    unfolded,
)
from gateway.edge.sights import Sights, Stage
from gateway.enforce.answer import Answer
from gateway.hosts.address_book import Residents
from gateway.labels.label import Reading, Status
from gateway.profiles.activity import Sign
from gateway.profiles.clue import Clues
from gateway.profiles.person import ADULT


class Gate:
    """Holds the ruling and answers the edges.

    `record` gets every verdict that is not a plain allow, and must not block. `trouble` says what of the gateway is
    broken (a database, say), or None; while it says anything, minors get a fault. `before` is called with the name
    of every guarded step, and is how tests inject faults.
    """

    def __init__(
        self,
        ruling: Ruling | None,
        *,
        record: Record = lambda _verdict, _question: None,
        probe: Probe | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        trouble: Callable[[], str | None] = lambda: None,
        before: Callable[[str], None] = lambda _point: None,
        patience: Patience | None = None,
        standing: Standing | None = None,
        sights: Sights | None = None,
    ) -> None:
        self._ruling, self._record, self._probe = ruling, record, probe
        self._clock, self._trouble = clock, trouble
        self.before = before
        self._patience = patience or Patience()
        self._standing = standing
        self.sights = sights or Sights()
        self.counters = Counters()
        self._log = FaultLog()
        self._readers = OffLoop()

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that new requests begin under; None: there is none, and everything is refused."""
        return self._ruling

    def swap(self, ruling: Ruling | None) -> None:
        """Puts another ruling in force. Requests on their way keep theirs."""
        self._ruling = ruling

    def close(self) -> None:
        """Lets the reading threads end. The gate answers with faults afterwards."""
        self._readers.close()

    @guarded
    def judge_host(self, clues: Clues, url: Url, stage: Stage = Stage.HELLO) -> Seen | None:
        """At a TLS ClientHello: pass it through unread, look inside, or refuse. `url` is the host's own address.

        None: the gate failed, so nothing may pass.
        """
        seen = self.sights.see(self._begin(clues, url, Asked.VIEW, Tier.HOST), clues.address, url, stage)
        if stage in (Stage.HELLO, Stage.UNNAMED):
            self.counters.sights.labels(seen.sight.value).inc()
        return seen

    @guarded
    def judge_request(
        self, clues: Clues, url: Url, method: str = "GET", page: str | None = None, kind: str | None = None
    ) -> Judged:
        """Before the origin is contacted, by the address alone. Not final while more may still say something.

        `page`: the address of the page that asks for it as a part of itself, as the client says; `kind`: what the
        request shows the host to be. An address that this one carries may forbid it as well.
        """
        self.counters.requests.inc()
        inquiry = self._begin(clues, url, Asked.VIEW, Tier.PAGE)
        if isinstance(inquiry, Verdict):
            return self._answer(inquiry, None)
        inquiry = as_shown(inquiry, page, kind)
        judged = self._judge(inquiry, method, None)
        others = (self._judge(other, method, None) for other in carried(inquiry, self._probe) if not judged.final)
        return next((other for other in others if other.final and not other.passes), judged)

    @guarded
    def judge_address(self, inquiry: Inquiry, residents: Residents, method: str) -> Judged | None:
        """A bare address, by the hosts that live there. None: they do not forbid it."""
        other = taken_over(inquiry, self._probe, residents)
        return self._judge(other, method, None) if other is not None else None

    @guarded
    def judge_kind(self, inquiry: Inquiry, kind: str) -> Judged:
        """A response that shows its host to be of `kind`. Not final while more may still say something."""
        return self._judge(as_kind(inquiry, kind), "GET", None)

    @guarded
    def judge_form(self, inquiry: Inquiry, method: str, fields: tuple[str, ...] | None) -> Judged:
        """Before the origin is contacted, when a form's body has come: `fields` are the names in it, never a value.

        None: the body is no form that can be read.
        """
        return self._judge(inquiry, method, fields)

    def wants_form(self, inquiry: Inquiry | None) -> bool:
        """Whether the names in a form are needed: not where they could change nothing."""
        return inquiry is not None and needs_form(inquiry.question)

    def _judge(self, inquiry: Inquiry, method: str, fields: tuple[str, ...] | None) -> Judged:
        record, url = inquiry.question.host, address_of(inquiry.question)
        asked = inquiry.ruling.actions.asked(method, url, None if record is None else record.kind, fields)
        if asked is not inquiry.question.action:
            inquiry = replace(inquiry, question=replace(inquiry.question, action=asked))
        seen = sight_with(inquiry.question, verdict := decide(inquiry.question))
        if seen is Sight.LOOK:
            return Judged(verdict=verdict, inquiry=inquiry, final=False)
        if seen is Sight.REFUSE and verdict.action is Action.ALLOW:
            raise AssertionError("sight refuses what the decision allows")
        return self._answer(verdict, inquiry)

    @guarded
    async def judge_head(self, inquiry: Inquiry, status: int, headers: Headers, *, opened: bool) -> Judged:
        """A response that is not a document: only its head is read. `opened`: the person opened it as a page."""
        reading = read_head(inquiry.question, inquiry.ruling.labels, status, headers)
        question = await self._with_reading(inquiry, reading) if opened else as_part(inquiry.question, reading)
        return self._answer(decide_whole(question), inquiry.about(question, is_part=not opened))

    @guarded
    def judge_start(self, inquiry: Inquiry, status: int, headers: Headers, body: bytes) -> Judged:
        """A document of which only the first bytes have come. Final only if a label in them forbids it for good."""
        reading = read_start(inquiry.question, inquiry.ruling.labels, status, headers, body)
        question = inquiry.question.with_reading(reading)
        verdict = decide(question)
        if reading.status is Status.RATED and verdict.reason is Reason.LABEL and verdict.action is Action.BLOCK:
            return self._answer(verdict, inquiry.about(question))
        return Judged(verdict=verdict, inquiry=inquiry, final=False)

    @guarded
    async def judge_document(
        self,
        inquiry: Inquiry,
        status: int,
        headers: Headers,
        body: bytes,
        *,
        opened: bool = True,
        language: str | None = None,
    ) -> Judged:
        """A document with its whole body, as it came on the wire.

        `opened` as in `judge_head`; `language`: the request's Accept-Language.
        """
        question, labels = inquiry.question, inquiry.ruling.labels
        work = partial(read_whole, question, labels, status, headers, body)
        document, reading = await self._readers.run(self._patience, unfolded(headers, body), work)
        if opened or reading.status is not Status.UNLABELLED:
            question = await self._with_reading(inquiry, reading)
        else:
            question = as_part(question, reading)
        inquiry, verdict = inquiry.about(question), decide(question)
        if verdict.action is not Action.MASK:
            return self._answer(verdict, inquiry)
        masked: Answer | None = None  # the page without its over-age parts; None when one of them cannot be taken out
        if (mask := masking(question, document, verdict, language)) is not None:
            masked = await self._readers.run(self._patience, size_of(document), mask)
        return self._answer(verdict if masked is not None else decide_whole(question), inquiry, masked)

    @guarded
    async def judge_unread(
        self, inquiry: Inquiry, status: int, headers: Headers, reason: UnreadableReason, detail: str
    ) -> Judged:
        """A document that cannot be read to its end, for `reason`; its headers still count."""
        reading = read_nothing(inquiry.question, inquiry.ruling.labels, status, headers, reason, detail)
        question = await self._with_reading(inquiry, reading)
        return self._answer(decide_whole(question), inquiry.about(question))

    @guarded
    def judge_again(self, inquiry: Inquiry) -> Judged:
        """An open connection, some time later: revocation, timetables and a new ruling reach it."""
        before = inquiry.question
        now = self._begin(inquiry.clues, address_of(before), before.action, before.tier)
        if isinstance(now, Verdict):
            return self._answer(now, inquiry)
        host = before.host or now.question.host
        question = replace(now.question, host=host, reading=before.reading, part_of=before.part_of)
        if inquiry.is_part and before.reading is None:
            question = as_part(question, UNLABELLED)
        return self._answer(decide_whole(question), replace(now, question=question))

    def dial(self, clues: Clues, host: str) -> str | None:
        """Where a connection to `host` is to be made in place of its own addresses; None: to these. May raise."""
        return dialled(self._ruling, clues, host, self._clock) if self._ruling is not None else None

    def active(self, inquiry: Inquiry, sign: Sign) -> None:
        """Counts a sign of activity on what has passed. Never raises: what has passed, has passed."""
        try:
            if self._standing is not None:
                self._standing.active(inquiry.question, self._clock(), sign)
        except Exception as fault:  # noqa: BLE001
            self.counters.faults.labels("minutes").inc()
            self._log.say("minutes", fault)

    def refuse(self, detail: str, inquiry: Inquiry | None = None) -> Judged:
        """A request that cannot be judged: names disagree, a forbidden port or destination."""
        return self._answer(bad_request_verdict(detail, self._revision), inquiry)

    def fault(self, point: str, fault: Exception | None = None, inquiry: Inquiry | None = None) -> Judged:
        """The gateway failed at `point`: closed, counted, logged, recorded. This is the only way it fails."""
        self.counters.faults.labels(point).inc()
        self._log.say(point, fault)
        return self._answer(fault_verdict(point, fault, self._revision), inquiry)

    def failed(self, point: str, fault: Exception, arguments: tuple[Any, ...]) -> Judged | None:
        """See gateway.edge.fail_closed.Guarded."""
        inquiry = next((value for value in arguments if isinstance(value, Inquiry)), None)
        judged = self.fault(point, fault, inquiry)
        return None if point == "judge_host" else judged

    @property
    def _revision(self) -> str:
        return self._ruling.revision if self._ruling else ""

    def _begin(self, clues: Clues, url: Url, asked: Asked, tier: Tier) -> Inquiry | Verdict:
        """The question as it stands before anything is read; a verdict when nobody may ask it."""
        ruling = self._ruling
        if ruling is None:
            raise LookupError("no policy is in force")
        moment = self._clock()
        profile = ruling.recognise(clues, moment)
        if profile is None:
            return nobody_verdict(ruling.revision)
        profile, heard = what_holds(self._standing, profile, url, moment, tier)
        if profile.age < ADULT and (trouble := self._trouble()):
            return trouble_verdict(trouble, ruling.revision)
        record, was_visited = record_of(ruling, self._probe, url, tier)
        question = Question(profile=profile, url=url, moment=moment, action=asked, host=record, tier=tier, heard=heard)
        return Inquiry(ruling=ruling, question=question, clues=clues, visited=was_visited)

    async def _with_reading(self, inquiry: Inquiry, reading: Reading) -> Question:
        """The question with what was read, and, where the page says nothing, with what a visit to its host found."""
        return await with_reading(inquiry, reading, self._probe, self._patience.visiting_seconds, self.counters)

    def _answer(self, verdict: Verdict, inquiry: Inquiry | None, masked: Answer | None = None) -> Judged:
        self.counters.count(verdict.action.word, verdict.reason.value)
        if verdict.action is not Action.ALLOW:
            try:
                self._record(verdict, inquiry.question if inquiry else None)
            except Exception as fault:  # noqa: BLE001
                # The block stands whether or not it could be written down.
                self.counters.faults.labels("record").inc()
                self._log.say("record", fault)
        return Judged(verdict=verdict, inquiry=inquiry, masked=masked)
