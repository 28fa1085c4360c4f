"""Written clues → the index by which clients are known, of one house or of an operator with all its tenants."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from types import MappingProxyType
from typing import Any, Final

from gateway.policy.draft import Draft
from gateway.policy.people import UNKNOWN, Strangers
from gateway.policy.shape import PersonShape
from gateway.policy.source import Written
from gateway.problems import Problem
from gateway.profiles.clue import ADDRESSES, KINDS, LISTENERS, Claim, ClueIndex, login_key, networks_of
from gateway.profiles.person import Person

_PERSONAL: Final = ("logins", "devices", "tokens")


@dataclass(slots=True)
class Claims:
    """The clues of one house, each once, with the places where they are written."""

    found: list[Claim] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[Written[Any], tuple[str | int, ...]]] = field(default_factory=dict)

    def problem(self, kind: str, clue: str, message: str, hint: str) -> Problem:
        written, at = self.places[kind, clue]
        return written.problem(message, hint, at=at)


def claims_of(
    draft: Draft,
    groups: Mapping[str, frozenset[str]],
    people: Mapping[str, Person],
    strangers: Strangers,
    stranger: Person | None,
) -> Claims:
    """The clues of a house. One that two people share becomes a problem, but for listeners: they mean any of the two.

    `stranger` is who an unknown client on a tenant's line is.
    """
    claims = Claims()
    listeners: dict[str, list[str]] = {}
    rooms: set[str] = set()
    for name, person in draft.people.items():
        for index, listener in enumerate(person.value.listeners):
            listeners.setdefault(listener, []).append(name)
            claims.places.setdefault((LISTENERS, listener), (person, (LISTENERS, index)))
        for kind, index, clue in clues_of(person.value):
            _claim(draft, claims, kind, clue, people[name], person, (kind, index))
    for name, group in draft.groups.items():
        for index, listener in enumerate(group.value.listeners):
            listeners.setdefault(listener, []).extend(sorted(groups[name] or people))
            rooms.add(listener)
            claims.places.setdefault((LISTENERS, listener), (group, (LISTENERS, index)))
        for index, network in enumerate(group.value.addresses):
            anybody = strangers.among(groups[name] or people, f"{UNKNOWN}@{name}")
            _claim(draft, claims, ADDRESSES, network, anybody, group, (ADDRESSES, index))
    for listener, names in listeners.items():
        is_one = len(names) == 1 and listener not in rooms
        anybody = people[names[0]] if is_one else strangers.among(names, f"{UNKNOWN}@{listener}")
        claims.found.append(Claim(LISTENERS, listener, anybody))
    if draft.line is not None and stranger is not None:
        for index, listener in enumerate(draft.line.value.listeners):
            _claim(draft, claims, LISTENERS, listener, stranger, draft.line, (LISTENERS, index))
        for index, network in enumerate(draft.line.value.addresses):
            _claim(draft, claims, ADDRESSES, network, stranger, draft.line, (ADDRESSES, index))
    return claims


def clues_of(person: PersonShape) -> Iterator[tuple[str, int, str]]:
    """Kind, index and canonical text of what one person alone is known by."""
    for index, login in enumerate(person.logins):
        yield "logins", index, login_key(login)
    for kind in (ADDRESSES, "devices", "tokens"):
        for index, clue in enumerate(getattr(person, kind)):
            yield kind, index, clue


def _claim(
    draft: Draft,
    claims: Claims,
    kind: str,
    clue: str,
    person: Person,
    written: Written[Any],
    at: tuple[str | int, ...],
) -> None:
    """A house knows each clue once. The tenant's own line may be somebody's, who is then not unknown there."""
    other, _ = claims.places.setdefault((kind, clue), (written, at))
    if other is written:
        claims.found.append(Claim(kind, clue, person))
    elif written is not draft.line:
        message = f"this already belongs to {other.path[-1]}"
        draft.problems.append(written.problem(message, f"see {other.where}", at=at))


class ClueTable:
    """The clues of several houses. The first to claim a clue has it; `dispute` gives it to somebody else."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], Person] = {}
        self._houses: dict[tuple[str, str], str] = {}
        self._prefixes: dict[int, set[int]] = {4: set(), 6: set()}

    def add(self, house: str, claims: Iterable[Claim]) -> list[tuple[Claim, str]]:
        """Adds the claims of a house; gives back those that another house has already, with its name."""
        disputed = []
        for claim in claims:
            key = (claim.kind, claim.clue)
            owner = self._houses.setdefault(key, house)
            if owner != house:
                disputed.append((claim, owner))
                continue
            self._people[key] = claim.person
            if claim.kind == ADDRESSES:
                network = ip_network(claim.clue)
                self._prefixes[network.version].add(network.prefixlen)
        return disputed

    def around(self, claim: Claim) -> Iterator[str]:
        """The houses that have a network around the one that is claimed."""
        network = ip_network(claim.clue)
        for length in self._prefixes[network.version]:
            if length < network.prefixlen:
                house = self._houses.get((ADDRESSES, str(network.supernet(new_prefix=length))))
                if house is not None:
                    yield house

    def give(self, claim: Claim, person: Person) -> None:
        """From now on the clue means `person`."""
        self._people[claim.kind, claim.clue] = person

    def give_shared(self, house: str, person: Person) -> None:
        """From now on what a house knows of lines, and not of persons, means `person`."""
        for key, owner in self._houses.items():
            if owner == house and key[0] not in _PERSONAL:
                self._people[key] = person

    def index(self, default: Person | None) -> ClueIndex:
        """The index that clients are looked up in; `default` is who they count as when no clue is known."""
        tables: dict[str, dict[str, Person]] = {kind: {} for kind in KINDS}
        for (kind, clue), person in self._people.items():
            tables[kind][clue] = person
        return ClueIndex(
            logins=MappingProxyType(tables["logins"]),
            tokens=MappingProxyType(tables["tokens"]),
            devices=MappingProxyType(tables["devices"]),
            networks=networks_of(tables[ADDRESSES].items()),
            listeners=MappingProxyType(tables[LISTENERS]),
            default=default,
        )
