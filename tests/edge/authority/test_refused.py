"""A CA that is not as it was made, or not made here, is refused with the file and the cure; nothing is replaced."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.edge.authority.authority import Authority
from gateway.edge.authority.certificates import Signer, make_intermediate, make_root, pem
from gateway.store.fault import DataFault
from tests.edge.authority.conftest import NAMES, NOW, tree

Make = Callable[..., Authority]


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
    before = tree(data)
    with pytest.raises(DataFault) as caught:
        make()
    assert file.name in str(caught.value)
    assert tree(data) == before


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
