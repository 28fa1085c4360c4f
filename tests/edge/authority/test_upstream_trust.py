import ssl
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.edge.authority.authority import Authority
from gateway.edge.authority.certificates import make_root, pem
from gateway.edge.authority.fault import AuthorityError
from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from tests.edge.authority.conftest import NOW


@pytest.fixture
def extra(tmp_path: Path) -> Path:
    file = tmp_path / "school.pem"
    file.write_bytes(pem(make_root("school", "", NOW).certificate))
    return file


def _count(bundle: Path) -> int:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(bundle)
    return context.cert_store_stats()["x509_ca"]


def test_public_list_and_the_operators_own(make: Callable[..., Authority], data: Path, extra: Path) -> None:
    make()
    plain = upstream_trust_bundle(data)
    assert plain.read_bytes() == Path(certifi.where()).read_bytes()
    many = _count(plain)
    assert _count(upstream_trust_bundle(data, [extra])) == many + 1
    assert stat.S_IMODE(plain.stat().st_mode) == 0o600


def test_written_anew_only_when_it_changes(
    make: Callable[..., Authority], data: Path, extra: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    first = upstream_trust_bundle(data, [extra]).stat()
    second = upstream_trust_bundle(data, [extra]).stat()
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)
    newer = tmp_path / "certifi.pem"
    newer.write_bytes(pem(make_root("newer", "", NOW).certificate))
    monkeypatch.setattr("certifi.where", lambda: str(newer))
    assert _count(upstream_trust_bundle(data, [extra])) == 2


def test_bad_additions_are_refused_by_name(make: Callable[..., Authority], data: Path, tmp_path: Path) -> None:
    make()
    root = make_root("x", "", NOW)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("C=KZ,CN=Qaznet Trust Network")
    state = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
    bad = {
        "cannot be read": None,
        "holds no certificate": b"hello",
        "holds a private key": pem(root.certificate) + root.key_pem(),
        "never trusted": pem(state.sign(key, hashes.SHA256())),
    }
    for number, (message, content) in enumerate(bad.items()):
        file = tmp_path / f"{number}.pem"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(AuthorityError, match=message) as caught:
            upstream_trust_bundle(data, [file])
        assert file.name in str(caught.value)
