"""The one decision: question in, verdict out; total and pure, the same at every edge."""

from typing import Any

from gateway.decision.claim import Claims, weigh
from gateway.decision.countries import exemption, with_other_countries
from gateway.decision.finding import Finding, age_of, as_old_as, find_by_pack, overrule, provision_for, say
from gateway.decision.hours import with_hours
from gateway.decision.permission import Local, ask_local
from gateway.decision.question import Asked, Channel, Question
from gateway.decision.registration import with_registration
from gateway.decision.verdict import Action, Layer, Reason, Unsealed, Verdict
from gateway.labels.label import Status
from gateway.law import house
from gateway.law.codex import MISSING_SIGN, Codex, Provision
from gateway.policy.stances import Stances

_NOT_SEEN = "Decided without seeing the page, by what is known of its host."


def decide(question: Question) -> Verdict:
    """The verdict on a question. It never raises: a fault is a block, for minors and for whoever's age is unknown."""
    try:
        return _decide(question)
    except Exception as fault:  # noqa: BLE001 - fail closed: whatever is wrong, a page must not pass because of it
        return _close(question, fault)


def _decide(question: Question) -> Verdict:
    """The order is the law of this module; each step says which of its findings is final."""
    profile = question.profile
    codex, record = profile.codex, question.host
    kind = None if record is None else record.kind

    # 1. Out of scope, Art. 1(1): private traffic is not judged at all.
    if record is not None and (kind in codex.private_kinds or record.audience in codex.private_audiences):
        return _verdict(question, say(codex.private, Reason.OUT_OF_SCOPE))

    claims = weigh(question)
    oldest = claims.oldest
    category = codex.step(oldest).category if oldest >= 0 else None
    flags = _flags(question, claims, kind)

    # 2. Adults. Their own rules and hours hold only where their own policy asks for it; the pack never does.
    is_adult = profile.age >= codex.child_below
    if is_adult and not profile.stances.adults_opened:
        return _verdict(question, _adult(codex, category, oldest), flags)

    # 3. Help lines and reporting pages: no list, label or rule beats it.
    if kind == house.HELP_LINE_KIND:
        return _verdict(question, say(house.HELP_LINE, Reason.HELP_LINE))

    # 4. The local layer: a block is final; whatever else it says is weighed against the rest.
    local = ask_local(question, oldest)
    if local.limits is not None and local.limits.action == Action.BLOCK:
        finding = local.limits if local.allows is None else overrule(local.allows, local.limits)
        return _verdict(question, finding, flags)

    # 5.-7. The pack: Art. 2, labels and lists, what cannot be read, what has no label.
    if is_adult:
        finding = _adult(codex, category, oldest)
    else:
        exempt = exemption(record, codex)
        if exempt is None:
            finding = _find(question, claims, kind)
        else:
            finding, flags = _exempt(question, claims, exempt), ()
        if codex.beside:
            finding = with_other_countries(question, claims, finding)
    finding = _with_local(finding, local, profile.stances)

    # 8. Registration packs: signing up, never viewing or signing in.
    if question.action == Asked.REGISTER and codex.registration:
        finding = with_registration(question, finding, kind)

    # 9. The time: nothing that was allowed so far is open when the time is blocked.
    if not profile.timetable.empty and finding.action < Action.BLOCK:
        finding, soon = with_hours(question, finding)
        flags += soon
    return _verdict(question, finding, flags)


def _adult(codex: Codex, category: str | None, oldest: int) -> Finding:
    return say(codex.adult, Reason.ADULT, category=category, min_age=None if category is None else oldest)


def _exempt(question: Question, claims: Claims, exempt: Provision) -> Finding:
    """Art. 2: the law does not apply, so there is no category; what would have spoken is kept as overruled."""
    finding = say(exempt, Reason.EXEMPT)
    spoken = find_by_pack(question, claims)
    if spoken is None or spoken.action == Action.ALLOW:
        return finding
    return overrule(spoken._replace(category=None, min_age=None), finding)


def _find(question: Question, claims: Claims, kind: str | None) -> Finding:
    """Labels, lists and estimates; where they are silent or leave a doubt, the stances."""
    finding, reading = find_by_pack(question, claims), question.reading
    if reading is not None and reading.status == Status.UNREADABLE:
        stance = _unreadable(question)
    elif finding is None or (finding.action == Action.MASK and claims.whole is None):
        # The rest of a page of which only a part has a label is a page without a label.
        stance = _unlabelled(question, claims, kind)
    else:
        return finding
    if finding is None:
        return stance
    if finding.action > stance.action or (finding.action == stance.action and age_of(finding) >= age_of(stance)):
        return as_old_as(finding, stance, question.profile.codex)
    # What a guardian's allow may lift is measured by the older of both.
    told = max(stance, finding, key=age_of)
    return stance._replace(
        grounds=stance.grounds + finding.grounds,
        category=None if claims.mentions else told.category,
        min_age=told.min_age,
        evidence=finding.evidence,
    )


def _unreadable(question: Question) -> Finding:
    """As 18+ for everyone under 18; a stance may ask instead of block, and never allow."""
    asks = question.profile.stances.unreadable == Action.ASK
    min_age = question.profile.codex.child_below
    finding = say(house.UNREADABLE_ASK if asks else house.UNREADABLE, Reason.UNREADABLE, min_age=min_age)
    return finding if asks else finding._replace(effect=provision_for(question, min_age).effect)


def _unlabelled(question: Question, claims: Claims, kind: str | None) -> Finding:
    profile = question.profile
    stances, codex = profile.stances, profile.codex
    provision = house.UNLABELLED[stances.for_unlabelled(profile.age)]
    if stances.unlabelled_online_publication == "block" and _misses_sign(question, claims, kind):
        provision = house.SIGN_MISSING
    sign = codex.site_sign
    beside = (sign.set_aside,) if sign is not None and claims.sign_age > profile.age else ()
    return say(provision, Reason.UNLABELLED, Layer.LOCAL, beside=beside)


def _with_local(finding: Finding, local: Local, stances: Stances) -> Finding:
    """The local layer's allow lifts what is not above its limit; its ask is a floor for all that is left."""
    if local.allows is not None:
        finding = _with_allow(finding, local.allows, stances)
    limits = local.limits
    if limits is None:
        return finding
    granted = local.allows is not None and local.allows.reason == Reason.GRANT
    if granted or limits.action <= finding.action:
        return overrule(limits, finding)
    return overrule(finding, limits)


def _with_allow(finding: Finding, allows: Finding, stances: Stances) -> Finding:
    if finding.action == Action.ALLOW:
        told = finding.category, finding.min_age, finding.evidence
        return allows._replace(
            grounds=allows.grounds + finding.grounds, category=told[0], min_age=told[1], evidence=told[2]
        )
    if finding.min_age is None or finding.min_age <= stances.local_allow_up_to:
        return overrule(finding, allows)
    return overrule(allows, finding)


def _misses_sign(question: Question, claims: Claims, kind: str | None) -> bool:
    """Art. 15(2): an online publication that was read and has no sign; any other resource needs none, 15(2)(6)."""
    return (
        kind in question.profile.codex.signed_kinds
        and question.reading is not None
        and question.reading.status != Status.UNREADABLE
        and not claims.labelled
        and claims.sign is None
    )


def _flags(question: Question, claims: Claims, kind: str | None) -> tuple[str, ...]:
    """What is to be shown besides the verdict: defects of signs, and the watershed of Art. 17(1)."""
    codex, reading, stances = question.profile.codex, question.reading, question.profile.stances
    read = reading.flags if reading is not None else ()
    flags = tuple(flag for flag in read if flag != MISSING_SIGN) if read else ()
    if stances.unlabelled_online_publication != "none" and _misses_sign(question, claims, kind):
        flags += (MISSING_SIGN,)
    watershed = codex.watershed
    if watershed is not None and claims.oldest >= watershed.min_age and not question.paid_decoder:
        simulcast = kind in watershed.simulcasts and stances.simulcast_is_broadcast
        if (simulcast or question.channel == Channel.BROADCAST) and watershed.covers(question.moment):
            flags += (watershed.flag,)
    return flags


def _verdict(question: Question, finding: Finding, flags: tuple[str, ...] = ()) -> Verdict:
    profile = question.profile
    grounds = finding.grounds
    if flags:
        grounds += tuple(profile.codex.flags[flag] for flag in flags if flag in profile.codex.flags)
    made: Any = Unsealed()
    made.action = finding.action
    made.reason = finding.reason
    made.effect = finding.effect
    made.layer = finding.layer
    made.category = finding.category
    made.min_age = finding.min_age
    made.grounds = grounds
    made.evidence = finding.evidence
    made.flags = flags
    made.revision = profile.revision or profile.codex.revision
    made.until = finding.until
    made.detail = _detail(question, finding)
    made.__class__ = Verdict
    verdict: Verdict = made
    return verdict


def _detail(question: Question, finding: Finding) -> str:
    seen = _NOT_SEEN if question.reading is None else ""
    exempt = None if question.host is None else question.host.exempt
    if finding.reason != Reason.EXEMPT or exempt is None:
        return seen
    return f"{seen} Exempt as {exempt.ground.value} by this evidence: {exempt.evidence}.".lstrip()


def _close(question: Question, fault: Exception) -> Verdict:
    """The verdict when the decision itself failed. Only somebody known to be an adult passes."""
    try:
        age: object = question.profile.age
        adult = isinstance(age, int) and age >= 18
    except Exception:  # noqa: BLE001 - an age that cannot be read is unknown
        adult = False
    provision, reason = (house.ADULT, Reason.ADULT) if adult else (house.FAULT, Reason.FAULT)
    return Verdict(
        action=provision.ground.says,
        reason=reason,
        effect=provision.effect,
        layer=provision.layer,
        grounds=(provision.ground,),
        # The kind of fault, never its text: that may hold what somebody visited.
        detail=f"The decision failed: {type(fault).__name__}.",
    )
