"""What a journal recorded, asked again under two policies.

A journal is masked: it holds what was kept back, never what was allowed; a host and a person only where it keeps them.
So of an entry only that is asked which its reason and category still tell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.decision.decide import decide
from gateway.decision.from_line import UNREAD, question_of
from gateway.decision.line import BadLine
from gateway.decision.verdict import Reason, Verdict
from gateway.labels.label import Status
from gateway.proof.difference import Side
from gateway.proof.lattice import NOWHERE

# What the reason tells of the page; of other reasons the entry alone does not tell enough.
_BY_LABEL: Final = {Reason.LABEL: "page", Reason.SITE_SIGN: "site"}
_BY_HOST: Final = frozenset({Reason.LOCAL_BLOCK, Reason.LOCAL_ASK, Reason.TOPIC, Reason.REGISTRATION})
_BY_TIME: Final = frozenset({Reason.SCHEDULE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One line of a journal, as far as it was kept. `action` and `reason` in the words of verdicts."""

    moment: datetime
    action: str
    reason: str
    category: str | None = None
    person: str | None = None
    host: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What a person was kept back from, and how both policies answer. `times`: how often it came; `last`: when."""

    person: str
    what: str
    old: Verdict
    new: Verdict
    times: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`entries` in the journal; of them `masked` name too little, `other` are not answered so by the old policy."""

    entries: int
    masked: int
    other: int
    changed: tuple[Rejudged, ...]


def review(records: Iterable[Recorded], old: Side, new: Side) -> Review:
    """Asks every entry again that can be asked, and gives those that get another action under `new`."""
    entries = masked = other = 0
    changed: dict[tuple[str, str, int, int], Rejudged] = {}
    for record in records:
        entries += 1
        line, name = _line(record), record.person or ""
        if line is None or name not in old.policy.people or name not in new.policy.people:
            masked += 1
            continue
        one, two = (_verdict(line, name, record.moment, side) for side in (old, new))
        if one is None or two is None or one.action.word != record.action:
            other += 1
        elif one.action != two.action:
            what = _what(record)
            key = (name, what, one.action, two.action)
            known = changed.get(key)
            times, last = (known.times, known.last) if known is not None else (0, record.moment)
            changed[key] = Rejudged(name, what, one, two, times + record.times, max(last, record.moment))
    return Review(entries=entries, masked=masked, other=other, changed=tuple(changed.values()))


def _line(record: Recorded) -> Mapping[str, Any] | None:
    """The question that the entry answered, without person and age; None when it does not tell which."""
    host = {"url": f"https://{record.host}/" if record.host else NOWHERE, "moment": record.moment.isoformat()}
    reason = Reason(record.reason) if record.reason in set(Reason) else None
    if reason in _BY_LABEL and record.category is not None:
        return {**host, "labels": [{"mark": record.category, "scale": "kz", "scope": _BY_LABEL[reason]}]}
    if reason is Reason.UNLABELLED:
        return host
    if reason is Reason.UNREADABLE:
        return {**host, "status": Status.UNREADABLE.value}
    if reason in _BY_TIME or (reason in _BY_HOST and record.host):
        asked = {"action": "register"} if reason is Reason.REGISTRATION else {}
        return {**host, **asked, "status": UNREAD}
    return None


def _verdict(line: Mapping[str, Any], name: str, moment: datetime, side: Side) -> Verdict | None:
    age = side.policy.people[name].age_at(moment)
    try:
        return decide(question_of({**line, "person": name, "age": age}, side.sources))
    except BadLine:  # a host that is no address
        return None


def _what(record: Recorded) -> str:
    """What was kept back, in a few words."""
    label = f"labelled {record.category} " if record.category else ""
    where = record.host or "a page"
    return f"{where} {label}({record.reason})"
