from dataclasses import dataclass, replace
from datetime import UTC

from gateway.decision.verdict import Action, Reason
from gateway.hosts.index import HostIndex
from gateway.hosts.record import HostRecord
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.person import Age, Limits, Person
from gateway.profiles.timetable import Timetable
from gateway.proof.alike import Spot, alike, spots


def blocking(host, *, path="", where="home.yaml:1"):
    return Rule(hit=Hit(f"block {host}", where, Action.BLOCK, Reason.LOCAL_BLOCK), host=host, path=path)


def person(name, *rules, grants=()):
    limits = Limits(rules=Rules.of(rules), timetable=Timetable())
    return Person(
        name=name, ages=(Age(8),), zone=UTC, stances=Stances(), as_child=limits, as_adult=limits, grants=grants
    )


def names(*people, hosts=None, named=False):
    return [group.names for group in alike(people, hosts or HostIndex(), named=named)]


def test_the_name_of_a_host_and_the_line_of_a_rule_make_nobody_different():
    one, two = person("aru", blocking("a.example")), person("bota", blocking("b.example", where="home.yaml:2"))
    assert names(one, two) == [("aru", "bota")]
    assert names(one, two, named=True) == [("aru",), ("bota",)]


def test_what_is_known_of_a_host_or_said_of_the_one_above_it_makes_a_difference():
    one, two = person("aru", blocking("a.example")), person("bota", blocking("b.example"))
    known = HostIndex.of([HostRecord(host="b.example", kind="forum")])
    assert names(one, two, hosts=known) == [("aru",), ("bota",)]
    nested = person("saule", blocking("c.example"), blocking("d.c.example"))
    apart = person("dias", blocking("c.example"), blocking("d.example"))
    assert names(nested, apart) == [("saule",), ("dias",)]


def test_stances_and_grants_make_a_difference():
    one = person("aru")
    two = replace(one, name="bota", stances=Stances(local_allow_up_to=0))
    three = person("saule", grants=(Grant(id="1", by="dana", people=frozenset({"saule"}), host="a.example"),))
    assert names(one, two, three) == [("aru",), ("bota",), ("saule",)]


def test_whatever_else_a_person_may_have_makes_a_difference():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Member(Person):
        household: str = ""
        limits: dict[str, int]

    plain = person("aru")
    told = {each: getattr(plain, each) for each in Person.__slots__}
    shared: dict[str, int] = {}
    one, two = Member(**told, household="a", limits=shared), Member(**{**told, "name": "bota"}, limits=shared)
    three = Member(**{**told, "name": "saule"}, limits=shared)
    assert names(one, two, three) == [("aru",), ("bota", "saule")]


def test_spots_that_get_the_same_are_one():
    rules = [blocking(f"{letter}.example") for letter in "abc"]
    found = spots(person("aru", *rules, blocking("d.example", path="/games")), HostIndex())
    assert found == (Spot("a.example", "/"), Spot("d.example", "/"), Spot("d.example", "/games"))


def test_a_grant_has_its_spot():
    grant = Grant(id="1", by="dana", people=frozenset({"aru"}), host="a.example", path="/b")
    more = Grant(id="2", by="dana", people=frozenset({"aru"}), host="", minutes=30)
    assert spots(person("aru", grants=(grant, more)), HostIndex()) == (Spot("a.example", "/b"),)
