"""Acts of further countries: each is asked by itself, the strictest counts, every ground names its own article."""

from dataclasses import replace

from gateway.decision.claim import NO_CLAIMS, Claims, topic_of
from gateway.decision.finding import Finding, age_of, as_old_as, find_by_pack, overrule
from gateway.decision.question import Question
from gateway.decision.verdict import Action
from gateway.hosts.record import HostRecord
from gateway.law.codex import Codex, Provision


def exemption(record: HostRecord | None, codex: Codex) -> Provision | None:
    """The provision that takes the host out of the codex (Art. 2). Without evidence there is none."""
    if record is None or record.exempt is None or not record.exempt.evidence.strip():
        return None
    return codex.exempt.get(record.exempt.ground)


def with_other_countries(question: Question, claims: Claims, finding: Finding) -> Finding:
    """`finding` is what the first country's acts and the stances say; the others can only add to it.

    An exemption of one act lifts nothing of another country's. The category shown stays the first country's.
    """
    first = question.profile.codex
    for codex in first.beside:
        spoken = _spoken(question, claims, codex)
        if spoken is None or spoken.action == Action.ALLOW:
            continue
        if spoken.category is not None:
            spoken = spoken._replace(category=first.step(age_of(spoken)).category)
        if spoken.action > finding.action:
            # A category that fits, or one of another act's, is not what keeps the page back.
            finding = as_old_as(overrule(finding, spoken)._replace(category=spoken.category), finding, first)
        elif spoken.action == finding.action and age_of(spoken) > age_of(finding):
            finding = spoken._replace(grounds=spoken.grounds + finding.grounds)
        else:
            finding = as_old_as(finding, spoken, first)._replace(grounds=finding.grounds + spoken.grounds)
    return finding


def _spoken(question: Question, claims: Claims, codex: Codex) -> Finding | None:
    profile, record = question.profile, question.host
    if profile.age >= codex.child_below or exemption(record, codex) is not None:
        return None
    asked = replace(question, profile=replace(profile, codex=codex))
    # An act without a ladder says nothing of labels; that a label counts all the same, the first country has said.
    seen = (claims if codex.has_ladder else NO_CLAIMS)._replace(topic=topic_of(record, codex))
    spoken = find_by_pack(asked, seen)
    if spoken is None:
        return None
    cited = tuple(ground for ground in spoken.grounds if ground.cites)
    return spoken._replace(grounds=cited) if cited else None
