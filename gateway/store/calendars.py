"""The calendar files (iCalendar) that lie beside policy files and are named in them."""

from collections.abc import Mapping
from pathlib import Path

from gateway.policy.holidays import beside
from gateway.policy.hours_shape import CALENDAR_NAME
from gateway.problems import Problem, ProblemsFound
from gateway.store.files import text_of


def read_calendars(files: Mapping[str, str]) -> dict[str, str | Problem]:
    """The texts of the calendar files that policies (name → text) name, by their paths, or why one cannot be read.

    One that is missing is left out: the policy says so at the place where it is named. Blocks.
    """
    # A name counts wherever it stands in the text; which of them means a calendar, the shape of the policy says.
    paths = {
        beside(name, found) for name, text in files.items() if ".ics" in text for found in CALENDAR_NAME.findall(text)
    }
    return {path: _read(Path(path)) for path in sorted(paths) if Path(path).exists()}


def _read(path: Path) -> str | Problem:
    try:
        return text_of(path)
    except ProblemsFound as found:
        return found.problems[0]
