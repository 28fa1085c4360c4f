"""Names in lists of others: the canonical spelling, or why a name is refused.

Lists are written by strangers and machines. A line `kz` must never close a country, and a line `localhost` is the
litter of a hosts file.
"""

import re
from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from gateway.document.url import canonical, canonical_host
from gateway.hosts.entry import Covers, Entry

# What needs no more work: lower case, no xn-- label (its spelling has rules of its own), no number at the end.
_CANONICAL: Final = re.compile(
    r"(?:(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!xn--)[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_LITTER: Final = frozenset(
    {
        "0.0.0.0",  # noqa: S104 - a name to skip, not one to bind
        "broadcasthost",
        "ip6-allhosts",
        "ip6-allnodes",
        "ip6-allrouters",
        "ip6-localhost",
        "ip6-localnet",
        "ip6-loopback",
        "ip6-mcastprefix",
        "local",
        "localhost",
        "localhost.localdomain",
        "localhost.localdomain6",
        "localhost4",
        "localhost6",
    }
)
_LONGEST_LABELS: Final = 5  # no public suffix has more labels
_USUAL_PORTS: Final = frozenset({"", "80", "443"})


class BadLine(Exception):  # noqa: N818 - named for what it carries
    """A line that is left out. `sort` is a few words by which such lines are counted; `column` counts from 1."""

    def __init__(self, sort: str, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.sort, self.message, self.column = sort, message, column


def host_of(text: str, *, suffixes: bool = False) -> str | None:
    """The canonical host; None for what is skipped without a word. Raises BadLine.

    `suffixes`: whether a public suffix (kz, co.uk) may stand here.
    """
    name = text
    if not (_CANONICAL.fullmatch(name) and len(name) <= 253):
        if name.lower() in _LITTER:
            return None
        try:
            name = canonical_host(text)
        except ValueError as fault:
            raise BadLine("not a host", str(fault)) from None
        if name in _LITTER or name.startswith("127.") or name in ("::", "::1"):
            return None
        if ":" in name or name[-1:].isdigit():
            return name
    if not suffixes and name.count(".") < _LONGEST_LABELS and _icann().is_public(name):
        what = "a name of one label" if "." not in name else "a public suffix"
        raise BadLine("public suffix", f"{name!r} is {what}: it would cover every site below it")
    return name


def entry_of(text: str, covers: Covers = Covers.ALL) -> Entry | None:
    """An entry out of a host, a host with a path, or an address; None for what is skipped. Raises BadLine."""
    if "/" not in text and ":" not in text:
        host = host_of(text)
        return None if host is None else Entry(host, covers)
    rest = text
    scheme, found, after = text.partition("://")
    if found:
        if scheme.lower() not in ("http", "https"):
            raise BadLine("not a host", f"{scheme[:20]!r} addresses are not read")
        rest = after
    name, slash, path = rest.partition("/")
    if not name.startswith("["):
        name, colon, port = name.partition(":") if rest.count(":") == 1 else (name, "", "")
        if colon and port not in _USUAL_PORTS:
            raise BadLine("port", f"an entry speaks of a whole host, not of its port {port[:8]!r}")
    host = host_of(name)
    if host is None or not slash:
        return None if host is None else Entry(host, covers)
    path = path_of("/" + path)
    return Entry(host, covers) if path == "/" else Entry(host, Covers.ALL, path)


def path_of(text: str) -> str:
    """A path, with its query if it has one, in canonical form. Raises BadLine."""
    try:
        url = canonical("http://host" + text)
    except ValueError as fault:
        raise BadLine("not an address", str(fault)) from None
    return f"{url.path}?{url.query}" if url.query else url.path


@cache
def _icann() -> PublicSuffixList:
    # As in document/url.py: the list is part of the library. Names that companies sell names under (the list's
    # private section) belong to somebody, and a list may mean them.
    return PublicSuffixList(only_icann=True)
