"""What the journal keeps of a verdict, and what it never sees. Pure: verdict and question in, masked entry out.

The rule of the house (DESIGN, "Minimal memory of people"; after law 94-V, Art. 12, and the ICO Children's Code,
standard 8): no allowed visits; never an address, a query, a title or a body; an age band, not an age; a coarse
moment. Each preset keeps less than it could: the entry names what was erased.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Self

from gateway.decision.question import Question
from gateway.decision.verdict import Action, Layer, Verdict
from gateway.labels.category import CATEGORIES
from gateway.profiles.grant import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What a journal keeps. `days`: how long; 0 keeps nothing. `bucket`: moments are cut to a multiple of it."""

    days: int
    bucket: timedelta
    host: bool = False
    person: bool = False
    rules: bool = False  # ids of rules and cited articles
    opened: str = "count"  # what was opened, by "person" and host, by "host", or no more than a "count"


# Per preset. An operator keeps counts only; a home sees who and when, and hosts if it asks for
# them (`replace(KEEPING["home"], host=True)`); a school and a library see the hour and the rule.
KEEPING: Final[Mapping[str, Keeping]] = MappingProxyType(
    {
        "home": Keeping(days=7, bucket=timedelta(minutes=1), person=True, rules=True, opened="person"),
        "school": Keeping(days=30, bucket=timedelta(hours=1), person=True, rules=True, opened="host"),
        "library": Keeping(days=7, bucket=timedelta(hours=1), rules=True, opened="host"),
        "isp": Keeping(days=30, bucket=timedelta(hours=1)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One masked verdict. Equal entries are one row with a count: a page of sixty pictures is not sixty rows."""

    moment: datetime  # start of its bucket, UTC
    action: str  # "mask", "ask", "block"; "given", "revoked" for grants; "dropped" for entries that were lost
    reason: str
    layer: str
    category: str | None = None
    rules: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    band: str | None = None  # "12-13", "18+"; None when nobody was recognised
    person: str | None = None  # profile id
    host: str | None = None
    tier: str | None = None
    revision: str = ""
    by: str | None = None  # of a grant: who gave it
    until: str | None = None  # of a grant: when it ends, RFC 3339
    masked: tuple[str, ...] = ()  # names of what was known and erased, sorted

    @property
    def key(self) -> str:
        """The same for equal entries, in every process: a SHA-256 in hexadecimal."""
        text = json.dumps({**self.to_json(), "moment": self.moment.timestamp()}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Every field but the moment, as JSON values."""
        fields = asdict(self)
        del fields["moment"]
        return fields

    @classmethod
    def of_json(cls, moment: datetime, fields: Mapping[str, Any]) -> Self:
        """The entry that `to_json` gave `fields` of; fields that this version does not know are left out."""
        known: dict[str, Any] = {name: fields[name] for name in fields if name in cls.__slots__}
        lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        return cls(moment=moment, **{**known, **lists})


def mask(
    verdict: Verdict, question: Question | None, keeping: Keeping, moment: datetime | None = None
) -> JournalEntry | None:
    """The entry that may be kept of `verdict`; None when nothing may: an allowed visit, a journal that keeps nothing.

    `question` None: it failed before it could be asked (no profile, names that disagree); then `moment` is needed.
    """
    if verdict.action is Action.ALLOW or keeping.days == 0:
        return None
    asked_at = question.moment if question is not None else moment
    if asked_at is None:
        raise ValueError("a verdict without a question needs the moment")
    person = question.profile.person if question is not None else None
    host = _host_of(question)
    rules, cites = _grounds_of(verdict, None if keeping.host else host) if keeping.rules else ((), ())
    kept = JournalEntry(
        moment=_floor(asked_at, keeping.bucket),
        action=verdict.action.word,
        reason=verdict.reason.value,
        layer=verdict.layer.value,
        category=verdict.category,
        rules=rules,
        cites=cites,
        band=band_of(question.profile.age) if question is not None else None,
        person=person if keeping.person else None,
        host=host if keeping.host else None,
        tier=question.tier.value if question is not None else None,
        revision=verdict.revision if keeping.rules else "",
    )
    erased = {
        "moment": True,  # also when it fell on the start of its bucket: equal buckets make equal entries
        "age": question is not None,
        "person": person != kept.person,
        "host": host != kept.host,
        "url": question is not None and question.url is not None,
        "rules": any(ground.rule not in rules for ground in verdict.grounds),
        "evidence": bool(verdict.evidence),
        "detail": bool(verdict.detail),
    }
    return replace(kept, masked=tuple(sorted(name for name, was in erased.items() if was)))


def mask_grant(grant: Grant, done: str, keeping: Keeping, moment: datetime) -> JournalEntry | None:
    """The entry that says that a grant was given or revoked (`done`); None when the journal keeps nothing."""
    if keeping.days == 0:
        return None
    erased = {"moment": True, "person": not keeping.person, "host": bool(grant.host) and not keeping.host}
    return JournalEntry(
        moment=_floor(moment, keeping.bucket),
        action=done,
        reason="grant",
        layer=Layer.LOCAL.value,
        rules=(f"grant.{grant.id}",) if keeping.rules else (),
        person=", ".join(sorted(grant.people)) if keeping.person else None,
        host=(grant.host or None) if keeping.host else None,
        by=grant.by if keeping.person else None,
        until=grant.until.isoformat(timespec="seconds") if grant.until is not None else None,
        masked=tuple(sorted(name for name, was in erased.items() if was)),
    )


def lost(moment: datetime) -> JournalEntry:
    """The entry that says that entries were lost; how many is its count."""
    hour = _floor(moment, timedelta(hours=1))
    return JournalEntry(moment=hour, action="dropped", reason="dropped", layer=Layer.SYSTEM.value)


def band_of(age: int) -> str:
    """The law's age band of `age` (completed years): "0-5", "6-11", "12-13", "14-15", "16-17" or "18+"."""
    steps = tuple(CATEGORIES.values())
    lower = max(step for step in steps if step <= max(age, 0))
    above = next((step for step in steps if step > lower), None)
    return f"{lower}+" if above is None else f"{lower}-{above - 1}"


def _host_of(question: Question | None) -> str | None:
    if question is None:
        return None
    if question.url is not None:
        return question.url.host
    return question.host.host if question.host is not None else None


def _grounds_of(verdict: Verdict, hidden_host: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the rules that decided and what they cite. A rule that is named after the host would tell it: left out."""
    grounds = [ground for ground in verdict.grounds if ground.overruled_by is None]
    rules = (ground.rule for ground in grounds if not _tells(ground.rule, hidden_host))
    cites = (cite for ground in grounds for cite in ground.cites)
    return tuple(dict.fromkeys(rules)), tuple(dict.fromkeys(cites))


def _tells(rule: str, host: str | None) -> bool:
    """Whether `rule` names `host` or a domain above it: "tube.example" for "m.tube.example", not "example"."""
    while host and "." in host:
        if host in rule:
            return True
        host = host.partition(".")[2]
    return False


def _floor(moment: datetime, bucket: timedelta) -> datetime:
    size = int(bucket.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // size * size, UTC)
