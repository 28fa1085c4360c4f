"""The key with which an installation signs the bundles of its devices: made once, kept beside the data, pinned by them.

ECDSA on P-256 (FIPS 186-5): every browser's WebCrypto has had it for years, which is not so of Ed25519. It is a key of
its own, so that what a device trusts for its rules can sign nothing else.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any, Final, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gateway.bundle.bundle import to_bytes
from gateway.store import private_files
from gateway.store.fault import DataFault

_FILE: Final = "bundle-key.pem"
_LOCK: Final = "bundle-key.lock"
_HALF: Final = 32  # bytes of a number on P-256


@dataclass(frozen=True, slots=True)
class SignedBundle:
    """The canonical bytes of a bundle and their signature: r and s, 64 bytes, as WebCrypto takes them (IEEE P1363)."""

    content: bytes
    signature: bytes
    key: str  # the thumbprint of the key that signed

    def to_json(self) -> dict[str, str]:
        """As it travels: the bytes as text, for they are UTF-8, and the signature in base64url."""
        return {"bundle": self.content.decode(), "signature": _base64url(self.signature), "key": self.key}


@dataclass(frozen=True, slots=True)
class BundleKey:
    """Build with `BundleKey.of`."""

    _private: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, data: Path) -> Self:
        """The key in the data directory, made when there is none. Blocks. Raises DataFault.

        A file that is there and cannot be used is never written over: devices that were paired trust it.
        """
        folder = private_files.private_folder(data)
        path = folder / _FILE
        with private_files.locked(folder / _LOCK):
            if not path.exists() and not path.is_symlink():
                private_files.write(path, _pem(ec.generate_private_key(ec.SECP256R1())))
            return cls(_key_of(private_files.read(path), path))

    @property
    def public_jwk(self) -> Mapping[str, str]:
        """The public key (RFC 7517, RFC 7518 section 6.2.1), which a device keeps from its pairing on."""
        numbers = self._private.public_key().public_numbers()
        x, y = (_base64url(number.to_bytes(_HALF)) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    @property
    def thumbprint(self) -> str:
        """By which people and devices name the key (RFC 7638)."""
        text = dumps(self.public_jwk, sort_keys=True, separators=(",", ":"))
        return _base64url(sha256(text.encode()).digest())

    def sign(self, bundle: Mapping[str, Any]) -> SignedBundle:
        """The bundle, signed as it is."""
        content = to_bytes(bundle)
        r, s = decode_dss_signature(self._private.sign(content, ec.ECDSA(hashes.SHA256())))
        return SignedBundle(content, r.to_bytes(_HALF) + s.to_bytes(_HALF), self.thumbprint)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _key_of(text: bytes, path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(text, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise DataFault(f"{path} is no key that can be read; {_MEND}") from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise DataFault(f"{path} is no key on P-256; {_MEND}")
    return key


_MEND: Final = "restore it from a backup, or move it away: then every device must be paired again"


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
