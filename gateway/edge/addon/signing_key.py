"""The key that the add-on for Chromium is signed with, and named by: made once, kept beside the data.

Whoever has it can put another add-on in the place of this one on every device that follows the policy.
"""

from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.store import private_files
from gateway.store.fault import DataFault

_FILE: Final = "addon-key.pem"
_LOCK: Final = "addon-key.lock"
_BITS: Final = 2048


def own_key(data: Path) -> rsa.RSAPrivateKey:
    """The key in the data directory, made when there is none. Blocks. Raises DataFault.

    A file that is there and cannot be used is never written over: browsers know the add-on by it.
    """
    folder = private_files.private_folder(data)
    path = folder / _FILE
    with private_files.locked(folder / _LOCK):
        if not path.exists() and not path.is_symlink():
            private_files.write(path, _pem(rsa.generate_private_key(public_exponent=65_537, key_size=_BITS)))
        return read_key(path)


def read_key(path: Path) -> rsa.RSAPrivateKey:
    """The RSA key in a PEM file that nobody else may read. Raises DataFault."""
    try:
        key = serialization.load_pem_private_key(private_files.read(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise DataFault(f"{path} is no private key in PEM without a password; {_MEND}") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise DataFault(f"{path} is no RSA key, which is what Chromium takes; {_MEND}")
    if key.key_size < _BITS:
        raise DataFault(f"{path} is an RSA key of {key.key_size} bits, and {_BITS} are the least; {_MEND}")
    return key


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


_MEND: Final = "take another one, or restore it from a backup: with a new key the add-on has another id"
