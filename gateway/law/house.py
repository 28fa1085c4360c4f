"""What holds whatever the packs say: the gateway's own grounds. They cite no law, so they are never shown as law."""

from typing import Final

from gateway.decision.verdict import Action, Effect, Ground
from gateway.law.codex import Parts, Provision

HELP_LINE_KIND: Final = "help-line"
PRIVATE_KINDS: Final = frozenset({"private"})
PRIVATE_AUDIENCES: Final = frozenset({"limited"})

_WHERE: Final = "gateway"


def _provision(rule: str, says: Action, effect: Effect) -> Provision:
    where = "stances" if rule.startswith("stance.") else _WHERE
    return Provision(ground=Ground(rule=rule, where=where, says=says), effect=effect)


PRIVATE: Final = _provision("house.private", Action.ALLOW, Effect.OUT_OF_SCOPE)
ADULT: Final = _provision("house.adult", Action.ALLOW, Effect.ALLOW)
HELP_LINE: Final = _provision("house.help-line", Action.ALLOW, Effect.ALLOW)
FAULT: Final = _provision("house.fault", Action.BLOCK, Effect.BLOCK)
UNREADABLE: Final = _provision("stance.unreadable", Action.BLOCK, Effect.RESTRICT)
UNREADABLE_ASK: Final = _provision("stance.unreadable", Action.ASK, Effect.RESTRICT)

# The stance for pages without a label is the household's or school's own, so it speaks in the local layer.
UNLABELLED: Final = {
    Action.ALLOW: _provision("stance.unlabelled", Action.ALLOW, Effect.ALLOW),
    Action.MASK: _provision("stance.unlabelled", Action.BLOCK, Effect.BLOCK),  # nothing is known that could be masked
    Action.ASK: _provision("stance.unlabelled", Action.ASK, Effect.RESTRICT),
    Action.BLOCK: _provision("stance.unlabelled", Action.BLOCK, Effect.BLOCK),
}
SIGN_MISSING: Final = _provision("stance.unlabelled-online-publication", Action.BLOCK, Effect.BLOCK)
SITE_SIGN_STANCE: Final = "stance.site-sign-binds"

# A publisher's own age label counts even where no pack in force has a ladder: the label is a statement, not a law.
LABEL: Final = _provision("house.label", Action.BLOCK, Effect.BLOCK)
PARTS: Final = Parts(
    whole=frozenset(),
    listings=frozenset({"schedule", "search", "web-shop"}),
    ground=Ground(rule="house.parts", where=_WHERE, says=Action.MASK),
)
