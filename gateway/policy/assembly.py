"""A draft and the law → the policy: every name is looked up, every value compiled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.decision.verdict import Action
from gateway.hosts.record import Exempt, HostRecord
from gateway.law.build import build_codex
from gateway.law.codex import Codex
from gateway.law.pack import pack_id
from gateway.policy.audience import read_groups
from gateway.policy.draft import Draft
from gateway.policy.limits import LimitsTable
from gateway.policy.lists import build_lists
from gateway.policy.people import Strangers, build_clues, build_people, read_ages
from gateway.policy.policy import Policy
from gateway.policy.shape import HostShape
from gateway.policy.stances import Foreign, Stances
from gateway.problems import Problem, ProblemsFound

DEFAULT_PACKS: Final = ("kz/169-vi",)
DEFAULT_ZONE: Final = "Asia/Almaty"  # one zone for all of Kazakhstan since 2024-03-01


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


def assemble(draft: Draft, codex: Codex | None, day: date | None, revision: str) -> Policy | None:
    """Looks up every name; notes what is not known in the draft. None without a codex."""
    notes: list[Problem] = []
    written = draft.settings.get("zone")
    zone = ZoneInfo(written.value if written else DEFAULT_ZONE)
    stances = _stances(draft, codex)
    groups = read_groups(draft)
    ages = read_ages(draft, day, notes)
    limits = LimitsTable(draft, groups, zone)
    people = build_people(draft, groups, ages, limits, stances, zone, day)
    clues = build_clues(draft, people, Strangers(people, limits, stances, zone))
    lists = build_lists(draft, notes)
    if codex is None:
        return None
    return Policy(
        people=MappingProxyType(people),
        groups=MappingProxyType(groups),
        clues=clues,
        codex=codex,
        stances=stances,
        zone=zone,
        hosts=tuple(record_of(written.value, written.where) for written in draft.hosts),
        lists=lists,
        revision=revision,
        notes=tuple(notes),
    )


def _stances(draft: Draft, codex: Codex | None) -> Stances:
    """What was written, over what the packs say the base means."""
    given: dict[str, Any] = {name: written.value for name, written in draft.stances.items()}
    base = given.pop("base", "default")
    start = (codex.stances.get(base) if codex else None) or Stances(base=base)
    if "unreadable" in given:
        given["unreadable"] = Action[given["unreadable"].upper()]
    if "foreign" in given:
        given["foreign"] = Foreign(given["foreign"])
    return replace(start, **given)


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
