"""A mark that was read somewhere → its label."""

from gateway.labels.label import Label, Scope, Trust
from gateway.labels.scales import Mark


def label_of(
    mark: Mark, *, scope: Scope, trust: Trust, carrier: str, raw: str, place: str, part: str | None = None
) -> Label:
    """The label that states `mark`; everything else is as in Label."""
    return Label(
        scale=mark.scale,
        mark=mark.mark,
        min_age=mark.min_age,
        scope=scope,
        trust=trust,
        carrier=carrier,
        raw=raw,
        place=place,
        part=part,
    )
