"""Names and passwords of people who come through a listener that asks for them (RFC 7617, Basic; RFC 9110, 11.7)."""

import hashlib
import hmac
import secrets
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable
from typing import Final

from cachetools import TTLCache
from mitmproxy.http import Headers, Response

from gateway.decision.verdict import Reason
from gateway.edge.mitm.answers import last_resort

Verify = Callable[[str, str, str], Awaitable[bool]]  # login, password, the client's address

_REMEMBERED_SECONDS: Final = 600.0
_KEPT: Final = 10_000


class Logins:
    """Checks credentials; a password is never kept, only a keyed digest of one that was right."""

    def __init__(self, verify: Verify, realm: str) -> None:
        self._verify = verify
        self._realm = realm.replace('"', "'")
        self._key = secrets.token_bytes(32)
        self._right: TTLCache[bytes, str] = TTLCache(_KEPT, _REMEMBERED_SECONDS)

    async def login_of(self, headers: Headers, address: str) -> str | None:
        """The verified name in Proxy-Authorization, which is removed; None when it is missing or wrong."""
        sent = headers.pop("proxy-authorization", None)
        credentials = _credentials(sent) if sent else None
        if credentials is None:
            return None
        digest = hmac.digest(self._key, sent.encode("utf-8", "surrogateescape"), hashlib.sha256) if sent else b""
        if known := self._right.get(digest):
            return known
        login, password = credentials
        if not await self._verify(login, password, address):
            return None
        self._right[digest] = login
        return login

    def challenge(self) -> Response:
        """The answer that makes a client ask its person (RFC 9110, section 15.5.8)."""
        response = last_resort(Reason.NO_PROFILE, 407)
        response.headers["Proxy-Authenticate"] = f'Basic realm="{self._realm}", charset="UTF-8"'
        return response


def _credentials(field: str) -> tuple[str, str] | None:
    scheme, _, coded = field.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        login, colon, password = b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")
    except (NotBase64, UnicodeDecodeError):
        return None
    return (login, password) if colon and login else None
