"""The calendar files (iCalendar) that lie beside policy files and are named in them."""

from collections.abc import Mapping
from pathlib import Path

from gateway.policy.holidays import beside
from gateway.policy.hours_shape import CALENDAR_NAME
from gateway.problems import Problem, ProblemsFound
from gateway.store.files import text_of


def read_calendars(files: Mapping[str, str]) -> dict[str, str]:
    """The texts of the calendar files that policies (name → text) name, by their paths.

    One that is missing is left out: the policy says so at the place where it is named. Raises ProblemsFound for those
    that cannot be read. Blocks.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    # A name counts wherever it stands in the text; which of them means a calendar, the shape of the policy says.
    for path in {beside(name, found) for name, text in files.items() for found in CALENDAR_NAME.findall(text)}:
        try:
            if Path(path).exists():
                texts[path] = text_of(Path(path))
        except ProblemsFound as found:
            problems.extend(found.problems)
    if problems:
        raise ProblemsFound(problems)
    return texts
