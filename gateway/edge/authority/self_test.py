"""Proves at every start that the CA signs what it should and can never sign what it must not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from gateway.edge.authority.certificates import Signer
from gateway.edge.authority.fault import AuthorityError

_ORDINARY: Final = "self-test.invalid"  # RFC 2606, section 2: never a real name


def prove_authority(root: x509.Certificate, intermediate: Signer, never_signed: Sequence[str], now: datetime) -> None:
    """Signs a leaf for an ordinary name and for every name in `never_signed`, and verifies them as a client would.

    Raises AuthorityError when the ordinary one is refused or one of the others is accepted.
    """
    fault = _refusal(root, intermediate, _ORDINARY, now)
    if fault:
        raise AuthorityError(f"self-test of the CA: a client that trusts the root refuses its certificates: {fault}")
    for host in never_signed:
        if _refusal(root, intermediate, f"www.{host}", now) is None or _refusal(root, intermediate, host, now) is None:
            raise AuthorityError(f"self-test of the CA: it can sign {host}, which it must never be able to")


def _refusal(root: x509.Certificate, intermediate: Signer, host: str, now: datetime) -> str | None:
    verifier = PolicyBuilder().store(Store([root])).time(now).build_server_verifier(x509.DNSName(host))
    try:
        verifier.verify(_leaf(intermediate, host, now), [intermediate.certificate])
    except VerificationError as fault:
        return str(fault)
    return None


def _leaf(intermediate: Signer, host: str, now: datetime) -> x509.Certificate:
    issuer = intermediate.certificate
    issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Qorgan self-test")]))
        .issuer_name(issuer.subject)
        .public_key(intermediate.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False)
        .sign(intermediate.key, hashes.SHA256())
    )
