"""Every problem of a policy's files, for `qorgan check` and for editors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from gateway.law.pack_id import pack_id
from gateway.policy.assembly import DEFAULT_PACKS, assemble, packs_of
from gateway.policy.holidays import NO_CALENDARS, Calendars
from gateway.policy.layers import Layers, read_layers
from gateway.policy.lists import ListSource
from gateway.policy.source import Source
from gateway.problems import Problem, ProblemsFound


@dataclass(frozen=True, slots=True)
class Checked:
    """Every problem of a policy, in order; notes on what is accepted; what in its files is the
    installation's; and the lists that it loads.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    installations: tuple[Source, ...]
    lists: tuple[ListSource, ...]


def check(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str] | None = None,
    day: date | None = None,
    calendars: Calendars = NO_CALENDARS,
) -> list[Problem]:
    """All problems of `files` (name → text), by file and place; an empty list means that they compile.

    `packs` are the texts of the law packs by their paths, `calendars` those of calendar files by theirs. Without packs
    their ids are not looked up, and they are read only where a policy names others than everybody's. Without a `day` no
    age is counted. Never raises.
    """
    return list(check_all(files, presets, packs, day, calendars=calendars).problems)


def check_all(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str] | None = None,
    day: date | None = None,
    unread: Mapping[str, Problem] = MappingProxyType({}),
    calendars: Calendars = NO_CALENDARS,
) -> Checked:
    """As `check`, with all else that is found on the way; `unread` are files that have no text, and why."""
    layers = read_layers(files, presets, unread)
    ids = packs_of(layers.root, map(pack_id, packs)) if packs is not None else None
    built = assemble(layers, None, day, calendars=calendars)
    notes = built.notes
    if packs is not None and ids is not None and day is not None and tuple(ids) != DEFAULT_PACKS:
        notes += _law_notes(layers, packs, ids, day)
    return Checked(tuple(in_order(all_problems(layers))), notes, tuple(layers.installations), built.lists)


def _law_notes(layers: Layers, packs: Mapping[str, str], ids: Sequence[str], day: date) -> tuple[Problem, ...]:
    from gateway.law.build import build_codex  # reading the law costs a check most of its time
    from gateway.policy.law_notes import notes_on_packs

    try:
        return tuple(notes_on_packs(layers.root.settings.get("packs"), build_codex(packs, ids, day)))
    except ProblemsFound as found:
        layers.root.problems += found.problems
        return ()


def all_problems(layers: Layers) -> list[Problem]:
    """The problems of a policy and of its tenants."""
    return [*layers.root.problems, *(problem for tenant in layers.tenants for problem in tenant.problems)]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and place, each said once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column))
