"""The life of a CA on a real disk: made, loaded, renewed, and refused when anything is not as it was made."""

import json
import multiprocessing
import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from mitmproxy.certs import CertStore

from gateway.edge.authority.authority import Authority, ensure
from gateway.edge.authority.certificates import Signer, excluded_names, make_intermediate, make_root, pem
from gateway.edge.authority.lists import shipped_never_signed
from gateway.store.fault import DataFault
from tests.edge.authority.conftest import NAMES, NOW

Make = Callable[..., Authority]


def _extension[T: x509.ExtensionType](certificate: x509.Certificate, kind: type[T]) -> x509.Extension[T]:
    return certificate.extensions.get_extension_for_class(kind)


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


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
    files = _tree(data)
    second = make()
    assert _tree(data) == files
    assert (second.root, second.intermediate, second.notes) == (first.root, first.intermediate, ())


def test_mitmproxy_takes_the_directory_and_writes_nothing(make: Make, data: Path) -> None:
    authority = make()
    files = _tree(data)
    store = CertStore.from_store(authority.confdir, "mitmproxy", 2048)
    assert store.default_ca.to_cryptography() == authority.intermediate
    assert [c.to_cryptography() for c in store.default_chain_certs] == [authority.intermediate, authority.root]
    assert _tree(data) == files


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


def test_foreign_root_key_is_refused(make: Make, data: Path) -> None:
    first = make()
    key = data / "authority/offline/root-key.pem"
    key.write_bytes(make_root("x", "", NOW).key_pem())
    with pytest.raises(DataFault, match=r"root-key\.pem does not belong"):
        make(now=first.intermediate.not_valid_after_utc)


def test_root_is_never_replaced(make: Make) -> None:
    root = make().root
    with pytest.raises(DataFault, match=r"ended on .* move that folder away"):
        make(now=root.not_valid_after_utc + timedelta(days=1))
    last = make(now=root.not_valid_after_utc - timedelta(days=10))
    assert last.root == root
    assert "root ends in" in last.notes[0]
    assert last.intermediate.not_valid_after_utc == root.not_valid_after_utc


@pytest.mark.parametrize("year", [1970, 2025])
def test_unset_clock_makes_no_certificates(make: Make, data: Path, year: int) -> None:
    with pytest.raises(DataFault, match=f"the clock says {year}"):
        make(now=datetime(year, 1, 1, tzinfo=UTC))
    assert not data.exists()


def test_clock_set_back_is_noticed(make: Make) -> None:
    make()
    with pytest.raises(DataFault, match="set the clock"):
        make(now=NOW - timedelta(days=20))


FILES = ["root.pem", "made-here.json", "mitmproxy/mitmproxy-ca.pem"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "rubbish", "link", "folder"])
def test_damaged_state_is_an_error_that_names_the_file(make: Make, data: Path, name: str, damage: str) -> None:
    make()
    file = data / "authority" / name
    whole = file.read_bytes()
    file.unlink()
    match damage:
        case "empty":
            file.touch(0o600)
        case "half":
            file.write_bytes(whole[: len(whole) // 2])
            file.chmod(0o600)
        case "rubbish":
            file.write_bytes(b"\xff\x00{}")
            file.chmod(0o600)
        case "link":
            other = data / "other"
            other.write_bytes(whole)
            other.chmod(0o600)
            file.symlink_to(other)
        case "folder":
            file.mkdir(0o700)
    before = _tree(data)
    with pytest.raises(DataFault) as caught:
        make()
    assert file.name in str(caught.value)
    assert _tree(data) == before


@pytest.mark.parametrize("name", [*FILES, "", "mitmproxy"])
@pytest.mark.parametrize("mode", [0o010, 0o004, 0o022])
def test_looser_modes_are_refused_with_the_cure(make: Make, data: Path, name: str, mode: int) -> None:
    make()
    path = data / "authority" / name
    path.chmod(path.stat().st_mode | mode)
    with pytest.raises(DataFault, match=r"open to other users .*: chmod (600|700) '") as caught:
        make()
    assert str(path) in str(caught.value)


def test_data_directory_that_others_may_write_is_refused(make: Make, data: Path) -> None:
    data.mkdir()
    data.chmod(0o777)
    with pytest.raises(DataFault, match="chmod go-w"):
        make()
    data.chmod(0o755)
    assert make().root


def test_foreign_owner_is_refused(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make()
    other = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    with pytest.raises(DataFault, match="belongs to user"):
        make()


def test_killed_first_start_leaves_nothing_behind(make: Make, data: Path) -> None:
    data.mkdir(0o700)
    (data / "authority.new").mkdir(0o700)
    (data / "authority.new" / "half").write_text("x")
    make()
    assert not (data / "authority.new").exists()


def _imported(data: Path, common_name: str) -> None:
    """Puts another CA, whole and valid, in the place of ours, without its fingerprints in the record."""
    root = make_root(common_name, "", NOW)
    signer = make_intermediate(root, NAMES, "", NOW)
    folder = data / "authority"
    (folder / "root.pem").write_bytes(pem(root.certificate))
    (folder / "mitmproxy/mitmproxy-ca.pem").write_bytes(
        signer.key_pem() + pem(signer.certificate) + pem(root.certificate)
    )


def test_imported_ca_is_refused(make: Make, data: Path) -> None:
    make()
    _imported(data, "somebody else")
    with pytest.raises(DataFault, match="not made here"):
        make()


def test_root_that_the_record_does_not_name_is_refused(make: Make, data: Path) -> None:
    make()
    file = data / "authority/made-here.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "root": "00" * 32}))
    with pytest.raises(DataFault, match=r"root\.pem was not made here"):
        make()


def test_intermediate_of_another_key_is_refused(make: Make, data: Path) -> None:
    authority = make()
    foreign = make_intermediate(make_root("x", "", NOW), NAMES, "", NOW)
    file = data / "authority/mitmproxy/mitmproxy-ca.pem"
    file.write_bytes(foreign.key_pem() + pem(foreign.certificate) + authority.root_pem())
    with pytest.raises(DataFault, match="not made here"):
        make()


def test_state_root_is_refused_even_when_the_record_names_it(make: Make, data: Path) -> None:
    make()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("C=KZ,O=ISCA,CN=Information Security Certification Authority CA")
    ours = make_root("x", "", NOW)

    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), NOW, NOW + timedelta(days=9)
    )
    for extension in ours.certificate.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    state = Signer(key, builder.sign(key, hashes.SHA256()))
    signer = make_intermediate(state, NAMES, "", NOW)
    folder = data / "authority"
    (folder / "root.pem").write_bytes(pem(state.certificate))
    (folder / "mitmproxy/mitmproxy-ca.pem").write_bytes(
        signer.key_pem() + pem(signer.certificate) + pem(state.certificate)
    )
    record = {"root": "", "intermediates": []}
    record["root"] = state.certificate.fingerprint(hashes.SHA256()).hex()
    record["intermediates"] = [signer.certificate.fingerprint(hashes.SHA256()).hex()]
    (folder / "made-here.json").write_text(json.dumps(record))
    with pytest.raises(DataFault, match="made to read other people's traffic"):
        make()


def test_self_test_notices_an_intermediate_without_constraints(
    make: Make, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    # As if the constraints had been written in a form that no client honours.
    monkeypatch.setattr("gateway.edge.authority.authority.excluded_names", lambda _: (*NAMES, "shop.example"))
    with pytest.raises(DataFault, match=r"self-test of the CA: it can sign shop\.example"):
        make(never_signed=(*NAMES, "shop.example"))


def test_empty_list_of_names_is_refused(make: Make) -> None:
    with pytest.raises(DataFault, match="empty"):
        make(never_signed=())


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
