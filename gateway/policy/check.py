"""Every problem of a policy's files, for `qorgan check` and for editors."""

from collections.abc import Iterable, Mapping
from datetime import date

from gateway.policy.assembly import NOTHING, assemble, codex_of
from gateway.policy.draft import read_draft
from gateway.problems import Problem


def check(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str] | None = None,
    day: date | None = None,
    calendars: Mapping[str, str] = NOTHING,
) -> list[Problem]:
    """All problems of `files` (name → text), by file and place; an empty list means that they compile.

    `calendars`: texts of calendar files by their paths. Without `packs` their ids are not looked up; without a `day`
    no age is counted. Never raises.
    """
    draft = read_draft(files, presets)
    codex = codex_of(draft, packs, day) if packs is not None and day is not None else None
    assemble(draft, codex, day, revision="", calendars=calendars)
    return in_order(draft.problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and place, each said once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column))
