"""People for whom the same holds: they are asked about once, whatever their names, ages and clues."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from gateway.hosts.index import HostIndex
from gateway.hosts.suffix import suffixes
from gateway.policy.rules import Rule, Rules
from gateway.profiles.grant import Grant
from gateway.profiles.person import Limits, Person
from gateway.proof.timed import hosts_of, said_of_host

type _IsKnown = Callable[[str], bool]  # whether more hangs on the name of a host than its rules


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
    told: dict[tuple[int, int], tuple[object, _IsKnown]] = {}  # many people share one value, which is looked at once
    for person in people:
        pair = (id(person.as_child), id(person.as_adult))
        if pair not in told:
            known = _known(person, hosts)
            said = tuple(_of_limits(each, known, named=named) for each in (person.as_child, person.as_adult))
            told[pair] = said, known
        limits, known = told[pair]
        grants = frozenset(_of_grant(grant, known, named=named) for grant in person.grants)
        groups.setdefault((limits, grants, person.stances, person.zone, *_others(person)), []).append(person)
    return tuple(Alike(found[0], tuple(person.name for person in found)) for found in groups.values())


_SEEN: Final = frozenset(["name", "ages", "zone", "stances", "as_child", "as_adult", "groups", "grants", "language"])


def _others(person: Person) -> Iterator[Any]:
    """What else a policy may say of somebody: whoever differs in it is asked about apart."""
    for each in fields(person):
        if each.name not in _SEEN:
            value = getattr(person, each.name)
            yield id(value) if isinstance(value, Mapping) or value.__hash__ is None else value


def _known(person: Person, hosts: HostIndex) -> _IsKnown:
    """Whether a list knows a host, or the hours of the person are about it."""
    timed = hosts_of(person)
    return lambda host: hosts.lookup(host) is not None or any(name in timed for name in suffixes(host))


def _of_limits(limits: Limits, known: _IsKnown, *, named: bool) -> object:
    return _of_rules(limits.rules, known, named=named), limits.timetable.key


def spots(person: Person, hosts: HostIndex) -> tuple[Spot, ...]:
    """One spot for each different thing that the rules, hours and grants of a person say of hosts."""
    known = _known(person, hosts)
    found: dict[object, Spot] = {}
    for host in sorted(hosts_of(person)):
        found.setdefault((_of_host(host, hosts), said_of(person, Spot(host, "/"))), Spot(host, "/"))
    for limits in (person.as_child, person.as_adult):
        for host, rules in limits.rules.by_host.items():
            for path in ("/", *sorted({rule.path for rule in rules if rule.path})):
                speaking = _speaking(limits.rules, host, path)
                found.setdefault((_named(host, limits.rules, known), path == "/", speaking), Spot(host, path))
    for grant in person.grants:
        if grant.host:
            spot = Spot(grant.host, grant.path or "/")
            speaking = _speaking(person.as_child.rules, grant.host, spot.path)
            found.setdefault((_of_grant(grant, known), speaking), spot)
    return tuple(dict.fromkeys(found.values()))


def said_of(person: Person, spot: Spot) -> object:
    """Everything that a person's rules, hours and grants say of a spot."""
    rules = tuple(_speaking(limits.rules, spot.host, spot.path) for limits in (person.as_child, person.as_adult))
    hosts = frozenset(suffixes(spot.host))
    grants = frozenset(
        (grant.until, grant.minutes)
        for grant in person.grants
        if grant.host in hosts and _covers(grant.path or "", spot.path)
    )
    return rules, grants, said_of_host(person, spot.host)


def all_spots(person: Person) -> Iterator[Spot]:
    """Every host and path that a rule, an hour or a grant of a person names."""
    for limits in (person.as_child, person.as_adult):
        for host, rules in limits.rules.by_host.items():
            yield from (Spot(host, path) for path in dict.fromkeys(rule.path or "/" for rule in rules))
    yield from (Spot(grant.host, grant.path or "/") for grant in person.grants if grant.host)
    yield from (Spot(host, "/") for host in sorted(hosts_of(person)))


def _of_host(host: str, hosts: HostIndex) -> object:
    record = hosts.lookup(host)
    return record and (record.kind, record.topics, record.exempt, record.audience)


def _of_rules(rules: Rules, known: _IsKnown, *, named: bool) -> object:
    """What the rules say, with the names of hosts left out where nothing hangs on them."""
    by_host = frozenset(
        (host if named else _named(host, rules, known), frozenset((rule.path, _of_rule(rule)) for rule in own))
        for host, own in rules.by_host.items()
    )
    return by_host, tuple(_of_rule(rule) for rule in rules.hostless)


def _named(host: str, rules: Rules, known: _IsKnown) -> str:
    """A host that no list knows, no hours are about and no rule names from above is like any other."""
    above = [suffix for suffix in suffixes(host) if suffix != host and suffix in rules.by_host]
    return host if above or known(host) else ""


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


def _of_grant(grant: Grant, known: _IsKnown, *, named: bool = False) -> object:
    host = grant.host if named or known(grant.host) else bool(grant.host)
    return (host, grant.path if named else grant.path is not None, grant.until, grant.minutes)
