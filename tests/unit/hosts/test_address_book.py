"""The book of addresses: bounded, and told to others only when there is news."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.edge.mitm.whereabouts import certified_names
from gateway.hosts.address_book import LATELY, AddressBook, is_address, one_form

ADDRESS = "203.0.113.7"


def test_only_news_is_told() -> None:
    book, told = AddressBook(), list[tuple[object, ...]]()
    book.on_news = lambda *news: told.append(news)
    book.note("a.kz", (ADDRESS,), 0.0)
    book.note("a.kz", (ADDRESS,), 1.0)
    assert told == [("a.kz", (ADDRESS,), False)]
    book.note("a.kz", (ADDRESS,), 2.0, shown=True)
    book.note("a.kz", (ADDRESS,), 3.0)
    assert len(told) == 2
    book.note("a.kz", (ADDRESS,), LATELY / 2 + 2, shown=True)  # half forgotten
    assert len(told) == 3
    book.copy("b.kz", (ADDRESS,), 4.0, shown=False)
    book.note(ADDRESS, (ADDRESS,), 5.0)  # no name
    assert len(told) == 3
    assert set(book.all(6.0)) == {("a.kz", (ADDRESS,), True), ("b.kz", (ADDRESS,), False)}


def test_one_address_keeps_the_latest_names_only() -> None:
    book = AddressBook()
    for number in range(100):
        book.note(f"n{number}.kz", (ADDRESS,), float(number))
    assert book.at(ADDRESS, 100.0).resolved == tuple(f"n{number}.kz" for number in range(36, 100))


def certificate(*names: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + dt.timedelta(days=1))
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_the_names_of_a_certificate() -> None:
    names = ("WWW.Adult.test", "*.adult.test", "no host", "127.0.0.1", "::1")
    assert certified_names(certificate(*names)) == (
        "www.adult.test",
        "adult.test",
    )
    assert certified_names(certificate()) == ()


@pytest.mark.parametrize(
    ("written", "filed"),
    [
        (ADDRESS, ADDRESS),
        ("::ffff:203.0.113.7", ADDRESS),
        ("64:ff9b::203.0.113.7", ADDRESS),
        ("2A02:6B8:0::7", "2a02:6b8::7"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("no address", "no address"),
    ],
)
def test_an_address_has_one_form(written: str, filed: str) -> None:
    assert one_form(written) == filed


@pytest.mark.parametrize(
    ("host", "bare"), [(ADDRESS, True), ("2a02:6b8::7", True), ("news24", False), ("a.kz", False), ("a.kz:443", False)]
)
def test_a_bare_address_is_told_from_a_name(host: str, bare: bool) -> None:
    assert is_address(host) is bare
