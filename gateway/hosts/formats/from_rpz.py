"""Response policy zones (draft-vixie-dnsop-dns-rpz): `name CNAME .` and `*.name CNAME .` in a zone file (RFC 1035).

Only what blocks a name is read, and `rpz-passthru.` as an exception. What rewrites an answer to another name (safe
search, say) is no block; triggers other than the name are for resolvers.
"""

import re
from collections.abc import Iterable
from typing import Final

from gateway.hosts.entry import Covers, Entry
from gateway.hosts.list_name import BadLine, host_of

_TTL: Final = re.compile(r"(?:[0-9]+[smhdw]?)+", re.IGNORECASE)
_CLASSES: Final = frozenset({"IN", "CH", "HS", "CS"})
_BLOCKS: Final = frozenset({".", "*.", "rpz-drop."})  # draft, section 3: NXDOMAIN, NODATA, DROP
_ADDRESSES: Final = frozenset({"A", "AAAA"})  # local data: the address of a block page
_SILENT: Final = frozenset(
    {"SOA", "NS", "TXT", "DNAME", "HINFO", "MX", "RRSIG", "DNSKEY", "NSEC", "NSEC3", "NSEC3PARAM"}
)
_TRIGGERS: Final = (".rpz-ip", ".rpz-client-ip", ".rpz-nsip", ".rpz-nsdname", ".rpz-log")


class RpzReader:
    """Reads a zone file line by line; it remembers the origin and the owner, as the form asks."""

    def __init__(self) -> None:
        self._origin, self._owner, self._depth = "", "", 0

    def __call__(self, line: str) -> Iterable[Entry]:
        """The entries of a line. Raises BadLine."""
        text = _without_comment(line)
        if self._depth:  # inside the parentheses of a SOA record
            self._depth = max(0, self._depth + text.count("(") - text.count(")"))
            return ()
        if not text.strip():
            return ()
        if text[0] == "$":
            self._directive(text.split())
            return ()
        self._depth = max(0, text.count("(") - text.count(")"))
        words = text.replace("(", " ").replace(")", " ").split()
        if text[0] not in " \t" and words:
            self._owner = words.pop(0)
        return self._record(_after_ttl_and_class(words))

    def _directive(self, words: list[str]) -> None:
        match words:
            case ["$ORIGIN", origin]:
                self._origin = origin.lower().rstrip(".")
            case ["$TTL", *_]:
                pass
            case _:
                raise BadLine("directive", f"{words[0][:20]!r} is not read")

    def _record(self, words: list[str]) -> Iterable[Entry]:
        if not words:
            raise BadLine("no record", "a record has a type")
        kind, values = words[0].upper(), words[1:]
        if kind == "SOA" and self._owner.endswith(".") and not self._origin:
            self._origin = self._owner.lower().rstrip(".")
        if kind in _SILENT:
            return ()
        if kind not in _ADDRESSES and kind != "CNAME":
            raise BadLine("record type", f"records of type {kind[:20]!r} are not read")
        target = values[0].lower() if values else ""
        passes = kind == "CNAME" and target == "rpz-passthru."
        if kind == "CNAME" and not passes and target not in _BLOCKS:
            raise BadLine("rewritten answer", f"CNAME {target[:60]!r} rewrites an answer, it does not block")
        return self._named(passes)

    def _named(self, exception: bool) -> Iterable[Entry]:
        name = self._owner.lower()
        if name.endswith("."):
            name = name.rstrip(".")
            if self._origin and not name.endswith("." + self._origin):
                raise BadLine("outside the zone", f"{name[:60]!r} does not lie in the zone {self._origin[:60]!r}")
            name = name.removesuffix("." + self._origin)
        if name == "@":
            return ()
        if name.endswith(_TRIGGERS):
            raise BadLine("trigger", "only triggers by name are read")
        covers = Covers.BELOW if name.startswith("*.") else Covers.ONLY
        host = host_of(name.removeprefix("*."))
        return () if host is None else (Entry(host, covers, exception=exception),)


def _without_comment(line: str) -> str:
    """The line up to a `;` that stands outside quotes; quoted text is for TXT records, whose content is not read."""
    if '"' in line:
        line = re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)
    return line.partition(";")[0].rstrip()


def _after_ttl_and_class(words: list[str]) -> list[str]:
    """RFC 1035, section 5.1: TTL and class, in either order, may stand before the type."""
    for _ in range(2):
        if words and (words[0].upper() in _CLASSES or _TTL.fullmatch(words[0])):
            words = words[1:]
    return words
