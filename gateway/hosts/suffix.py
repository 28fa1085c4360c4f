"""A host and all the names above it."""

from collections.abc import Iterator
from functools import lru_cache


def suffixes(host: str) -> Iterator[str]:
    """`host` itself, then every name above it: "a.b.kz" gives "a.b.kz", "b.kz", "kz"; an IP address has none above."""
    yield host
    # The last label of a name is never a number (WHATWG URL, "ends in a number"), so such a host is an IPv4 address.
    if ":" in host or host[-1:].isdigit():
        return
    at = host.find(".")
    while at >= 0:
        yield host[at + 1 :]
        at = host.find(".", at + 1)


@lru_cache(maxsize=4_096)
def known_suffixes(host: str) -> tuple[str, ...]:
    """As `suffixes`, for those who ask for the same hosts at every request."""
    return tuple(suffixes(host))


def end_of(host: str) -> str:
    """The last two labels of a host, or its only one."""
    return host[host.rfind(".", 0, host.rfind(".")) + 1 :]


def ends_like(host: str, ends: frozenset[str]) -> bool:
    """False when neither `host` nor a name above it is one of those whose `end_of` are the `ends`."""
    dot = host.rfind(".")
    return host[host.rfind(".", 0, dot) + 1 :] in ends or host[dot + 1 :] in ends
