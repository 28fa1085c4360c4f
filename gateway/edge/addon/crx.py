"""A CRX3: the zip of an add-on with a signature before it, as Chromium installs it by policy.

The format is Chromium's components/crx_file/crx3.proto: `Cr24`, the number 3, the length of the header, the header (a
protocol buffer with the proofs and what they sign), the zip. Numbers are little-endian.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_MAGIC: Final = b"Cr24"
_VERSION: Final = 3
_SIGNED: Final = b"CRX3 SignedData\x00"  # so that a signature over something else is never one over a CRX
_ID_BYTES: Final = 16
_LENGTH_DELIMITED: Final = 2  # wire type (protobuf.dev/programming-guides/encoding)
# Fields of CrxFileHeader, AsymmetricKeyProof and SignedData.
_SHA256_WITH_RSA, _SIGNED_HEADER_DATA = 2, 10_000
_PUBLIC_KEY, _SIGNATURE = 1, 2
_CRX_ID: Final = 1


def to_crx(archive: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """The CRX of a zip, signed with an RSA key of 2048 bits or more. The same bytes give the same CRX."""
    public = public_bytes(key)
    told = _field(_CRX_ID, _digest(public))
    message = _SIGNED + _number(len(told)) + told + archive
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    proof = _field(_PUBLIC_KEY, public) + _field(_SIGNATURE, signature)
    header = _field(_SHA256_WITH_RSA, proof) + _field(_SIGNED_HEADER_DATA, told)
    return _MAGIC + _number(_VERSION) + _number(len(header)) + header + archive


def extension_id(key: rsa.RSAPrivateKey) -> str:
    """By which Chromium names the add-on: half of its key's digest, written with a to p instead of 0 to f."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in _digest(public_bytes(key)).hex())


def manifest_key(key: rsa.RSAPrivateKey) -> str:
    """The value of `key` in a manifest, which gives an unpacked folder the same id."""
    return b64encode(public_bytes(key)).decode()


def public_bytes(key: rsa.RSAPrivateKey) -> bytes:
    """The public key as a SubjectPublicKeyInfo in DER (RFC 5280, section 4.1.2.7)."""
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _digest(public: bytes) -> bytes:
    return sha256(public).digest()[:_ID_BYTES]


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
