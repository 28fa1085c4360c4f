"""A draft and the law → the policy: every name is looked up, every value compiled."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from gateway.hosts.record import Exempt, HostRecord
from gateway.law.build import build_codex
from gateway.law.codex import Codex
from gateway.law.pack import pack_id
from gateway.policy.draft import Draft
from gateway.policy.house import build_house
from gateway.policy.layers import Layers
from gateway.policy.people import default_of
from gateway.policy.policy import Policy
from gateway.policy.shape import HostShape
from gateway.policy.tenants import Tenants
from gateway.problems import ProblemsFound

DEFAULT_PACKS: Final = ("kz/169-vi",)


def codex_of(draft: Draft, packs: Mapping[str, str], day: date) -> Codex | None:
    """The law in force on `day`, as the draft asks for it; None when a pack is unknown or faulty: the draft says so."""
    written = draft.settings.get("packs")
    ids = written.value if written else DEFAULT_PACKS
    known = {pack_id(path) for path in packs}
    unknown = [index for index, name in enumerate(ids) if name not in known] if written else []
    if written and unknown:
        for index in unknown:
            draft.note_unknown(written, f"there is no law pack {ids[index]!r}", ids[index], known, (index,))
        return None
    try:
        return build_codex(packs, ids, day)
    except ProblemsFound as found:
        draft.problems += found.problems
        return None


def assemble(
    layers: Layers, codex: Codex | None, day: date | None, revision: str, before: Policy | None = None
) -> Policy | None:
    """Looks up every name; notes what is not known in the drafts. None without a codex.

    A tenant with problems does not keep the others from being assembled: see gateway/policy/tenants.py. `before` is the
    policy that holds, from which such a tenant keeps what it had.
    """
    draft = layers.root
    house = build_house(draft, codex, day)
    tenants = Tenants(layers, codex, day, house, before.parts if before else {})
    default = default_of(draft, house.people, house.strangers, tenants.ages())
    if tenants.hides_clients:
        default = tenants.nobody_known
        tenants.table.give_shared("", default)
    if codex is None:
        return None
    return Policy(
        people=MappingProxyType({**house.people, **tenants.people}),
        groups=MappingProxyType({**house.groups, **tenants.groups}),
        clues=tenants.table.index(default),
        codex=codex,
        stances=house.stances,
        zone=house.zone,
        hosts=tuple(record_of(written.value, written.where) for written in draft.hosts),
        revision=revision,
        notes=(*house.notes, *tenants.notes),
        parts=MappingProxyType(tenants.parts),
        problems=tuple(problem for tenant in layers.tenants for problem in tenant.problems),
    )


def record_of(shape: HostShape, where: str) -> HostRecord:
    """What a written entry says of a host."""
    exempt = Exempt(shape.exempt.ground, shape.exempt.evidence) if shape.exempt else None
    return HostRecord(
        host=shape.host,
        kind=shape.kind,
        topics=frozenset(shape.topics),
        exempt=exempt,
        audience=shape.audience,
        source=shape.source or where,
    )
