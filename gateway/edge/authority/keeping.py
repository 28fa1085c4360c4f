"""Where the CA lies on the disk, and the proof that what lies there was made here."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.edge.authority.certificates import Signer, common_name, pem
from gateway.edge.authority.fault import AuthorityError
from gateway.edge.authority.lists import shipped_never_trusted
from gateway.store import private_files


@dataclass(frozen=True, slots=True)
class Keeping:
    """The folder `authority/` of a data directory."""

    directory: Path

    @property
    def confdir(self) -> Path:
        return self.directory / "mitmproxy"

    @property
    def root_key_file(self) -> Path:
        return self.directory / "offline" / "root-key.pem"

    @property
    def _root_file(self) -> Path:
        return self.directory / "root.pem"

    @property
    def _signer_file(self) -> Path:
        # The name is mitmproxy's: `<confdir>/mitmproxy-ca.pem` (mitmproxy/certs.py, CertStore.from_store).
        return self.confdir / "mitmproxy-ca.pem"

    @property
    def _record_file(self) -> Path:
        return self.directory / "made-here.json"

    def exists(self) -> bool:
        """Whether anything lies here, be it whole or not."""
        return self.directory.is_symlink() or self.directory.exists()

    def make_directories(self) -> None:
        for directory in (self.directory, self.root_key_file.parent, self.confdir):
            private_files.make_directory(directory)

    def put_root(self, root: Signer) -> None:
        """Writes the root for the first time."""
        private_files.write(self.root_key_file, root.key_pem())
        private_files.write(self._root_file, pem(root.certificate))
        self._put_record({"root": _fingerprint(root.certificate), "intermediates": []})

    def put_intermediate(self, root: x509.Certificate, signer: Signer) -> None:
        """Writes an intermediate over the one before; the record comes first, so that a cut in between does no harm."""
        record = self._record()
        record["intermediates"] = [*record["intermediates"], _fingerprint(signer.certificate)]
        self._put_record(record)
        private_files.write(self._signer_file, signer.key_pem() + pem(signer.certificate) + pem(root))

    def load(self) -> tuple[x509.Certificate, Signer]:
        """The root and the intermediate with its key. Raises AuthorityError when anything is not as we made it."""
        private_files.require_directory(self.directory)
        private_files.require_directory(self.confdir)
        root = self._certificates(self._root_file)[0]
        stored = private_files.read(self._signer_file)
        chain = self._certificates(self._signer_file)
        for certificate in (root, *chain):
            _require_not_foreign(certificate, self.directory)
        record = self._record()
        if _fingerprint(root) != record["root"]:
            raise AuthorityError(f"{self._root_file} was not made here: {_imported(root)}")
        if _fingerprint(chain[0]) not in record["intermediates"]:
            raise AuthorityError(f"{self._signer_file} was not made here: {_imported(chain[0])}")
        if len(chain) != 2 or chain[1] != root:
            raise AuthorityError(f"{self._signer_file} is damaged: it must hold the intermediate and then the root")
        try:
            root.verify_directly_issued_by(root)
            chain[0].verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature) as fault:
            raise AuthorityError(f"{self._signer_file} is not signed by the root in {self._root_file}") from fault
        return root, Signer(_key(stored, chain[0], self._signer_file), chain[0])

    def root_key(self, root: x509.Certificate) -> ec.EllipticCurvePrivateKey | None:
        """The root's key, or None when it has been moved away, as it should be. Raises AuthorityError."""
        if not self.root_key_file.parent.exists() or not self.root_key_file.exists():
            return None
        private_files.require_directory(self.root_key_file.parent)
        return _key(private_files.read(self.root_key_file), root, self.root_key_file)

    def _certificates(self, file: Path) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(private_files.read(file))
        except ValueError as fault:
            raise AuthorityError(f"{file} is damaged: no certificate can be read from it") from fault

    def _record(self) -> dict[str, Any]:
        try:
            record = json.loads(private_files.read(self._record_file))
            if isinstance(record["root"], str) and isinstance(record["intermediates"], list):
                return {"root": record["root"], "intermediates": record["intermediates"]}
        except (ValueError, KeyError, TypeError):
            pass
        raise AuthorityError(f"{self._record_file} is damaged: put it back from a backup")

    def _put_record(self, record: dict[str, Any]) -> None:
        private_files.write(self._record_file, (json.dumps(record, indent=1) + "\n").encode())


def _key(data: bytes, certificate: x509.Certificate, file: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise AuthorityError(f"{file} is damaged: no private key can be read from it") from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityError(f"the key in {file} does not belong to the certificate {common_name(certificate)!r}")
    return key


def _require_not_foreign(certificate: x509.Certificate, directory: Path) -> None:
    for foreign in shipped_never_trusted():
        if foreign.names(certificate):
            raise AuthorityError(
                f"{directory} holds a certificate of {foreign.subject!r}, which was made to read other people's "
                f"traffic ({foreign.source}): the gateway does not work with it"
            )


def _imported(certificate: x509.Certificate) -> str:
    return (
        f"{common_name(certificate)!r}. The gateway only uses a CA that it made itself on this box: put the file back "
        f"from a backup, or move the folder away to make a new CA"
    )


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()
