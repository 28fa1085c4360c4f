"""Every problem of a policy's files, for `qorgan check` and for editors."""

from collections.abc import Iterable, Mapping
from datetime import date

from gateway.policy.assembly import assemble, codex_of
from gateway.policy.layers import Layers, read_layers
from gateway.problems import Problem


def check(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str] | None = None,
    day: date | None = None,
) -> list[Problem]:
    """All problems of `files` (name → text), by file and place; an empty list means that they compile.

    Without `packs` their ids are not looked up; without a `day` no age is counted. Never raises.
    """
    layers = read_layers(files, presets)
    codex = codex_of(layers.root, packs, day) if packs is not None and day is not None else None
    assemble(layers, codex, day, revision="")
    return in_order(all_problems(layers))


def all_problems(layers: Layers) -> list[Problem]:
    """The problems of a policy and of its tenants."""
    return [*layers.root.problems, *(problem for tenant in layers.tenants for problem in tenant.problems)]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and place, each said once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column))
