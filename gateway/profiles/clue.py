"""How a client is told apart: clues, and the index from each kind of clue to a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from types import MappingProxyType
from typing import Final

from gateway.profiles.person import Person

LISTENERS: Final = "listeners"
ADDRESSES: Final = "addresses"
KINDS: Final = (LISTENERS, ADDRESSES, "logins", "devices", "tokens")  # of clues that a policy can write


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What an edge knows of a client; every clue is optional. Nothing in it was sent by the client unverified."""

    listener: str | None = None
    address: str | None = None  # of the socket, IPv4 or IPv6
    login: str | None = None  # verified by a password or ticket
    token: str | None = None  # as presented; compared by its SHA-256
    device: str | None = None  # MAC address
    person: str | None = None  # whom a paired device proved to belong to, by the name in the policy; nothing beats it


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a clue is. `kind` is one of KINDS, `clue`: its canonical text."""

    kind: str
    clue: str
    person: Person


type _Networks = Mapping[int, Mapping[int, Person]]  # bits of the host part → network number → person


def _nobody() -> Mapping[str, Person]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueIndex:
    """One table for each kind of clue. The order in which they are asked is the order of trust."""

    logins: Mapping[str, Person] = field(default_factory=_nobody)  # by `login_key`
    tokens: Mapping[str, Person] = field(default_factory=_nobody)  # by "sha256:" and the digest
    devices: Mapping[str, Person] = field(default_factory=_nobody)  # by `device_key`
    networks: Mapping[int, _Networks] = field(default_factory=lambda: MappingProxyType({}))  # by IP version
    listeners: Mapping[str, Person] = field(default_factory=_nobody)  # who unknown clients of a listener are
    default: Person | None = None  # who all other unknown clients are; None: they are refused

    def person_for(self, clues: Clues) -> Person | None:
        """login > token > device > address (the narrowest network) > the listener's default > the policy's default."""
        found = None
        if clues.login is not None:
            found = self.logins.get(login_key(clues.login))
        if found is None and clues.token is not None:
            found = self.tokens.get("sha256:" + sha256(clues.token.encode("utf-8", "surrogatepass")).hexdigest())
        if found is None and clues.device is not None:
            found = self.devices.get(device_key(clues.device))
        if found is None and clues.address is not None and self.networks:
            found = self._at_address(clues.address)
        if found is None and clues.listener is not None:
            found = self.listeners.get(clues.listener)
        return self.default if found is None else found

    def _at_address(self, text: str) -> Person | None:
        address = address_of(text)
        if address is None:
            return None
        number = int(address)
        for bits, people in self.networks.get(address.version, {}).items():
            person = people.get(number >> bits)
            if person is not None:
                return person
        return None


def networks_of(people: Iterable[tuple[str, Person]]) -> Mapping[int, _Networks]:
    """The address table for networks ("10.0.0.0/24") and their people; the narrowest network is asked first."""
    tables: dict[int, dict[int, dict[int, Person]]] = {}
    for text, person in people:
        network: IPv4Network | IPv6Network = ip_network(text)
        bits = network.max_prefixlen - network.prefixlen
        numbers = tables.setdefault(network.version, {}).setdefault(bits, {})
        numbers[int(network.network_address) >> bits] = person
    return MappingProxyType({version: dict(sorted(table.items())) for version, table in tables.items()})


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """An address as the index compares it: without a zone (RFC 4007), IPv4 inside IPv6 undone (RFC 4291, 2.5.5.2)."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def login_key(login: str) -> str:
    """Directories compare names without case (RFC 4519, section 2.39, uid)."""
    return login.strip().casefold()


def device_key(device: str) -> str:
    return device.lower().replace("-", ":")
