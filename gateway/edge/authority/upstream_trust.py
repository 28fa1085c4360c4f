"""Whom the gateway believes when it speaks to a site: the pinned public list, and what the operator adds by name.

Never the store of the operating system: an old one still trusts a published key (facts: mitmproxy, section 0).
"""

from collections.abc import Sequence
from pathlib import Path

import certifi
from cryptography import x509

from gateway.edge.authority.certificates import common_name, pem
from gateway.edge.authority.fault import AuthorityError
from gateway.edge.authority.lists import shipped_never_trusted
from gateway.store import private_files


def upstream_trust_bundle(data_directory: Path, extra: Sequence[Path] = ()) -> Path:
    """The path of one PEM file with certifi's authorities and those in the files `extra`.

    It is written anew only when its content changes; mitmproxy reads it once, at a worker's start.
    Raises AuthorityError when a file of `extra` cannot be read, holds no certificate, holds a private key, or holds an
    authority that is never trusted.
    """
    bundle = data_directory / "upstream-trust.pem"
    wanted = Path(certifi.where()).read_bytes() + b"".join(_added(file) for file in extra)
    with private_files.locked(data_directory / "authority.lock"):
        if not bundle.exists() or private_files.read(bundle) != wanted:
            private_files.write(bundle, wanted)
    return bundle


def _added(file: Path) -> bytes:
    try:
        data = file.read_bytes()
        certificates = x509.load_pem_x509_certificates(data)
    except OSError as fault:
        raise AuthorityError(f"{file} cannot be read: {fault.strerror}") from fault
    except ValueError as fault:
        raise AuthorityError(f"{file} holds no certificate in PEM") from fault
    if b"PRIVATE KEY-----" in data:
        raise AuthorityError(f"{file} holds a private key: give the certificate alone")
    for certificate in certificates:
        for foreign in shipped_never_trusted():
            if foreign.names(certificate):
                raise AuthorityError(f"{file} holds {common_name(certificate)!r}, never trusted: {foreign.source}")
    return b"\n" + b"".join(pem(certificate) for certificate in certificates)
