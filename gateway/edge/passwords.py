"""Passwords of people who log in at a listener: argon2 hashes in the installation file, checked off the loop."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB and two passes; small enough for a small box.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_of(password: str) -> str:
    """What the installation file keeps of `password`."""
    return _HASHER.hash(password)


@cache
def _nobody() -> str:
    """Checked for names that nobody has, so that an answer's time does not tell which names there are."""
    return _HASHER.hash("nobody")


def is_hash(text: str) -> bool:
    """Whether `text` is an argon2 hash that can be checked."""
    try:
        _HASHER.check_needs_rehash(text)
    except InvalidHashError:
        return False
    return True


class Passwords:
    """Checks names and passwords. `hashes`: login → argon2 hash; logins compare without case, as the policy's do."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._hashes = {login.casefold(): kept for login, kept in hashes.items()}
        # One thread: a flood of guesses costs one core at most.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        _nobody()  # made now: the first wrong name must not take longer than others

    async def verify(self, login: str, password: str) -> bool:
        """Whether this is the password of `login`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._verify, login, password)

    def close(self) -> None:
        """Lets the checking thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _verify(self, login: str, password: str) -> bool:
        kept = self._hashes.get(login.casefold())
        try:
            _HASHER.verify(kept or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None
