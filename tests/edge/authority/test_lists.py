from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.edge.authority.lists import (
    NeverTrusted,
    read_never_signed,
    read_never_trusted,
    shipped_never_signed,
    shipped_never_trusted,
)
from gateway.problems import ProblemsFound
from tests.edge.authority.conftest import NOW


def _list(*entries: str) -> str:
    return "never-signed:\n" + "".join(f"  - {entry}\n" for entry in entries)


def test_shipped_names_are_one_each_and_have_a_source() -> None:
    names = [entry.host for entry in shipped_never_signed()]
    assert len(names) == len(set(names)) >= 50
    assert all(entry.source and entry.why for entry in shipped_never_signed())


def test_shipped_names_are_not_covered_twice() -> None:
    names = {entry.host for entry in shipped_never_signed()}
    for name in names:
        above = {name.split(".", n)[n] for n in range(1, name.count(".") + 1)}
        assert not above & names, f"{name} is already covered by {above & names}"


def test_name_is_made_canonical() -> None:
    (entry,) = read_never_signed(_list("{host: БАНК.қаз., why: bank, source: s}"))
    assert entry.host == "xn--80ab2al.xn--80ao21a"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "`never-signed` is missing or empty"),
        ("never-signed: []", (1, 1), "`never-signed` is missing or empty"),
        (_list("{host: a.kz, why: bank}"), (2, 5), "an entry needs `source`"),
        (_list("a.kz"), (2, 5), "an entry needs `host` and `why` and `source`"),
        (_list("{host: 12, why: bank, source: s}"), (2, 5), "an entry needs `host`"),
        (_list("{host: 'a b', why: bank, source: s}"), (2, 12), "'a b'"),
        (_list("{host: '*.a.kz', why: bank, source: s}"), (2, 12), "'*.a.kz'"),
        (_list("{host: .a.kz, why: bank, source: s}"), (2, 12), "'.a.kz'"),
        (_list("{host: 192.0.2.1, why: bank, source: s}"), (2, 12), "cannot be a name constraint"),
        (_list("{host: '[2001:db8::1]', why: bank, source: s}"), (2, 12), "cannot be a name constraint"),
    ],
)
def test_slips_in_the_list_are_shown_with_their_place(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(ProblemsFound) as caught:
        read_never_signed(text, "names.yaml")
    problem = caught.value.problems[0]
    assert problem.file == "names.yaml"
    assert (problem.line, problem.column) == place
    assert message in problem.message


def test_every_slip_is_shown_at_once() -> None:
    with pytest.raises(ProblemsFound) as caught:
        read_never_signed(_list("{host: 'a b', why: x, source: s}", "{host: '*.c', why: x, source: s}", "{why: x}"))
    assert sorted(problem.line for problem in caught.value.problems) == [2, 3, 4]


def test_never_trusted_list_is_checked_too() -> None:
    with pytest.raises(ProblemsFound):
        read_never_trusted("never-trusted:\n  - subject: X\n")


@pytest.mark.parametrize(
    ("subject", "refused"),
    [
        ("C=KZ,CN=Qaznet Trust Network", True),
        ("CN=QAZNET TRUST NETWORK 2", True),
        ("O=ISCA,CN=Information Security Certification Authority CA", True),
        ("CN=негізгі куәландырушы орталық (RSA)", True),
        ("CN=Not the Qaznet Trust Network", False),
        ("CN=Qorgan root of 0123456789abcdef", False),
    ],
)
def test_state_and_product_roots_are_known_by_their_subject(subject: str, refused: bool) -> None:
    assert any(_names(foreign, subject) for foreign in shipped_never_trusted()) is refused


def _names(foreign: NeverTrusted, subject: str) -> bool:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(subject)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
    return foreign.names(builder.sign(key, hashes.SHA256()))
