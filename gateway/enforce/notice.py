"""What a verdict says to a person, in one language: plain text, ready to be escaped and laid out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import escape

from gateway.decision.verdict import Action, Ground, Layer, Reason, Verdict
from gateway.enforce.answer import voice_of
from gateway.enforce.words import WORDS, Words
from gateway.labels.label import Label

# Characters. Whatever a site sends, the page in three languages stays below 12 kB.
_RAW_LONGEST: Final = 200  # of a label's own words: enough to recognise it, too few to carry a page
_PLACE_LONGEST: Final = 120
_LAW_LONGEST: Final = 140
_VALUE_LONGEST: Final = 64
_MARK_LONGEST: Final = 30
_HOST_LONGEST: Final = 253  # RFC 1035, section 3.1, as text
_ROOM: Final = 400  # bytes of HTML that a value may take: references such as `&amp;` cost more than they show
_FILTER: Final = "gateway"  # where the grounds of the gateway itself stand (gateway/law/house.py)
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# `Law 169-VI Art. 16(3)` or `Law 169-VI Arts. 10-14`, the form that the packs in policies/law use.
_NUMBER: Final = "[0-9]{1,3}(?:-[0-9]{1,2})?"
_CITE: Final = re.compile(
    r"Law (?P<law>[0-9]{1,4}-[IVXL]{1,7}) "
    r"(?:Arts\. (?P<articles>[0-9]{1,3}-[0-9]{1,3})"
    rf"|Art\. (?P<article>{_NUMBER})(?:\((?P<paragraph>{_NUMBER})\)(?:\((?P<point>{_NUMBER})\))?)?)"
)
# The filter's own troubles: nobody's permission changes them, and no rule about a person was applied.
_TROUBLES: Final = frozenset({Reason.FAULT, Reason.BAD_REQUEST, Reason.NO_PROFILE})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line below a verdict. `literal`: not words of ours (a host, a quotation, a code), to be set apart.

    `once`: a quotation that is the same in every language, so the section that comes first is enough.
    """

    name: str
    value: str
    literal: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything that one language section of a block page says."""

    language: str
    title: str
    child: str
    adult: str
    layer: str  # who speaks: the law, the house, the filter
    opens: Fact | None  # when a time block ends
    facts: tuple[Fact, ...]
    review: str | None  # the right to have a person look at it; None for the filter's own troubles
    ask: str | None  # whom to ask; None where asking does not help
    ask_link: str  # what the link to the ask page says
    summary: str  # what opens the facts
    sign: str | None  # accessible name of the category's sign


def shown(text: str, longest: int = _VALUE_LONGEST) -> str:
    """`text` in one line: at most `longest` characters and twice as many bytes of HTML, an ellipsis where it was cut.

    What has no glyph of its own (controls, bidirectional overrides, lone surrogates) becomes U+FFFD: foreign text must
    not reorder the page around it (Unicode TR 36, section 3.1.1).
    """
    line = " ".join(text[: longest * 8].split())
    visible = "".join(letter if letter.isprintable() else _REPLACEMENT for letter in line)
    room = min(2 * longest, _ROOM)
    for position, letter in enumerate(visible[:longest]):
        room -= len(escape(letter).encode())
        if room < 0:
            return visible[: max(position - 1, 0)] + "…"
    return visible if len(visible) <= longest else visible[: longest - 1] + "…"


def category_of_verdict(verdict: Verdict) -> str | None:
    """The category whose sign may stand for the verdict; an estimate is no category of the law (Art. 1(10))."""
    return None if verdict.reason is Reason.ESTIMATE else verdict.category


def notice_of(verdict: Verdict, *, language: str, host: str) -> Notice:
    """What `verdict` says in `language` (`kk`, `ru`, `en`) about `host`; names no person and no age of a person."""
    words = WORDS[language]
    category = category_of_verdict(verdict)
    trouble = verdict.reason in _TROUBLES
    return Notice(
        language=language,
        title=words.say(f"{verdict.reason}.title"),
        child=words.say(f"{verdict.reason}.child"),
        adult=words.say(f"{verdict.reason}.adult"),
        layer=words.say(f"layer.{voice_of(verdict)}"),
        opens=_opens(verdict, words),
        facts=tuple(_facts(verdict, words, host)),
        # Digital Code No. 255-VIII of 9 January 2026: to know the grounds of an automated decision, and human review.
        review=None if trouble else words.say("review"),
        ask=None if trouble else words.say("ask.whom"),
        ask_link=words.say("ask.link"),
        summary=words.say("summary"),
        sign=words.say("sign", category=category) if category else None,
    )


def _opens(verdict: Verdict, words: Words) -> Fact | None:
    """When a time block ends; the end of anything else (a grant, a record) is not the person's concern."""
    if verdict.until is None or verdict.reason not in (Reason.SCHEDULE, Reason.QUOTA):
        return None
    return Fact(words.say("fact.until"), words.moment(verdict.until))


def _facts(verdict: Verdict, words: Words, host: str) -> Iterator[Fact]:
    if host:
        yield Fact(words.say("fact.host"), shown(host, _HOST_LONGEST), literal=True)
    yield from _ages(verdict, words)
    if verdict.evidence:
        yield from _label(verdict.evidence, words)
    yield from _grounds(verdict, words)


def _ages(verdict: Verdict, words: Words) -> Iterator[Fact]:
    age = None if verdict.min_age is None else words.count("age", verdict.min_age)
    if verdict.reason is Reason.ESTIMATE:
        if age:
            yield Fact(words.say("fact.estimate"), f"≈ {age}")
    elif verdict.category:
        exact = f" ({age})" if age and not verdict.category.startswith(str(verdict.min_age)) else ""
        yield Fact(words.say("fact.category"), shown(verdict.category, _MARK_LONGEST) + exact)


def _label(evidence: tuple[Label, ...], words: Words) -> Iterator[Fact]:
    """The label that decided, as it was found; of the others their number."""
    label, others = evidence[0], len(evidence) - 1
    mark, scale = shown(label.mark, _MARK_LONGEST), shown(label.scale, _MARK_LONGEST)
    found = f"{mark} · {scale} · {words.say(f'scope.{label.scope}')}"
    yield Fact(words.say("fact.label"), found + (f" ({words.count('more-labels', others)})" if others else ""))
    yield Fact(words.say("fact.raw"), shown(label.raw, _RAW_LONGEST), literal=True, once=True)
    yield Fact(
        words.say("fact.place"), shown(f"{label.carrier}: {label.place}", _PLACE_LONGEST), literal=True, once=True
    )


def _grounds(verdict: Verdict, words: Words) -> Iterator[Fact]:
    """What the law, the house and the filter say, each in a line of its own: a house rule never passes for law."""
    spoken: dict[str, list[Ground]] = {}
    for ground in verdict.grounds:
        if ground.says > Action.ALLOW and ground.overruled_by is None:
            spoken.setdefault(_fact_of(ground, verdict), []).append(ground)
    for name in ("fact.law", "fact.compared"):
        if name in spoken:
            cited = "; ".join(_cited(ground, words) for ground in spoken[name])
            yield Fact(words.say(name), shown(cited, _LAW_LONGEST))
    for name in ("fact.house", "fact.system"):
        if name in spoken:
            yield Fact(words.say(name), shown(", ".join(ground.rule for ground in spoken[name])), literal=True)


def _fact_of(ground: Ground, verdict: Verdict) -> str:
    """In which line a ground stands. An estimate is measured against an article, but the article does not make it.

    A draft is no law, so it stands with the rules of the house that wants it.
    """
    if ground.draft:
        return "fact.house"
    if ground.cites:
        return "fact.compared" if verdict.reason is Reason.ESTIMATE else "fact.law"
    deciding = ground is verdict.grounds[0]
    own = verdict.layer is Layer.SYSTEM if deciding else ground.where == _FILTER
    return "fact.system" if own else "fact.house"


def _cited(ground: Ground, words: Words) -> str:
    return f"{', '.join(_cite(cite, words) for cite in ground.cites)} ({ground.rule})"


def _cite(cite: str, words: Words) -> str:
    """The citation as the language writes it; one of any other form stays as its pack has it."""
    found = _CITE.fullmatch(cite)
    if found is None:
        return cite
    parts = {name: part for name, part in found.groupdict().items() if part}
    if articles := parts.pop("articles", None):
        return words.say("cite.articles", **parts, article=articles.replace("-", "–"))
    return words.say(f"cite.{[*parts][-1]}", **parts)
