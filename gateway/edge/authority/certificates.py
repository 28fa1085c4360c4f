"""How the root and the intermediate look (RFC 5280), as pure making: keys and certificates in memory, no files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_VALID: Final = timedelta(days=3650)
INTERMEDIATE_VALID: Final = timedelta(days=365)
# Clocks of clients are often a little slow; a certificate from the future would be refused.
_BACKDATED: Final = timedelta(days=2)
_MAX_NAME: Final = 64  # RFC 5280, appendix A.1: ub-common-name, ub-organization-name

_SIGNS_CERTIFICATES: Final = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True)
class Signer:
    """A CA certificate with its private key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def key_pem(self) -> bytes:
        """The private key, PKCS #8 in PEM, not encrypted: the file's mode guards it."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def make_root(installation_id: str, installation_name: str, now: datetime) -> Signer:
    """A root for one installation: P-256, ten years, one CA below it. `now` is aware."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Qorgan root of {installation_id}", installation_name)
    builder = _builder(name, name, key, now, now + ROOT_VALID, path_length=1)
    return Signer(key, builder.sign(key, hashes.SHA256()))


def make_intermediate(root: Signer, never_signed: Sequence[str], installation_name: str, now: datetime) -> Signer:
    """An intermediate that can sign TLS servers only, and none of the names `never_signed`.

    `never_signed` are A-labels, at least one. It is valid for one year, but not longer than the root.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(now + INTERMEDIATE_VALID, root.certificate.not_valid_after_utc)
    name = _name(f"Qorgan {common_name(root.certificate).rpartition(' ')[2]} {now:%Y-%m-%d}", installation_name)
    issuer_id = root.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    excluded = [x509.DNSName(host) for host in sorted(never_signed)]
    builder = (
        _builder(name, root.certificate.subject, key, now, until, path_length=0)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False)
        # RFC 5280, section 4.2.1.10: critical, so that a client which cannot check the names refuses the whole chain.
        .add_extension(x509.NameConstraints(permitted_subtrees=None, excluded_subtrees=excluded), critical=True)
    )
    return Signer(key, builder.sign(root.key, hashes.SHA256()))


def common_name(certificate: x509.Certificate) -> str:
    """The common name of the certificate's subject, or the whole subject when it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def excluded_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The DNS names that `certificate` can never sign, sorted."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(sorted(str(name.value) for name in constraints.excluded_subtrees or ()))


def pem(certificate: x509.Certificate) -> bytes:
    """The certificate in PEM (RFC 7468)."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common: str, organization: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common[:_MAX_NAME])]
    if organization := " ".join(organization.split())[:_MAX_NAME]:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    until: datetime,
    *,
    path_length: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_SIGNS_CERTIFICATES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
