"""An operator's tenants: each a house of its own over what the operator wrote, and none able to harm another.

A tenant whose file is faulty does not keep the others out. It keeps what it had in the policy before; where there is
none, its clients count as one strict stranger: the youngest of its people, by the operator's rules and the strict
stances. Where not even its clients can be told from others', every client that no other tenant knows is that stranger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from gateway.policy.clues import ClueTable
from gateway.policy.draft import Draft
from gateway.policy.fitting import FIT
from gateway.policy.holidays import Calendars, build_calendar
from gateway.policy.house import House, build_house, zone_of
from gateway.policy.layers import Layers, TenantDraft
from gateway.policy.limits import LimitsTable
from gateway.policy.people import UNKNOWN
from gateway.policy.policy import Part
from gateway.policy.salvage import salvage_clues
from gateway.policy.stances import Stances
from gateway.policy.written import ADULT
from gateway.profiles.clue import ADDRESSES, Claim
from gateway.profiles.person import Age, Person, youngest

if TYPE_CHECKING:  # `qorgan check` reads no law, and is quicker for it
    from gateway.law.codex import Codex

_NEWBORN: Final = Age(0)
STRICT: Final = "strict"


class Tenants:
    """All tenants, compiled: `parts` is what is in force of each, `table` has the clues of all and of the operator."""

    def __init__(
        self,
        layers: Layers,
        codex: "Codex | None",
        day: date | None,
        operator: House,
        before: Mapping[str, Part],
        calendars: Calendars,
    ) -> None:
        self._layers, self._codex, self._day, self._operator, self._before = layers, codex, day, operator, before
        self._calendars = calendars
        self._limits: dict[tuple[tuple[str, ...], str], LimitsTable] = {}
        self.nobody_known = self._stranger(UNKNOWN, (_NEWBORN,))
        for name, base in layers.bases.items():
            self._shared_limits(name, base)
            layers.root.problems += base.problems
        houses = {tenant.name: self._house(tenant) for tenant in layers.tenants if tenant.draft is not None}
        disputed = self._disputes(houses)
        self.notes = [note for tenant in layers.tenants if not tenant.problems for note in houses[tenant.name].notes]
        self.parts = {tenant.name: self._part(tenant, houses.get(tenant.name)) for tenant in layers.tenants}
        self.table = self._table(disputed)

    @property
    def people(self) -> dict[str, Person]:
        return {name: person for part in self.parts.values() for name, person in part.people.items()}

    @property
    def groups(self) -> dict[str, frozenset[str]]:
        return {name: people for part in self.parts.values() for name, people in part.groups.items()}

    @property
    def hides_clients(self) -> bool:
        """Whether the clients of some tenant cannot be told from others'."""
        return any(tenant.hidden and tenant.name not in self._before for tenant in self._layers.tenants)

    def ages(self) -> Iterator[Age]:
        """The ages of all tenants' people: an unknown client may be any of them."""
        return (age for part in self.parts.values() for person in part.people.values() for age in person.ages)

    def _house(self, tenant: TenantDraft) -> House:
        draft, base = tenant.draft, self._layers.bases[tenant.base]
        assert draft is not None
        added = any(
            len(own) > len(inherited)
            for own, inherited in (
                (draft.rules, base.rules),
                (draft.timetable, base.timetable),
                (draft.quota, base.quota),
                (draft.holidays, base.holidays),
                (draft.terms, base.terms),
                (draft.without, base.without),
            )
        )
        shared = None if added else self._shared_limits(tenant.base, draft)
        return build_house(draft, self._codex, self._day, self._calendars, shared)

    def _shared_limits(self, name: tuple[str, ...], draft: Draft) -> LimitsTable:
        """The limits of those who add none of their own, compiled once for each base and zone."""
        zone = zone_of(draft)
        key = (name, str(zone))
        if key not in self._limits:
            base = self._layers.bases[name]
            self._limits[key] = LimitsTable(base, {}, zone, build_calendar(base, self._calendars, self._day, zone))
        return self._limits[key]

    def _disputes(self, houses: Mapping[str, House]) -> list[Claim]:
        """The clues that two tenants claim. The second has a problem by it, and so has who claims the operator's."""
        table = ClueTable()
        table.add("", self._operator.claims.found)
        disputed = []
        good = [tenant for tenant in self._layers.tenants if not tenant.problems]
        for tenant in good:
            for claim, owner in table.add(tenant.name, houses[tenant.name].claims.found):
                disputed += [claim] if owner else []
                _note_dispute(tenant, houses[tenant.name], claim, "already belongs to", owner)
        for tenant in good:
            for claim in houses[tenant.name].claims.found:
                for owner in table.around(claim) if claim.kind == ADDRESSES else ():
                    if owner not in ("", tenant.name):
                        _note_dispute(tenant, houses[tenant.name], claim, "lies in a network of", owner)
        return disputed

    def _part(self, tenant: TenantDraft, house: House | None) -> Part:
        if house is not None and not tenant.problems:
            return Part(people=house.people, groups=house.groups, claims=tuple(house.claims.found))
        if tenant.name in self._before:
            return self._before[tenant.name]
        seen = tenant.draft is not None and tenant.draft.unfit == FIT  # else somebody younger may not be
        ages = tuple(house.ages.values()) if house is not None and seen else ()
        stranger = self._stranger(f"{tenant.name}/{UNKNOWN}", ages or (_NEWBORN,))
        clues = {clue for source in tenant.roots for clue in salvage_clues(source.root)}
        return Part(people={}, groups={}, claims=tuple(Claim(kind, clue, stranger) for kind, clue in sorted(clues)))

    def _table(self, disputed: list[Claim]) -> ClueTable:
        """The clues of all. What two tenants claim means the strict stranger; what a faulty one has comes last."""
        table = ClueTable()
        table.add("", self._operator.claims.found)
        for tenant in sorted(self._layers.tenants, key=lambda tenant: bool(tenant.problems)):
            table.add(tenant.name, self.parts[tenant.name].claims)
        for claim in disputed:
            table.give(claim, self.nobody_known)
        return table

    def _stranger(self, name: str, ages: tuple[Age, ...]) -> Person:
        """Somebody of whom too little is known to be given more: what the operator limits, and the strict stances."""
        strict = self._codex.stances.get(STRICT) if self._codex is not None else None
        limits = self._operator.limits.strictest((), adult=False)
        return Person(
            name=name,
            ages=youngest((*ages, Age(ADULT - 1))),
            zone=self._operator.zone,
            stances=replace(strict or Stances(base=STRICT), local_allow_up_to=0, safe_search=True),
            as_child=limits,
            as_adult=limits,
        )


def _note_dispute(tenant: TenantDraft, house: House, claim: Claim, how: str, owner: str) -> None:
    whose = f"the tenant {owner!r}" if owner else "somebody of the operator"
    hint = "a clue means one client: give it to one of them"
    tenant.problems.append(house.claims.problem(claim.kind, claim.clue, f"{claim.clue} {how} {whose}", hint))
