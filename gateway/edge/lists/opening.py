"""The compiled lists as the gate asks them, and how each list stands."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gateway.edge.lists.order import FOLDER, meanings_of
from gateway.hosts.listed import Listed
from gateway.policy.lists import ListSource
from gateway.store.host_file import COMPILED, CannotMap, open_mapped
from gateway.store.list_state import ListState

_log = logging.getLogger(__name__)

_NEVER: Final = ListState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a list stands. `compiled`: what its reading found (RunHead in JSON values); None: nothing of it is in use."""

    source: ListSource
    compiled: Mapping[str, Any] | None
    error: str | None
    fetched: datetime | None = None
    due: datetime | None = None

    @property
    def word(self) -> str:
        """`good`, `old` (an older reading is in use) or `missing`."""
        if self.compiled is None:
            return "missing"
        return "good" if self.error is None else "old"

    @property
    def bad(self) -> int:
        """Lines that were left out."""
        return sum(self.compiled["bad"].values()) if self.compiled is not None else 0

    def to_json(self) -> dict[str, Any]:
        """For whoever watches the gateway; the addresses of lists may hold a key, so they stay out."""
        return {
            "name": self.source.name,
            "state": self.word,
            "entries": self.compiled["entries"] if self.compiled is not None else 0,
            "bad_lines": self.bad,
            "error": self.error,
            "fetched": self.fetched.isoformat() if self.fetched else None,
            "due": self.due.isoformat() if self.due else None,
        }


def open_lists(data: Path, lists: Sequence[ListSource], *, mend: bool = False) -> Listed | None:
    """What the lists of a policy say; None when nothing is compiled yet, or it is damaged. Blocks.

    `mend`: a damaged file is put away, so that it is made anew.
    """
    path = data / FOLDER / COMPILED
    if not lists or not path.exists():
        return None
    try:
        return Listed.of(open_mapped(path), meanings_of(lists))
    except (CannotMap, ValueError) as fault:
        _log.error("the compiled lists cannot be used, and are made anew: %s", fault)
        if mend:
            path.unlink(missing_ok=True)
        return None


def standings(
    lists: Sequence[ListSource], compiled: Sequence[Mapping[str, Any]], states: Mapping[str, ListState]
) -> tuple[Standing, ...]:
    """How the lists of a policy stand. `compiled`: the lists in the compiled file, as its head has them."""
    found = {each["name"]: each for each in compiled}
    made = []
    for source in lists:
        state = states.get(source.name, _NEVER)
        error = state.error
        if error is None and source.name not in found:
            error = "it was not compiled yet"
        made.append(
            Standing(source=source, compiled=found.get(source.name), error=error, fetched=state.fetched, due=state.due)
        )
    return tuple(made)
