"""The key that signs bundles: made once, private, never written over."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from gateway.edge.bundle_key import BundleKey
from gateway.store.fault import DataFault


def test_it_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    key = BundleKey.of(tmp_path / "data")
    assert BundleKey.of(tmp_path / "data").public_jwk == key.public_jwk
    assert BundleKey.of(tmp_path / "other").thumbprint != key.thumbprint
    for file in (tmp_path / "data").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_its_signature_is_one_of_p_256_over_sha_256(tmp_path: Path) -> None:
    key = BundleKey.of(tmp_path)
    signed = key.sign({"b": 1, "a": "қ"})
    assert signed.content == '{"a":"қ","b":1}'.encode()
    r, s = (int.from_bytes(half) for half in (signed.signature[:32], signed.signature[32:]))
    key._private.public_key().verify(encode_dss_signature(r, s), signed.content, ec.ECDSA(hashes.SHA256()))


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


@pytest.mark.parametrize(
    "content",
    [b"", b"no key", pem(ec.generate_private_key(ec.SECP384R1())), pem(rsa.generate_private_key(65537, 2048))],
    ids=["empty", "text", "another curve", "RSA"],
)
def test_a_file_that_is_no_key_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    BundleKey.of(tmp_path)
    (tmp_path / "bundle-key.pem").write_bytes(content)
    with pytest.raises(DataFault, match=r"bundle-key\.pem is no key"):
        BundleKey.of(tmp_path)
    assert (tmp_path / "bundle-key.pem").read_bytes() == content


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    BundleKey.of(tmp_path)
    (tmp_path / "bundle-key.pem").chmod(0o644)
    with pytest.raises(DataFault, match="open to other users"):
        BundleKey.of(tmp_path)
