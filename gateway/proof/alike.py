"""People for whom the same holds: they are asked about once, whatever their names, ages and clues."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from gateway.hosts.index import HostIndex
from gateway.hosts.suffix import suffixes
from gateway.policy.rules import Rule, Rules
from gateway.profiles.grant import Grant
from gateway.profiles.person import Limits, Person


@dataclass(frozen=True, slots=True)
class Alike:
    """`person` stands for all of `names`: the same rules, hours, stances and grants but for the names of hosts."""

    person: Person
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of the web of which rules or grants speak. `path` is "/" for a whole host."""

    host: str
    path: str


def alike(people: Iterable[Person], hosts: HostIndex, *, named: bool = False) -> tuple[Alike, ...]:
    """The people in groups for whom the same holds, in the order in which the first of each is given.

    `named`: whether the names of hosts count as well.
    """
    groups: dict[object, list[Person]] = {}
    told: dict[int, object] = {}  # many people share one value, which is looked at once
    for person in people:
        limits = tuple(_once(told, each, hosts, named=named) for each in (person.as_child, person.as_adult))
        grants = frozenset(_of_grant(grant, hosts, named=named) for grant in person.grants)
        groups.setdefault((limits, grants, person.stances, person.zone, *_others(person)), []).append(person)
    return tuple(Alike(found[0], tuple(person.name for person in found)) for found in groups.values())


_SEEN: Final = frozenset(["name", "ages", "zone", "stances", "as_child", "as_adult", "groups", "grants", "language"])


def _others(person: Person) -> Iterator[Any]:
    """What else a policy may say of somebody: whoever differs in it is asked about apart."""
    for each in fields(person):
        if each.name not in _SEEN:
            value = getattr(person, each.name)
            yield id(value) if isinstance(value, Mapping) or value.__hash__ is None else value


def _once(told: dict[int, object], limits: Limits, hosts: HostIndex, *, named: bool) -> object:
    if id(limits) not in told:
        told[id(limits)] = (_of_rules(limits.rules, hosts, named=named), limits.timetable.key)
    return told[id(limits)]


def spots(person: Person, hosts: HostIndex) -> tuple[Spot, ...]:
    """One spot for each different thing that the rules and grants of a person say of hosts."""
    found: dict[object, Spot] = {}
    for limits in (person.as_child, person.as_adult):
        for host, rules in limits.rules.by_host.items():
            for path in ("/", *sorted({rule.path for rule in rules if rule.path})):
                speaking = _speaking(limits.rules, host, path)
                found.setdefault((_named(host, limits.rules, hosts), path == "/", speaking), Spot(host, path))
    for grant in person.grants:
        if grant.host:
            spot = Spot(grant.host, grant.path or "/")
            speaking = _speaking(person.as_child.rules, grant.host, spot.path)
            found.setdefault((_of_grant(grant, hosts), speaking), spot)
    return tuple(dict.fromkeys(found.values()))


def said_of(person: Person, spot: Spot) -> object:
    """Everything that a person's rules and grants say of a spot."""
    rules = tuple(_speaking(limits.rules, spot.host, spot.path) for limits in (person.as_child, person.as_adult))
    hosts = frozenset(suffixes(spot.host))
    grants = frozenset(
        (grant.until, grant.minutes)
        for grant in person.grants
        if grant.host in hosts and _covers(grant.path or "", spot.path)
    )
    return rules, grants


def all_spots(person: Person) -> Iterator[Spot]:
    """Every host and path that a rule or grant of a person names."""
    for limits in (person.as_child, person.as_adult):
        for host, rules in limits.rules.by_host.items():
            yield from (Spot(host, path) for path in dict.fromkeys(rule.path or "/" for rule in rules))
    yield from (Spot(grant.host, grant.path or "/") for grant in person.grants if grant.host)


def _of_rules(rules: Rules, hosts: HostIndex, *, named: bool) -> object:
    """What the rules say, with the names of hosts left out where nothing hangs on them."""
    by_host = frozenset(
        (host if named else _named(host, rules, hosts), frozenset((rule.path, _of_rule(rule)) for rule in own))
        for host, own in rules.by_host.items()
    )
    return by_host, tuple(_of_rule(rule) for rule in rules.hostless)


def _named(host: str, rules: Rules, hosts: HostIndex) -> str:
    """A host that no list knows and that no rule names from above is like any other."""
    above = [suffix for suffix in suffixes(host) if suffix != host and suffix in rules.by_host]
    return host if above or hosts.lookup(host) is not None else ""


def _speaking(rules: Rules, host: str, path: str) -> frozenset[object]:
    """The rules that may speak at a spot."""
    return frozenset(
        _of_rule(rule)
        for suffix in suffixes(host)
        for rule in rules.by_host.get(suffix, ())
        if _covers(rule.path, path)
    )


def _covers(path: str, asked: str) -> bool:
    """Whether what is said of `path` ("": of a whole host) is said of `asked` too."""
    return not path or asked == path or asked.startswith(path.rstrip("/") + "/")


def _of_rule(rule: Rule) -> object:
    return (rule.hit.says, rule.hit.reason, rule.hit.until, rule.topics, rule.kinds, rule.category, rule.asked)


def _of_grant(grant: Grant, hosts: HostIndex, *, named: bool = False) -> object:
    host = grant.host if named or hosts.lookup(grant.host) is not None else bool(grant.host)
    return (host, grant.path if named else grant.path is not None, grant.until, grant.minutes)
