"""What the household or school itself says of an address: rules that speak now, and grants that hold now."""

from typing import NamedTuple

from gateway.decision.finding import Finding
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason
from gateway.document.url import Url
from gateway.labels.category import CATEGORIES, category_of
from gateway.policy.rules import Hit
from gateway.profiles.grant import Grant

_OLDEST = CATEGORIES["18+"]
_CATEGORIES = tuple(category_of(age) for age in range(_OLDEST + 1))  # by exact age
_EFFECTS = {
    Action.ALLOW: Effect.ALLOW,
    Action.MASK: Effect.BLOCK_ITEM,
    Action.ASK: Effect.RESTRICT,
    Action.BLOCK: Effect.BLOCK,
}


class Local(NamedTuple):
    """What the local layer says: `limits` is the strictest limiting rule, `allows` a grant or an allowing rule."""

    limits: Finding | None
    allows: Finding | None


SILENT = Local(None, None)


def ask_local(question: Question, oldest: int) -> Local:
    """The local layer's word on the question. `oldest`: the age of what is claimed (completed years); -1: nothing is.

    A household writes its rules in the six categories of law 169-VI, whichever acts hold.
    """
    rules, grants = question.profile.rules, question.profile.grants
    if rules.empty and not grants:
        return SILENT
    hits = rules.match(question.url, question.host, question.action, _category(oldest))
    if not hits and not grants:
        return SILENT
    now = [hit for hit in hits if hit.until is None or hit.until > question.moment]
    limits = max((hit for hit in now if hit.says > Action.ALLOW), key=lambda hit: hit.says, default=None)
    allows = next((hit for hit in now if hit.says == Action.ALLOW), None)
    grant = next((grant for grant in grants if _holds(grant, question)), None)
    return Local(
        None if limits is None else _by_rule(limits),
        _by_grant(grant) if grant is not None else None if allows is None else _by_rule(allows),
    )


def _category(oldest: int) -> str | None:
    return _CATEGORIES[min(oldest, _OLDEST)] if oldest >= 0 else None


def _by_rule(hit: Hit) -> Finding:
    ground = Ground(rule=hit.rule, where=hit.where, says=hit.says)
    return Finding(hit.says, hit.reason, _EFFECTS[hit.says], Layer.LOCAL, (ground,), until=hit.until)


def _by_grant(grant: Grant) -> Finding:
    ground = Ground(rule=f"grant.{grant.id}", where=grant.where, says=Action.ALLOW)
    return Finding(Action.ALLOW, Reason.GRANT, Effect.ALLOW, Layer.LOCAL, (ground,), until=grant.until)


def _holds(grant: Grant, question: Question) -> bool:
    """Whether the grant is for this person, this address and this moment; `until` itself is too late."""
    profile = question.profile
    return (
        (profile.person in grant.people or not profile.groups.isdisjoint(grant.people))
        and (grant.until is None or question.moment < grant.until)
        and _covers(grant, question.url, "" if question.host is None else question.host.host)
    )


def _covers(grant: Grant, url: Url | None, known_host: str) -> bool:
    host = known_host if url is None else url.host
    if not grant.host or (host != grant.host and not host.endswith("." + grant.host)):
        return False
    if grant.path is None:
        return True
    # "/a" covers "/a" and "/a/b", not "/ab"
    return url is not None and (url.path == grant.path or url.path.startswith(grant.path.rstrip("/") + "/"))
