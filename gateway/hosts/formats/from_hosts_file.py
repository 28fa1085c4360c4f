"""Hosts files (hosts(5)): an address of nowhere, and the names that shall lead there. A name does not cover those
below it, because no system that reads such a file takes it so."""

from collections.abc import Iterable
from ipaddress import ip_address

from gateway.hosts.entry import Covers, Entry
from gateway.hosts.list_name import BadLine, host_of


def read_hosts_line(line: str) -> Iterable[Entry]:
    """The entries of a line. Raises BadLine; one bad name spoils its line."""
    words = line.partition("#")[0].split()
    if not words:
        return ()
    if not leads_nowhere(words[0]):
        raise BadLine(
            "a real address", f"{words[0][:60]!r} leads somewhere: only names for 0.0.0.0 and the like are read"
        )
    if len(words) == 1:
        raise BadLine("no name", "no name stands after the address")
    hosts = [host_of(word) for word in words[1:]]
    return [Entry(host, Covers.ONLY) for host in hosts if host is not None]


def leads_nowhere(text: str) -> bool:
    """Whether this is an address that hosts files use for names that shall not be reached."""
    if text == "0":
        return True
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
