"""How a line of `qorgan decide --jsonl` names who asks."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Final

from gateway.policy.policy import Policy
from gateway.profiles.clue import Clues
from gateway.profiles.person import Person

_MOST_ADDRESSES: Final = 256  # of one network, to find one that is nobody's own


def clue_of(person: Person, policy: Policy) -> Mapping[str, str]:
    """A name of the policy; of somebody whom nobody knows the listener or an address they come by; else nothing."""
    if person.name in policy.people:
        return {"person": person.name}
    for listener, found in policy.clues.listeners.items():
        if found is person:
            return {"listener": listener}
    for address in _addresses_of(person, policy):
        if policy.clues.person_for(Clues(address=address)) is person:
            return {"address": address}
    return {}


def _addresses_of(person: Person, policy: Policy) -> Iterator[str]:
    for version, tables in policy.clues.networks.items():
        width = 32 if version == 4 else 128
        for bits, people in tables.items():
            for number, found in people.items():
                if found is person:
                    first = (number << bits).to_bytes(width // 8)
                    start = ip_address(first)
                    yield from (str(start + step) for step in range(min(1 << bits, _MOST_ADDRESSES)))
