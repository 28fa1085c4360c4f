"""How a line names somebody whom nobody knows."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from gateway.policy.compile import compile_policy
from gateway.proof.clue_of import clue_of
from gateway.proof.strangers import strangers
from gateway.shipped import texts

POLICY = """
people:
  aru: {age: 8, listeners: [kids], addresses: [10.0.0.0/31]}
  bota: {age: 9, listeners: [kids], addresses: ["2001:db8::/64"]}
groups:
  room: {people: [aru, bota], addresses: [10.0.0.0/24]}
  full: {people: [aru], addresses: [10.0.0.0/30]}
"""


def policy_of(text):
    return compile_policy({"home.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22))


def test_a_name_a_listener_an_address_or_nothing():
    policy = policy_of(POLICY)
    found = {person.name: clue_of(person, policy) for person in strangers(policy)}
    assert found == {
        "unknown@kids": {"listener": "kids"},
        "unknown@full": {"address": "10.0.0.2"},
        "unknown@room": {"address": "10.0.0.4"},
        "unknown": {},
    }
    assert clue_of(policy.people["aru"], policy) == {"person": "aru"}


def test_a_network_that_others_fill_has_no_address_for_who_is_not_known():
    policy = policy_of(POLICY.replace("10.0.0.0/31", "10.0.0.0/25"))
    networks = {4: {7: policy.clues.networks[4][7], 8: policy.clues.networks[4][8]}}
    crowded = replace(policy, clues=replace(policy.clues, networks=MappingProxyType(networks)))
    room = next(person for person in strangers(crowded) if person.name == "unknown@room")
    assert clue_of(room, crowded) == {"address": "10.0.0.128"}
    few = replace(crowded, clues=replace(crowded.clues, logins=MappingProxyType({})))
    assert clue_of(policy.people["bota"], few) == {"person": "bota"}
