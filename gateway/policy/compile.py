"""Policy files, presets and law packs in text → the compiled policy, or every problem at once."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from gateway.law.codex import Codex
from gateway.policy.assembly import assemble, codex_of
from gateway.policy.check import all_problems, in_order
from gateway.policy.layers import read_layers
from gateway.policy.policy import Policy
from gateway.policy.source import Source
from gateway.problems import Problem, ProblemsFound


def compile_policy(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str],
    day: date,
    *,
    unread: Mapping[str, Problem] = MappingProxyType({}),
    before: Policy | None = None,
) -> Policy:
    """The policy that `files` (name → text) and the presets they extend make, with the law in force on `day`.

    `presets` and `packs` are texts by their paths below policies/; `unread` are files without a text, and why. Raises
    ProblemsFound with every problem found. Problems of a tenant alone are in the policy instead (`Policy.problems`):
    that tenant keeps what it has in the policy `before`, or gets the strict default, and all others have what is
    written.
    """
    found = try_policy(files, presets, packs, day, unread=unread, before=before)
    if found.policy is None:
        raise ProblemsFound(found.problems)
    return found.policy


@dataclass(frozen=True, slots=True)
class Tried:
    """What files make: every problem of theirs, in order; the policy, unless one of them is more than a tenant's."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    installations: tuple[Source, ...]  # what stands in the same files and is the installation's


def try_policy(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str],
    day: date,
    *,
    unread: Mapping[str, Problem] = MappingProxyType({}),
    before: Policy | None = None,
) -> Tried:
    """As `compile_policy`, and never raises."""
    layers = read_layers(files, presets, unread)
    codex = codex_of(layers.root, packs, day)
    policy = assemble(layers, codex, day, _revision([*files.items(), *presets.items()], codex), before)
    if layers.root.problems:
        policy = None
    return Tried(policy, tuple(in_order(all_problems(layers))), tuple(layers.installations))


def _revision(texts: Iterable[tuple[str, str]], codex: Codex | None) -> str:
    digest = hashlib.sha256(codex.revision.encode() if codex else b"")
    for name, text in sorted(texts):
        for part in (name, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]
