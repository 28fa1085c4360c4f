"""Policy files, presets and law packs in text → the compiled policy, or every problem at once."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from gateway.law.codex import Codex
from gateway.policy.assembly import NOTHING, assemble, codex_of
from gateway.policy.check import in_order
from gateway.policy.draft import read_draft
from gateway.policy.policy import Policy
from gateway.problems import ProblemsFound


def compile_policy(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str],
    day: date,
    calendars: Mapping[str, str] = NOTHING,
) -> Policy:
    """The policy that `files` (name → text) and the presets they extend make, with the law in force on `day`.

    `presets` and `packs` are texts by their paths below policies/, `calendars` those of calendar files by theirs.
    Raises ProblemsFound with every problem found.
    """
    draft = read_draft(files, presets)
    codex = codex_of(draft, packs, day)
    revision = _revision([*files.items(), *presets.items(), *calendars.items()], codex)
    policy = assemble(draft, codex, day, revision, calendars)
    if draft.problems or policy is None:
        raise ProblemsFound(in_order(draft.problems))
    return policy


def _revision(texts: Iterable[tuple[str, str]], codex: Codex | None) -> str:
    digest = hashlib.sha256(codex.revision.encode() if codex else b"")
    for name, text in sorted(texts):
        for part in (name, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]
