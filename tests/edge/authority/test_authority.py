"""The life of a CA on a real disk: made, loaded, renewed, and refused when anything is not as it was made."""

import multiprocessing
import os
import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from mitmproxy.certs import CertStore

from gateway.edge.authority.authority import Authority, ensure
from gateway.edge.authority.certificates import excluded_names
from gateway.edge.authority.lists import shipped_never_signed
from gateway.store.fault import DataFault
from tests.edge.authority.conftest import NAMES, NOW, tree

Make = Callable[..., Authority]


def _extension[T: x509.ExtensionType](certificate: x509.Certificate, kind: type[T]) -> x509.Extension[T]:
    return certificate.extensions.get_extension_for_class(kind)


def test_root_is_made_for_this_installation_only(make: Make, tmp_path: Path) -> None:
    one, other = make(), ensure(tmp_path / "other", NOW, "", NAMES)
    assert one.fingerprint() != other.fingerprint()
    assert one.root.subject != other.root.subject
    assert "Qorgan root of " in one.root.subject.rfc4514_string()
    constraints = _extension(one.root, x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 1)
    assert isinstance(one.root.public_key(), ec.EllipticCurvePublicKey)
    assert timedelta(days=3640) < one.root.not_valid_after_utc - NOW < timedelta(days=3660)


def test_intermediate_signs_servers_only_and_never_the_listed_names(make: Make) -> None:
    authority = make()
    signer = authority.intermediate
    assert _extension(signer, x509.BasicConstraints).value == x509.BasicConstraints(ca=True, path_length=0)
    assert list(_extension(signer, x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    usage = _extension(signer, x509.KeyUsage)
    assert usage.critical
    assert (usage.value.key_cert_sign, usage.value.crl_sign, usage.value.digital_signature) == (True, True, False)
    assert _extension(signer, x509.NameConstraints).critical
    assert authority.never_signed == NAMES
    root_id = _extension(authority.root, x509.SubjectKeyIdentifier).value.digest
    assert _extension(signer, x509.AuthorityKeyIdentifier).value.key_identifier == root_id
    assert signer.not_valid_after_utc - NOW < timedelta(days=366)


def test_shipped_list_reaches_the_certificate(data: Path) -> None:
    authority = ensure(data, NOW, "")
    assert set(authority.never_signed) == {entry.host for entry in shipped_never_signed()}
    assert {"egov.kz", "gov.kz", "kaspi.kz"} <= set(authority.never_signed)


def test_everything_is_private_whatever_the_umask(make: Make, data: Path) -> None:
    before = os.umask(0)
    try:
        make()
    finally:
        os.umask(before)
    for path in data.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_narrow_umask_does_no_harm(make: Make) -> None:
    before = os.umask(0o777)
    try:
        make()
    finally:
        os.umask(before)
    make()


def test_second_start_changes_nothing(make: Make, data: Path) -> None:
    first = make()
    files = tree(data)
    second = make()
    assert tree(data) == files
    assert (second.root, second.intermediate, second.notes) == (first.root, first.intermediate, ())


def test_mitmproxy_takes_the_directory_and_writes_nothing(make: Make, data: Path) -> None:
    authority = make()
    files = tree(data)
    store = CertStore.from_store(authority.confdir, "mitmproxy", 2048)
    assert store.default_ca.to_cryptography() == authority.intermediate
    assert [c.to_cryptography() for c in store.default_chain_certs] == [authority.intermediate, authority.root]
    assert tree(data) == files


def test_downloads_are_the_root(make: Make) -> None:
    authority = make()
    assert x509.load_pem_x509_certificate(authority.root_pem()) == authority.root
    assert x509.load_der_x509_certificate(authority.root_der()) == authority.root
    assert authority.root_file.read_bytes() == authority.root_pem()
    assert b"PRIVATE" not in authority.root_pem()
    assert len(authority.fingerprint().split(":")) == 32


def test_description_says_what_a_person_needs(make: Make) -> None:
    authority = make()
    text = authority.describe()
    for part in (
        "bank.example",
        "root-key.pem",
        "Windows",
        "macOS",
        "iPhone",
        "Android",
        "ChromeOS",
        "Firefox",
        "Linux",
    ):
        assert part in text, part
    assert authority.fingerprint()[:47] in text
    assert authority.fingerprint()[48:] in text
    assert all(len(line) <= 120 for line in text.splitlines() if str(authority.directory) not in line)


@pytest.mark.parametrize(("days_left", "renewed"), [(31, False), (29, True), (-5, True)])
def test_intermediate_is_renewed_before_it_ends(make: Make, days_left: int, renewed: bool) -> None:
    first = make()
    later = first.intermediate.not_valid_after_utc - timedelta(days=days_left)
    second = make(now=later)
    assert second.root == first.root
    assert (second.intermediate != first.intermediate) is renewed
    assert first.renewal_due(later) is renewed
    assert any("made anew" in note for note in second.notes) is renewed
    assert not second.renewal_due(later)
    assert make(now=later).intermediate == second.intermediate


def test_changed_list_makes_the_intermediate_anew(make: Make) -> None:
    first = make()
    second = make(never_signed=(*NAMES, "clinic.example"))
    assert "clinic.example" in second.never_signed
    assert second.root == first.root
    assert "list of names" in second.notes[0]


def test_renewal_without_the_root_key_says_what_is_missing(make: Make, data: Path) -> None:
    first = make()
    key = data / "authority/offline/root-key.pem"
    away = data / "safe.pem"
    key.rename(away)
    assert "not on this box" in make().describe()
    soon = first.intermediate.not_valid_after_utc - timedelta(days=3)
    kept = make(now=soon)
    assert kept.intermediate == first.intermediate
    assert str(key) in kept.notes[0]
    with pytest.raises(DataFault, match=r"put the root's key back as .*root-key\.pem"):
        make(now=first.intermediate.not_valid_after_utc + timedelta(days=1))
    away.rename(key)
    assert make(now=soon).intermediate != first.intermediate


def test_key_directory_may_be_moved_away_whole(make: Make, data: Path) -> None:
    make()
    shutil.move(data / "authority/offline", data / "usb")
    assert make().notes == ()


def _start(data: Path, results: "multiprocessing.Queue[str]") -> None:
    results.put(ensure(data, NOW, "", NAMES).fingerprint())


def test_two_processes_at_once_make_one_ca(data: Path) -> None:
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[str] = context.Queue()
    starts = [context.Process(target=_start, args=(data, results)) for _ in range(4)]
    for start in starts:
        start.start()
    found = {results.get(timeout=20) for _ in starts}
    for start in starts:
        start.join(20)
    assert len(found) == 1


def test_constraints_survive_in_the_stored_file(make: Make) -> None:
    authority = make()
    stored = x509.load_pem_x509_certificates((authority.confdir / "mitmproxy-ca.pem").read_bytes())
    assert excluded_names(stored[0]) == NAMES
    assert excluded_names(stored[1]) == ()
