"""Which processes were replaced since the gateway's start, and why: the supervisor counts, the keeper tells."""

from collections.abc import Mapping
from typing import Any, Final

ENDED: Final = "ended"
SILENT: Final = "silent"  # it ran, and did not answer any more


class Replaced:
    """Counts by process and reason; goes over a line of JSON as a plain value."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}

    def count(self, name: str, why: str) -> None:
        """`name` is the place's, as it is shown."""
        by_reason = self._counts.setdefault(name, {})
        by_reason[why] = by_reason.get(why, 0) + 1

    def to_json(self) -> Mapping[str, Mapping[str, int]]:
        return {name: dict(by_reason) for name, by_reason in self._counts.items()}

    def take(self, told: Any) -> None:
        """What the supervisor told, in place of what is known. Raises ValueError, TypeError or AttributeError."""
        self._counts = {str(name): {str(why): int(n) for why, n in counts.items()} for name, counts in told.items()}
