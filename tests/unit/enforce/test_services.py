"""Files of policies/safe: their shape, and problems with their places."""

import pytest

from gateway.enforce.services import Services, build_services
from gateway.problems import ProblemsFound
from gateway.shipped import texts

FILE = "about: x\nchecked: 2026-11-28\nservices:\n  - {{id: a, says: x, source: x, verified: true, {}}}\n"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("hosts: [A.example], stance: safe-search, query: {a: b}", "is not how a host is written"),
        ("hosts: ['www.a.*'], stance: safe-search, query: {a: b}", "is not how a host is written"),
        ("hosts: [a.example], stance: safe-serach, query: {a: b}", "safe-search"),
        ("hosts: [a.example], stance: safe-search", "nothing is asked"),
        ("hosts: [a.example], stance: safe-search, query: {a: 'b c'}", "would have to be encoded"),
        ("hosts: [a.example], stance: safe-search, headers: {'a b': c}", "is no name of a field"),
        ('hosts: [a.example], stance: safe-search, headers: {a: "c\\nd"}', "is no value of a field"),
        ("hosts: [a.example], stance: safe-search, paths: [/Search], query: {a: b}", "is no beginning of a path"),
        ("hosts: [a.example], stance: safe-search, dial: Safe.A.example", "is not how a host is written"),
        ("hosts: [a.example], stance: safe-search, dial: 'a b'", "is not a host"),
        ("hosts: [a.example], stance: safe-search, dial: b.example, paths: [/s]", "before anything is asked"),
        ("hosts: [a.example], stance: safe-search, dial: b.example, query: {a: b}", "before anything is asked"),
        ("hosts: [], stance: safe-search, query: {a: b}", "this list is empty"),
    ],
)
def test_a_file_that_is_wrong_names_the_place(entry: str, said: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        build_services({"safe/x.yaml": FILE.format(entry)})
    assert any(said in f"{problem.message} {problem.hint}" for problem in found.value.problems)
    assert {(problem.file, problem.line) for problem in found.value.problems} == {("safe/x.yaml", 4)}


def test_an_id_stands_once() -> None:
    text = FILE.format("hosts: [a.example], stance: safe-search, query: {a: b}")
    with pytest.raises(ProblemsFound, match="already"):
        build_services({"safe/x.yaml": text, "safe/y.yaml": text})


def test_without_files_nothing_is_asked() -> None:
    assert Services().of_host("www.google.com") == ()


def test_every_service_is_read_and_has_its_source() -> None:
    services = build_services(texts("safe"))
    assert {each.id for each in services.of_host("www.google.kz")} == {"google-search", "google-accounts"}
    assert not services.of_host("google.com.example.org")
    assert not services.of_host("8.8.8.8")
