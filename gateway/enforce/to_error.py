"""The pages that need nothing but memory: made at import, sent when anything else fails."""

from types import MappingProxyType
from typing import Final

from gateway.decision.verdict import Action, Effect, Layer, Reason, Verdict
from gateway.enforce.answer import Answer
from gateway.enforce.to_page import to_page


def system_verdict(reason: Reason, detail: str = "") -> Verdict:
    """The verdict of the gateway itself when it cannot judge: closed, for the given reason."""
    return Verdict(action=Action.BLOCK, reason=reason, effect=Effect.BLOCK, layer=Layer.SYSTEM, detail=detail)


_PAGES: Final = MappingProxyType(
    {
        reason: to_page(system_verdict(reason), accept_language=None, host="")
        for reason in (Reason.FAULT, Reason.BAD_REQUEST, Reason.NO_PROFILE)
    }
)


def last_resort_page(reason: Reason) -> Answer:
    """The page for `reason`, a constant since import: cannot fail. A reason without one gets the fault page."""
    return _PAGES.get(reason, _PAGES[Reason.FAULT])
