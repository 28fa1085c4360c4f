"""What one layer says of a question, before the order of the decision makes a verdict of it."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from gateway.decision.claim import Claims, over_age_parts
from gateway.decision.question import Channel, Estimate, Question
from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason
from gateway.labels.label import Label, Scope
from gateway.law.codex import Codex, Provision, TopicEntry


class Finding(NamedTuple):
    """A verdict in the making; the fields are those of Verdict."""

    action: Action
    reason: Reason
    effect: Effect
    layer: Layer
    grounds: tuple[Ground, ...]
    category: str | None = None
    min_age: int | None = None
    evidence: tuple[Label, ...] = ()
    until: datetime | None = None


def say(
    provision: Provision,
    reason: Reason,
    layer: Layer | None = None,
    *,
    category: str | None = None,
    min_age: int | None = None,
    beside: tuple[Ground, ...] = (),
) -> Finding:
    """What the provision says; `beside`: grounds that spoke as well. `layer` None: the provision's own."""
    ground = provision.ground
    return Finding(
        ground.says, reason, provision.effect, layer or provision.layer, (ground, *beside), category, min_age
    )


def overrule(finding: Finding, by: Finding) -> Finding:
    """`by` decides instead of `finding`, whose grounds and evidence are kept as overruled."""
    rule = by.grounds[0].rule
    kept = tuple(ground if ground.overruled_by else replace(ground, overruled_by=rule) for ground in finding.grounds)
    return by._replace(
        grounds=by.grounds + kept,
        # The category of a part that would have been taken out is not the page's.
        category=by.category or (None if finding.action == Action.MASK else finding.category),
        min_age=finding.min_age if by.min_age is None else by.min_age,
        evidence=by.evidence or finding.evidence,
    )


def age_of(finding: Finding) -> int:
    """The exact age behind a finding (completed years); -1: there is none."""
    return -1 if finding.min_age is None else finding.min_age


def as_old_as(finding: Finding, other: Finding, codex: Codex) -> Finding:
    """`finding` with the age of `other` where that is greater: a guardian's allow is measured by the older of both."""
    if age_of(other) <= age_of(finding):
        return finding
    category = None if finding.category is None else codex.step(age_of(other)).category
    return finding._replace(min_age=other.min_age, category=category)


def find_by_pack(question: Question, claims: Claims) -> Finding | None:
    """What labels, lists and estimates say under the packs in force; None when nothing speaks of this page.

    The strictest counts. Over-age parts that can be taken out are masked unless the whole is over age anyway.
    """
    profile = question.profile
    codex, age = profile.codex, profile.age
    bound = claims.sign is not None and profile.stances.site_sign_binds
    over = _over_age(question, claims, bound)
    if over:
        finding = _strictest(over)
    elif claims.part_age > age:
        finding = _find_masked(question, claims)
    else:
        oldest, label = claims.whole_age, claims.whole
        if claims.part_age > oldest and not claims.mentions:
            oldest, label = claims.part_age, claims.part
        if bound and claims.sign_age > oldest:
            oldest, label = claims.sign_age, claims.sign
        if label is None:
            return None
        step = codex.step(oldest)
        layer, grounds = step.fits.layer, (step.fits.ground,)
        finding = Finding(
            Action.ALLOW, Reason.LABEL_FITS, Effect.ALLOW, layer, grounds, step.category, oldest, (label,)
        )
    if claims.sign_age > age and not bound and codex.site_sign is not None:
        return finding._replace(grounds=(*finding.grounds, codex.site_sign.set_aside))
    return finding


def _over_age(question: Question, claims: Claims, bound: bool) -> list[Finding]:
    """Everything that is above the person's age and speaks of the whole page."""
    codex, age = question.profile.codex, question.profile.age
    over = []
    if claims.whole_age > age and claims.whole is not None:
        provision = provision_for(question, claims.whole_age)
        over.append(_block(question, provision, Reason.LABEL, claims.whole_age, claims.whole))
    if bound and claims.sign_age > age and claims.sign is not None and codex.site_sign is not None:
        over.append(_block(question, codex.site_sign.provision, Reason.SITE_SIGN, claims.sign_age, claims.sign))
    if claims.topic is not None and claims.topic.min_age > age:
        over.append(_by_topic(question, claims.topic))
    if question.estimate is not None:
        over += _find_by_estimate(question, question.estimate, rated=claims.whole is not None)
    if over and claims.part_age > age and claims.part is not None and not claims.mentions:
        # The page is kept back whole: then its category is that of its oldest part (Art. 15(3)).
        provision = provision_for(question, claims.part_age)
        over.append(_block(question, provision, Reason.LABEL, claims.part_age, claims.part))
    return over


def _strictest(over: list[Finding]) -> Finding:
    if len(over) == 1:
        return over[0]
    # Among equal ages the one found first decides: a label before a list, a list before an estimate.
    over.sort(key=lambda finding: -(finding.min_age or 0))
    grounds = dict.fromkeys(ground for finding in over for ground in finding.grounds)
    evidence = dict.fromkeys(label for finding in over for label in finding.evidence)
    return over[0]._replace(grounds=tuple(grounds), evidence=tuple(evidence))


def provision_for(question: Question, min_age: int) -> Provision:
    """The provision that keeps back what is for `min_age` and above: a film mark, Art. 16(3), or the ladder."""
    codex = question.profile.codex
    step = codex.step(min_age)
    if question.channel != Channel.INTERNET:
        return step.broadcast
    film, record = codex.film, question.host
    if film is not None and min_age >= film.min_age and record is not None and record.kind in film.kinds:
        return film.provision
    return step.internet


def _block(
    question: Question, provision: Provision, reason: Reason, min_age: int, label: Label | None = None
) -> Finding:
    category = question.profile.codex.step(min_age).category
    evidence = () if label is None else (label,)
    grounds: tuple[Ground, ...] = (provision.ground,)
    if label is not None and label.scope == Scope.PART:
        grounds += (replace(question.profile.codex.parts.ground, says=Action.BLOCK),)
    return Finding(Action.BLOCK, reason, provision.effect, provision.layer, grounds, category, min_age, evidence)


def _by_topic(question: Question, topic: TopicEntry) -> Finding:
    """A topic that makes its host 18+ is kept back as 18+ is; one that an act only keeps back has no category."""
    if topic.provision is not None:
        return _block(question, topic.provision, Reason.TOPIC, topic.min_age)._replace(category=None)
    finding = _block(question, provision_for(question, topic.min_age), Reason.TOPIC, topic.min_age)
    return finding._replace(grounds=(*finding.grounds, topic.ground))


def _find_by_estimate(question: Question, estimate: Estimate, *, rated: bool) -> list[Finding]:
    """An estimate never carries a category of the law and never speaks in the legal layer.

    A label of the page beats an estimate on the ladder; content beyond the ladder counts beside any label, because
    Art. 16(3) looks at the information itself.
    """
    profile = question.profile
    min_age = min(estimate.min_age, len(profile.codex.steps) - 1)
    if min_age <= profile.age or estimate.confidence < profile.stances.estimate_from:
        return []
    return [
        _block(question, spoken.provision, Reason.ESTIMATE, min_age)._replace(layer=Layer.SYSTEM, category=None)
        for spoken in profile.codex.estimates
        if spoken.above < min_age <= spoken.up_to and (spoken.beats_labels or not rated)
    ]


def _find_masked(question: Question, claims: Claims) -> Finding:
    """Only parts are over age: each of them is evidence, so that it can be taken out."""
    profile = question.profile
    step = profile.codex.step(claims.part_age)
    provision = provision_for(question, claims.part_age)
    ground = replace(provision.ground, says=Action.MASK)
    parts = profile.codex.parts.ground
    return Finding(
        Action.MASK,
        Reason.LABEL,
        Effect.BLOCK_ITEM,
        provision.layer,
        (ground, parts),
        step.category,
        claims.part_age,
        over_age_parts(question),
    )
