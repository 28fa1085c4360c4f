"""The codes by which a device is paired: short ones for a person to type, long ones for a school's managed storage."""

import hashlib
import re
import secrets
from typing import Final

# No vowels, so that no word comes out, and nothing that looks or sounds like another: 24 letters, 36 bits in eight.
ALPHABET: Final = "BCDFGHJKMPQRTVWXY2346789"
LENGTH: Final = 8
ENROLMENT: Final = "qorgan-enrol_"
_ENROLMENT: Final = re.compile(ENROLMENT + "[A-Za-z0-9_-]{43}")
_BETWEEN: Final = re.compile(r"[\s\-–—.]+")
# RFC 7914. 36 bits would be found in seconds if their hash were quick; so whoever reads the database needs a
# hundred years of one core for a code that ends in ten minutes.
_COST: Final = {"n": 2**14, "r": 8, "p": 1}


def new_code() -> str:
    """A code for one device."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_enrolment() -> str:
    """A token for many devices, with 256 random bits."""
    return ENROLMENT + secrets.token_urlsafe(32)


def is_enrolment(code: str) -> bool:
    """Whether a code is a token for many, which nobody finds by guessing."""
    return code.startswith(ENROLMENT)


def shown_code(code: str) -> str:
    """A code as people read it aloud: "BCDF-GHJK"."""
    return f"{code[:4]}-{code[4:]}" if len(code) == LENGTH else code


def read_code(text: str) -> str | None:
    """What somebody typed as the code that it can only be; None when it is none."""
    bare = text.strip()
    if _ENROLMENT.fullmatch(bare):
        return bare
    typed = _BETWEEN.sub("", bare).upper()
    return typed if len(typed) == LENGTH and set(typed) <= set(ALPHABET) else None


def hash_of(code: str, salt: str) -> str:
    """What is kept of a code; `salt` is the installation's. Takes some 50 ms for a short one."""
    if is_enrolment(code):
        return token_hash(code)
    return hashlib.scrypt(code.encode(), salt=salt.encode(), **_COST, dklen=32).hex()


def token_hash(token: str) -> str:
    """What is kept of a token of 256 random bits: nothing slower would protect it better."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
