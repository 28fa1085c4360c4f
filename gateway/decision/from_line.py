"""A line of `qorgan decide --jsonl` → the question it asks. Keys that are not known are left alone."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.decision import line as field
from gateway.decision.from_stances import stances_of
from gateway.decision.from_used import used_of, with_used
from gateway.decision.line import BadLine, Line
from gateway.decision.question import Asked, Channel, Estimate, Question
from gateway.decision.sources import Sources
from gateway.document.url import Url, canonical
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.labels.scales import Mark, Scales
from gateway.law.codex import Codex
from gateway.policy.policy import Policy
from gateway.policy.rules import Rules
from gateway.policy.stances import Stances
from gateway.problems import ProblemsFound
from gateway.profiles.clue import Clues
from gateway.profiles.person import Age
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import profile_of
from gateway.profiles.timetable import Timetable

DEFAULT_PACKS: Final = ("kz/169-vi",)
UNREAD: Final = "unread"  # a `status`: nothing of the page is known yet

_STATUSES: Final = (*(status.value for status in Status), UNREAD)

# RFC 3339, section 5.6: letters may be small (its first note), a second may be a leap second.
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:)([0-9]{2})(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_PLAIN_MARK: Final = re.compile(r"([0-9]{1,2})\s?\+", re.ASCII)
_SCOPES: Final = {"site": Scope.SITE, "page": Scope.PAGE, "part": Scope.PART, "item": Scope.PART}
# What a page only mentions is no part of it, and the sign of an advertisement is not the page's: Art. 15(2)(5), 15(3).
_HINTS: Final = ("ad", "mention")


def question_of(line: object, sources: Sources) -> Question:
    """The question that `line` (parsed JSON) asks. Raises BadLine with a sentence for a line that asks none."""
    if not isinstance(line, Mapping):
        raise BadLine("a question must be a JSON object")
    age = field.years_of(line, "age")
    if age is None:
        raise BadLine("'age' is missing: the completed years of the person who asks")
    moment = _moment(line, sources)
    url = _url(line)
    policy = _policy(line, sources)
    return Question(
        profile=_profile(line, age, moment, policy, sources),
        url=url,
        moment=moment,
        action=field.choice_of(line, "action", Asked, Asked.VIEW),
        host=_record(line, url, sources if policy is not None else None),
        reading=_reading(line, sources.scales),
        channel=field.choice_of(line, "channel", Channel, Channel.INTERNET),
        estimate=_estimate(line),
        paid_decoder=field.truth_of(line, "paid_decoder"),
    )


def _moment(line: Line, sources: Sources) -> datetime:
    text = field.text_of(line, "moment")
    if text is None:
        return sources.moment
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise BadLine(f"'moment' is {text!r}; it must be as in RFC 3339, with its offset", "2026-12-01T20:00:00+05:00")
    day, clock, second, part, offset = found.groups()
    # Python knows no leap second; the one before it falls into the same minute.
    written = f"{day}T{clock}{'59' if second == '60' else second}{part or ''}{offset.upper()}"
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        raise BadLine(f"'moment' is {text!r}; there is no such moment") from None


def _url(line: Line) -> Url | None:
    text = field.text_of(line, "url")
    if text is None:
        return None
    try:
        return canonical(text)
    except ValueError as fault:
        raise BadLine(f"'url' cannot be used: {fault}") from None


def _policy(line: Line, sources: Sources) -> Policy | None:
    preset = field.text_of(line, "preset")
    if preset is None:
        return sources.policy
    try:
        return sources.preset(preset)
    except ProblemsFound as found:
        raise BadLine(f"'preset' is {preset!r}: {found.problems[0].message}", found.problems[0].hint) from None


def _profile(line: Line, age: int, moment: datetime, policy: Policy | None, sources: Sources) -> Profile:
    packs = field.texts_of(line, "packs")
    if policy is None:
        used_of(line, None)
        codex = _codex(DEFAULT_PACKS if packs is None else packs, sources)
        stances = stances_of(line, codex, codex.stances.get("default", Stances()))
        return Profile(person="somebody", age=age, codex=codex, rules=Rules(), stances=stances, timetable=Timetable())
    name = field.text_of(line, "person")
    stranger = Clues(listener=field.text_of(line, "listener"), address=field.text_of(line, "address"))
    person = policy.clues.person_for(stranger) if name is None else policy.people.get(name)
    if person is None and name is not None:
        raise field.one_of("person", name, policy.people)
    if person is None:
        raise BadLine("the policy refuses who is unknown: name somebody of it in 'person'")
    # The line's age decides, whoever it is: what holds for a child of that age, or for an adult.
    profile = with_used(profile_of(policy, replace(person, ages=(Age(age),)), moment), used_of(line, person), moment)
    codex = profile.codex if packs is None else _codex(packs, sources)
    return replace(profile, codex=codex, stances=stances_of(line, codex, profile.stances))


def _codex(ids: tuple[str, ...], sources: Sources) -> Codex:
    try:
        return sources.codex(ids)
    except ProblemsFound as found:
        problem = found.problems[0]
        raise BadLine(f"'packs': {problem.file}: {problem.message}", problem.hint) from None


def _record(line: Line, url: Url | None, sources: Sources | None) -> HostRecord | None:
    """What the line says of the resource, laid over what is known of the host."""
    kind, audience = field.word_of(line, "kind"), field.word_of(line, "audience")
    topics = field.texts_of(line, "topics")
    ground = field.word_of(line, "exempt")
    if audience not in (None, "public", "limited"):
        raise field.one_of("audience", audience, ("public", "limited"))
    host = "" if url is None else url.host
    known = sources.hosts.lookup_address(url) if sources is not None and url is not None else None
    if known is None and not (kind or audience or topics or ground):
        return None
    known = known or HostRecord(host=host, source="the question")
    return replace(
        known,
        kind=kind or known.kind,
        audience=audience or known.audience,
        topics=known.topics.union(field.hyphenated(topic) for topic in topics or ()),
        exempt=known.exempt if ground is None else _exempt(ground),
    )


def _exempt(ground: str) -> Exempt:
    return Exempt(field.to_choice(ground, "exempt", ExemptGround), "the question says so")


def _reading(line: Line, scales: Scales) -> Reading | None:
    """What the line says was read: its labels; with a `status` also what could not be read, or was not looked at."""
    labels = tuple(_label(entry, index, scales) for index, entry in enumerate(field.list_of(line, "labels")))
    flags = tuple(field.hyphenated(flag) for flag in field.texts_of(line, "flags") or ())
    rated = any(label.trust > Trust.D for label in labels)
    status = field.word_of(line, "status")
    if status not in (None, *_STATUSES):
        raise field.one_of("status", status, _STATUSES)
    if status == Status.UNREADABLE:
        return Reading(status=Status.UNREADABLE, labels=labels, flags=flags)
    if status == UNREAD and not labels:
        return None
    return Reading(status=Status.RATED if rated else Status.UNLABELLED, labels=labels, flags=flags)


def _label(entry: object, index: int, scales: Scales) -> Label:
    place = f"labels[{index}]"
    if not isinstance(entry, Mapping):
        raise BadLine(f"{place} must be an object")
    scope = field.word_of(entry, "scope") or "page"
    if scope not in _SCOPES and scope not in _HINTS:
        raise field.one_of(f"{place}.scope", scope, (*_SCOPES, *_HINTS))
    mark = _mark(entry, place, scales)
    return Label(
        scale=mark.scale,
        mark=mark.mark,
        min_age=mark.min_age,
        scope=_SCOPES.get(scope, Scope.PART),
        trust=Trust.D if scope in _HINTS else Trust.B,
        carrier="question",
        raw=field.text_of(entry, "mark") or mark.mark,
        place=place,
        # A JSON pointer ("/items/0") names no element of a page, so such a part cannot be taken out.
        part=field.text_of(entry, "part") or f"part {index}" if scope in ("part", "item") else None,
    )


def _mark(entry: Line, place: str, scales: Scales) -> Mark:
    """The mark by the line's own `min_age`, by the scales, or as a plain "13+" of no known scale."""
    text, named, age = field.text_of(entry, "mark"), field.text_of(entry, "scale"), field.years_of(entry, "min_age")
    scale = None if named is None else scales.system(named) or named
    if age is not None:
        return Mark(scale or "kz", text or f"{age}+", age)
    if text is None:
        raise BadLine(f"{place} has neither a mark nor a min_age")
    found = _find(text, scale, scales)
    if found is not None:
        return found
    plain = _PLAIN_MARK.fullmatch(text.strip())
    if plain is None:
        raise BadLine(f"{place}: {text!r} is no mark of {scale or 'any known scale'}", "add its min_age")
    return Mark(scale or "age", f"{int(plain[1])}+", int(plain[1]))


def _find(text: str, scale: str | None, scales: Scales) -> Mark | None:
    if scale is None:
        # A bare "12+" is the law's own sign before it is anybody else's.
        return scales.find(text, scale="kz") or scales.find(text)
    return scales.find(text, scale=scale) if scale in scales.ids else scales.find(text)


def _estimate(line: Line) -> Estimate | None:
    given = field.object_of(line, "estimate")
    if not given:
        return None
    age, confidence = field.years_of(given, "min_age"), field.share_of(given, "confidence")
    if age is None or confidence is None:
        raise BadLine("'estimate' has a min_age and a confidence")
    return Estimate(age, confidence)
