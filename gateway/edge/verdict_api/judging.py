"""The verdict on a page that a device asks about: the gate's own, with what the live document says."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from gateway.decision.claim import over_age_parts
from gateway.decision.decide import decide
from gateway.decision.jsonl import to_line
from gateway.decision.question import Asked, Tier
from gateway.decision.sight import Sight, sight_with
from gateway.decision.verdict import Action, Verdict
from gateway.edge.asking import as_kind, carried
from gateway.edge.fail_closed import guarded
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Inquiry, Judged
from gateway.edge.verdict_api.asked import AskedPage
from gateway.edge.verdict_api.telling import believed
from gateway.enforce.languages import LANGUAGES
from gateway.enforce.notice import notice_of
from gateway.hosts.record import HostRecord
from gateway.labels.jsonl import as_json, label_json
from gateway.profiles.clue import Clues


class DocumentGate(Gate):
    """The gate of devices: it sits in the keeper, knows by its token who asks, and is told what the document says."""

    @guarded
    async def judge_page(self, person: str, page: AskedPage) -> Judged:
        """The verdict for the person of a device. With a reading it is final; without one only where `final` says so.

        What the device says of the host and of what is done can only make it stricter: it is asked both ways.
        """
        self.counters.requests.inc()
        inquiry = self._begin(Clues(person=person), page.url, Asked.VIEW, Tier.DOCUMENT)
        if isinstance(inquiry, Verdict):
            return self._answer(inquiry, None)
        record = inquiry.question.host
        asked = inquiry.ruling.actions.asked("GET", page.url, None if record is None else record.kind)
        inquiry = replace(inquiry, question=replace(inquiry.question, action=asked))
        unread = inquiry
        if page.reading is not None:
            reading = believed(page.reading.reading(), inquiry.ruling.labels, record)
            inquiry = replace(inquiry, question=await self._with_reading(inquiry, reading))
        judged = max((_judged(each) for each in _ways(inquiry, page)), key=lambda each: each.verdict.action)
        # As at the proxy: an address that this one carries may forbid it as well (translators, archives).
        if not _judged(unread).final:
            others = (_judged(other) for other in carried(unread, self._probe))
            judged = next((other for other in others if other.final and not other.passes), judged)
        is_last = judged.final or page.reading is not None
        return self._answer(judged.verdict, judged.inquiry) if is_last else judged


def _ways(inquiry: Inquiry, page: AskedPage) -> Iterator[Inquiry]:
    """As the gateway sees it, and as the device says it is."""
    yield inquiry
    if page.kind is not None:
        yield as_kind(inquiry, page.kind)
    if page.action is not None and page.action != inquiry.question.action:
        yield replace(inquiry, question=replace(inquiry.question, action=Asked(page.action)))


def _judged(inquiry: Inquiry) -> Judged:
    verdict = decide(inquiry.question)
    return Judged(verdict=verdict, inquiry=inquiry, final=sight_with(inquiry.question, verdict) is not Sight.LOOK)


def verdict_json(judged: Judged, host: str, *, has_reading: bool) -> dict[str, Any]:
    """A verdict in JSON values: as `qorgan decide --jsonl` writes it, and what a block page says about `host`."""
    verdict, question = judged.verdict, judged.inquiry.question if judged.inquiry is not None else None
    line = to_line(None, verdict)
    del line["id"]
    masks = question is not None and verdict.action is Action.MASK
    parts = (
        dict.fromkeys(str(label.part) for label in over_age_parts(question)) if question is not None and masks else ()
    )
    closed = verdict.action is not Action.ALLOW
    return {
        **line,
        "until": line.get("until"),
        "layer": verdict.layer.value,
        "min_age": verdict.min_age,
        "evidence": [label_json(label) for label in verdict.evidence],
        "revision": verdict.revision,
        "final": judged.final or has_reading,
        "parts": list(parts),
        "host": None if question is None or question.host is None else record_json(question.host),
        "words": {each: asdict(notice_of(verdict, language=each, host=host)) for each in LANGUAGES} if closed else None,
    }


def record_json(record: HostRecord) -> dict[str, Any]:
    """What is known of a host, as `decide` in the add-on takes it; where it was learned stays here."""
    exempt = record.exempt
    return {
        "host": record.host,
        "kind": record.kind,
        "topics": sorted(record.topics),
        "exempt": None if exempt is None else {"ground": exempt.ground.value, "evidence": exempt.evidence},
        "audience": record.audience,
        "reading": None if record.reading is None else as_json(record.reading),
    }
