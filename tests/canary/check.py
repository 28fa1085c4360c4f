"""What must not be seen, and what must: one sentence for each fault of what came."""

from tests.canary.client import Seen
from tests.canary.codings import undone
from tests.canary.exchange import Exchange, Visit

_SHORT = 24  # of the canary's 28 characters: a cut one is one too


def fault_of(visit: Visit, exchange: Exchange, seen: Seen) -> str | None:
    """None: all is as it must be."""
    if visit.person != "adult" and exchange.overage:
        if (where := _found(exchange, seen)) is not None:
            return f"LEAK: canary bytes at the {visit.person}, {where}, status {seen.status}"
        return None
    must = exchange.fine if visit.person == "teen" else exchange.lawful and visit.person == "adult"
    if must and _found(exchange, seen) is None:
        return f"LOST: nothing came to the {visit.person}: status {seen.status}, {seen.fault or 'no fault'}"
    return None


def _found(exchange: Exchange, seen: Seen) -> str | None:
    needle = exchange.canary.encode()[:_SHORT]
    for where, data in (("raw", bytes(seen.raw)), ("body", bytes(seen.body))):
        # In UTF-16 there is a zero between any two of its letters.
        if needle in data or needle in data.replace(b"\0", b""):
            return where
    for codings in _codings(exchange, seen):
        data = undone(bytes(seen.body), codings)
        if needle in data or needle in data.replace(b"\0", b""):
            return f"decoded by {codings}"
    return None


def _codings(exchange: Exchange, seen: Seen) -> list[list[str]]:
    """What the bytes really were coded with, and what the answer says they are."""
    said = [name.strip().lower().removeprefix("x-") for name in seen.all("content-encoding").split(",")]
    known = [name for name in said if name in {"gzip", "deflate", "br", "zstd"}]
    return [each for each in (exchange.reply.applied, exchange.reply.applied[:1], known) if each]
