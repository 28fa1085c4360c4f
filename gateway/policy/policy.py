"""A compiled policy: frozen, asked by everybody, replaced whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from gateway.hosts.record import HostRecord
from gateway.policy.lists import ListSource
from gateway.policy.stances import Stances
from gateway.problems import Problem
from gateway.profiles.clue import Claim, ClueIndex
from gateway.profiles.person import Person

if TYPE_CHECKING:  # `qorgan check` reads no law, and is quicker for it
    from gateway.law.codex import Codex


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a tenant has in a policy: its people and groups, as `tenant/name`, and the clues that mean some of them."""

    people: Mapping[str, Person]
    groups: Mapping[str, frozenset[str]]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who is here, what holds for them, and what the household knows of hosts."""

    people: Mapping[str, Person]
    groups: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))  # name → people
    clues: ClueIndex
    codex: "Codex"
    stances: Stances
    zone: tzinfo
    hosts: tuple[HostRecord, ...] = ()
    lists: tuple[ListSource, ...] = ()  # what is to be loaded besides
    revision: str  # changes with any text that went in
    notes: tuple[Problem, ...] = ()  # what is accepted, but should be written differently
    parts: Mapping[str, Part] = field(default_factory=lambda: MappingProxyType({}))  # tenant → what is in force of it
    problems: tuple[Problem, ...] = ()  # of tenants, who therefore have not what is written for them

    @property
    def default(self) -> Person | None:
        """Who an unknown client on an unknown listener counts as; None: it is refused."""
        return self.clues.default
