"""A draft and the law → the policy: every name is looked up, every value compiled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gateway.hosts.record import Exempt, HostRecord
from gateway.policy.draft import Draft
from gateway.policy.holidays import NO_CALENDARS, Calendars
from gateway.policy.house import House, build_house
from gateway.policy.layers import Layers
from gateway.policy.lists import ListSource, build_lists
from gateway.policy.people import default_of
from gateway.policy.policy import Part
from gateway.policy.shape import HostShape
from gateway.policy.tenants import Tenants
from gateway.problems import Problem
from gateway.profiles.person import Person

if TYPE_CHECKING:  # `qorgan check` reads no law, and is quicker for it
    from gateway.law.codex import Codex

DEFAULT_PACKS: Final = ("kz/169-vi",)


def packs_of(draft: Draft, known: Iterable[str]) -> Sequence[str] | None:
    """The ids of the packs that a draft asks for, of those `known`; None when one is not: the draft says so."""
    written = draft.settings.get("packs")
    if written is None:
        return DEFAULT_PACKS
    ids: Sequence[str] = written.value
    names = frozenset(known)
    unknown = [index for index, name in enumerate(ids) if name not in names]
    for index in unknown:
        draft.note_unknown(written, f"there is no law pack {ids[index]!r}", ids[index], names, (index,))
    return None if unknown else ids


@dataclass(frozen=True, slots=True)
class Assembled:
    """Every name looked up: the operator's (or the only) house, its tenants, who an unknown client is, and notes."""

    house: House
    tenants: Tenants
    default: Person | None
    hosts: tuple[HostRecord, ...]
    lists: tuple[ListSource, ...]
    notes: tuple[Problem, ...]


def assemble(
    layers: Layers,
    codex: "Codex | None",
    day: date | None,
    *,
    before: Mapping[str, Part] = MappingProxyType({}),
    calendars: Calendars = NO_CALENDARS,
) -> Assembled:
    """Looks up every name; notes what is not known in the drafts. Without a codex, stances begin with their defaults.

    A tenant with problems does not keep the others from being assembled: see gateway/policy/tenants.py. `before` is
    what holds of the tenants; `calendars` are the texts of calendar files by their paths.
    """
    house = build_house(layers.root, codex, day, calendars)
    tenants = Tenants(layers, codex, day, house, before, calendars)
    default = default_of(layers.root, house.people, house.strangers, tenants.ages())
    if tenants.hides_clients:
        default = tenants.nobody_known
        tenants.table.give_shared("", default)
    hosts = tuple(record_of(written.value, written.where) for written in layers.root.hosts)
    drafts = [layers.root, *layers.bases.values(), *(each.draft for each in layers.tenants if each.draft is not None)]
    lists, idle = build_lists(layers.root, drafts)
    return Assembled(house, tenants, default, hosts, lists, (*house.notes, *tenants.notes, *idle))


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
