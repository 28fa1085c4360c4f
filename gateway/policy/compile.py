"""Policy files, presets and law packs in text → the compiled policy, or every problem at once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from gateway.law.build import build_codex
from gateway.law.codex import Codex
from gateway.law.pack_id import pack_id
from gateway.policy.assembly import assemble, packs_of
from gateway.policy.check import all_problems, in_order
from gateway.policy.draft import Draft
from gateway.policy.holidays import NO_CALENDARS, Calendars
from gateway.policy.law_notes import notes_on_packs
from gateway.policy.layers import read_layers
from gateway.policy.policy import Policy
from gateway.problems import Problem, ProblemsFound


def compile_policy(
    files: Mapping[str, str],
    presets: Mapping[str, str],
    packs: Mapping[str, str],
    day: date,
    calendars: Calendars = NO_CALENDARS,
    *,
    unread: Mapping[str, Problem] = MappingProxyType({}),
    before: Policy | None = None,
) -> Policy:
    """The policy that `files` (name → text) and the presets they extend make, with the law in force on `day`.

    `presets` and `packs` are texts by their paths below policies/, `calendars` those of calendar files by theirs;
    `unread` are files without a text, and why. Raises ProblemsFound with every problem found. Problems of a tenant
    alone are in the policy instead (`Policy.problems`): that tenant keeps what it has in the policy `before`, or gets
    the strict default, and all others have what is written.
    """
    layers = read_layers(files, presets, unread)
    codex = _codex_of(layers.root, packs, day)
    built = assemble(layers, codex, day, before=before.parts if before is not None else {}, calendars=calendars)
    if layers.root.problems or codex is None:
        raise ProblemsFound(in_order(all_problems(layers)))
    house, tenants = built.house, built.tenants
    return Policy(
        people=MappingProxyType({**house.people, **tenants.people}),
        groups=MappingProxyType({**house.groups, **tenants.groups}),
        clues=tenants.table.index(built.default),
        codex=codex,
        stances=house.stances,
        zone=house.zone,
        hosts=built.hosts,
        lists=built.lists,
        revision=_revision([*files.items(), *presets.items(), *_texts_of(calendars)], codex),
        notes=(*built.notes, *notes_on_packs(layers.root.settings.get("packs"), codex)),
        parts=MappingProxyType(tenants.parts),
        problems=tuple(in_order(problem for tenant in layers.tenants for problem in tenant.problems)),
    )


def _codex_of(draft: Draft, packs: Mapping[str, str], day: date) -> Codex | None:
    """The law in force on `day`, as the draft asks for it; None when a pack is unknown or faulty: the draft says so."""
    ids = packs_of(draft, map(pack_id, packs))
    if ids is None:
        return None
    try:
        return build_codex(packs, ids, day)
    except ProblemsFound as found:
        draft.problems += found.problems
        return None


def _texts_of(calendars: Calendars) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in calendars.items() if isinstance(text, str))


def _revision(texts: Iterable[tuple[str, str]], codex: Codex) -> str:
    digest = hashlib.sha256(codex.revision.encode())
    for name, text in sorted(texts):
        for part in (name, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]
