"""What is remembered of fetched lists between two runs: a small file beside them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gateway.store.fault import DataFault
from gateway.store.private_files import read, write

FILE: Final = "state.json"
_MOMENTS: Final = ("fetched", "asked", "due")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """How the fetching of one list stands. Moments are aware."""

    origin: str = ""  # the address that the rest is about; "" for a list that is a file
    etag: str | None = None  # of the copy that was taken (RFC 9110, section 8.8.3)
    modified: str | None = None  # its Last-Modified, as it was sent
    fetched: datetime | None = None  # when the copy came, or was last found unchanged
    asked: datetime | None = None
    due: datetime | None = None  # when it is asked for again
    failures: int = 0  # since the last success
    error: str | None = None  # why the last attempt brought nothing


def read_states(folder: Path) -> dict[str, ListState]:
    """The states by the lists' names; what cannot be read counts as never fetched. Blocks."""
    try:
        plain = json.loads(read(folder / FILE))
        return {str(name): _state_of(state) for name, state in plain["lists"].items()}
    except (DataFault, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_states(folder: Path, states: Mapping[str, ListState]) -> None:
    """Puts the states of all lists in the place of what was there. Raises DataFault. Blocks."""
    plain = {name: _plain(state) for name, state in states.items()}
    write(folder / FILE, json.dumps({"lists": plain}, indent=1).encode())


def _plain(state: ListState) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(state).items()}


def _state_of(plain: Mapping[str, Any]) -> ListState:
    known = {field.name for field in fields(ListState)}
    values = {key: value for key, value in plain.items() if key in known}
    for key in _MOMENTS:
        if values.get(key) is not None:
            moment = datetime.fromisoformat(values[key])
            if moment.tzinfo is None:
                raise ValueError("a moment without an offset")
            values[key] = moment
    if not isinstance(values.get("failures", 0), int):
        raise TypeError("failures is a number")
    return ListState(**values)
