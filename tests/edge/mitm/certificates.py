"""Roots and leaves for tests of the proxy: the gateway's, and those of the origin behind it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CA_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def make_ca(
    path: Path, *, with_key: bool, name: str = "test CA"
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A root and its key; `path` gets it in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = _sign(subject, subject, key, key, x509.BasicConstraints(ca=True, path_length=None))
    text = certificate.public_bytes(serialization.Encoding.PEM)
    path.write_bytes((_pem(key) if with_key else b"") + text)
    return certificate, key


def make_origin_certificate(folder: Path, hosts: Iterable[str]) -> tuple[Path, Path]:
    """The files of a root, and of a leaf under it, with its key, for these names."""
    ca, key = make_ca(folder / "origin-ca.pem", with_key=False, name="origin CA")
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "origin")])
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    leaf = _sign(subject, ca.subject, leaf_key, key, names)
    path = folder / "origin.pem"
    path.write_bytes(_pem(leaf_key) + leaf.public_bytes(serialization.Encoding.PEM))
    return folder / "origin-ca.pem", path


def _sign(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=2)
    )
    is_ca = isinstance(extension, x509.BasicConstraints)
    builder = builder.add_extension(extension, critical=is_ca)
    if is_ca:  # Python 3.13 asks for it (RFC 5280, section 4.2.1.3)
        builder = builder.add_extension(CA_USAGE, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return builder.add_extension(issuer_id, critical=False).sign(issuer_key, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
