"""The token of the control API: made at the first start, kept only as a hash, checked off the event loop."""

import asyncio
import hashlib
import hmac
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cachetools import TTLCache

from gateway.edge.token_file import TOKEN_FILE
from gateway.store import private_files
from gateway.store.state import TokenHash

REMEMBERED_SECONDS = 60.0  # a token that was replaced works no longer than this
FAILURES = 10  # wrong tokens within FAILURE_SECONDS before the next is refused unread
FAILURE_SECONDS = 60.0

# The public id lets a stranger's guess be refused without the cost of argon2, and apart from the owner's.
_TOKEN = re.compile(r"qorgan_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
# OWASP Password Storage Cheat Sheet's least for argon2id: 19 MiB, 2 passes. The secret has 256 random bits, so more
# would protect nothing and would cost memory on a small box.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class TokenStore(Protocol):
    """Where hashes are kept (gateway/store/state.py)."""

    async def token_hashes(self) -> tuple[TokenHash, ...]: ...

    async def replace_tokens(self, token: TokenHash) -> None: ...


class TooManyFailures(Exception):  # noqa: N818 - reads as a sentence
    """Too many wrong tokens came from one side; `seconds` until the next is read."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong tokens: try again in {seconds} seconds")
        self.seconds = seconds


async def first_token(store: TokenStore, folder: Path) -> str | None:
    """Makes the token at the first start and returns it, to be shown once; None when there is one already."""
    return None if await store.token_hashes() else await new_token(store, folder)


async def new_token(store: TokenStore, folder: Path) -> str:
    """Makes a token that replaces every other, writes it to `admin-token` (0600) in `folder` and returns it.

    Raises StoreFault.
    """
    token_id = secrets.token_hex(4)
    token = f"qorgan_{token_id}_{secrets.token_urlsafe(32)}"
    # The file first: a start that dies in between finds no hash and makes another token.
    await asyncio.to_thread(private_files.write, folder / TOKEN_FILE, f"{token}\n".encode())
    await store.replace_tokens(TokenHash(token_id, await asyncio.to_thread(_HASHER.hash, token)))
    return token


class Tokens:
    """Checks tokens against their hashes; remembers a right one for a minute, so that argon2 is not paid a request."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store
        self._pepper = secrets.token_bytes(32)  # what is remembered is worth nothing outside this process
        self._right: TTLCache[bytes, None] = TTLCache(16, REMEMBERED_SECONDS)
        self._failures: TTLCache[str, int] = TTLCache(10_000, FAILURE_SECONDS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tokens")

    async def holds(self, token: str, peer: str) -> bool:
        """Whether `token` is valid. `peer` is the address it came from.

        Raises TooManyFailures, but never to the owner because of somebody else: guesses that do not name the token's id
        are counted by their address, and only those. Raises StoreFault when the hashes cannot be read.
        """
        digest = hmac.digest(self._pepper, token.encode("utf-8", "surrogatepass"), hashlib.sha256)
        if digest in self._right:
            return True
        shape = _TOKEN.fullmatch(token)
        hashes = {kept.id: kept.hash for kept in await self._store.token_hashes()} if shape else {}
        kept = hashes.get(shape[1]) if shape else None
        side = f"peer {peer}" if shape is None or kept is None else f"token {shape[1]}"
        if self._failures.get(side, 0) >= FAILURES:
            raise TooManyFailures(int(FAILURE_SECONDS))
        if kept is not None and await asyncio.get_running_loop().run_in_executor(self._thread, _matches, kept, token):
            self._right[digest] = None
            return True
        self._failures[side] = self._failures.get(side, 0) + 1
        return False

    def close(self) -> None:
        """Lets its thread end."""
        self._thread.shutdown(wait=False)


def _matches(kept: str, token: str) -> bool:
    try:
        return _HASHER.verify(kept, token)  # compares in constant time
    except (VerificationError, InvalidHashError):
        return False
