"""The demo site's own certificate, made on the box. It plays a public CA and is trusted for nothing else."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_RENEW_BEFORE = timedelta(days=7)
_VALID = timedelta(days=90)


def ensure_demo_certificate(folder: Path, names: tuple[str, ...], now: datetime) -> tuple[Path, Path, Path]:
    """Makes what is missing, old or for other names. Returns the paths: CA certificate, leaf with chain, leaf key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca, leaf, key = folder / "demo-ca.pem", folder / "demo.pem", folder / "demo.key"
    if not (key.exists() and _serves(leaf, names, now)):
        _make(ca, leaf, key, names, now)
    return ca, leaf, key


def _serves(leaf: Path, names: tuple[str, ...], now: datetime) -> bool:
    if not leaf.exists():
        return False
    certificate = x509.load_pem_x509_certificate(leaf.read_bytes())
    alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    stands = set(alternative.get_values_for_type(x509.DNSName)) == set(names)
    return stands and certificate.not_valid_after_utc - now > _RENEW_BEFORE


def _make(ca: Path, leaf: Path, key: Path, names: tuple[str, ...], now: datetime) -> None:
    ca_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Qorgan demo site (trusted by this gateway only)")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    start, end = now - timedelta(hours=1), now + _VALID

    def signed(
        name: x509.Name, public: ec.EllipticCurvePublicKey, *extensions: tuple[x509.ExtensionType, bool]
    ) -> bytes:
        builder = x509.CertificateBuilder(issuer, name, public, x509.random_serial_number(), start, end)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    root = signed(
        issuer,
        ca_key.public_key(),
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), False),
        (_only(key_cert_sign=True, crl_sign=True), True),  # RFC 5280, section 4.2.1.3: strict clients ask for it
        # The demo's CA can speak for nothing but the demo's names (RFC 5280, section 4.2.1.10).
        (x509.NameConstraints(permitted_subtrees=[x509.DNSName("demo.test")], excluded_subtrees=None), True),
    )
    alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    page = signed(
        subject,
        leaf_key.public_key(),
        (alternative, False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (issuer_id, False),
    )
    _write(ca, root)
    _write(leaf, page + root)
    _write(
        key,
        leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _only(**uses: bool) -> x509.KeyUsage:
    """A key usage with nothing but `uses`."""
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    names += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: uses.get(name, False) for name in names})


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
