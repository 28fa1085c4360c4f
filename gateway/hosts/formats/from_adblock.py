"""AdGuard-style rules: `||name^` and its exception `@@||name^`. Rules for parts of pages are not for a gateway."""

import re
from collections.abc import Iterable
from typing import Final

from gateway.hosts.entry import Covers, Entry
from gateway.hosts.formats.from_hosts_file import leads_nowhere, read_hosts_line
from gateway.hosts.list_name import BadLine, entry_of, host_of

_COSMETIC: Final = re.compile(r"#[@$%?]{0,3}#|\$@?\$")
# Modifiers with which a rule still speaks of everything at the host.
_WHOLE: Final = frozenset({"all", "doc", "document", "important"})


def read_adblock(line: str) -> Iterable[Entry]:
    """The entry of a rule. Lines of hosts files and bare names may stand between the rules. Raises BadLine."""
    text = line.strip()
    if not text or text[0] == "!" or (text[0] == "[" and text[-1] == "]"):
        return ()
    if text[0] == "#" and not _COSMETIC.match(text):
        return ()
    if _COSMETIC.search(text):
        raise BadLine("cosmetic rule", "a rule for parts of a page is not read")
    exception, rule = text.startswith("@@"), text.removeprefix("@@")
    rule, dollar, modifiers = rule.partition("$")
    if dollar and not (_WHOLE.issuperset(modifiers.split(",")) and not exception):
        raise BadLine("modifier", f"the modifier {modifiers[:60]!r} is not read", line.find("$") + 1)
    if not rule.startswith("||"):
        return _unanchored(rule, exception)
    name = rule[2:]
    covers = Covers.BELOW if name.startswith("*.") else Covers.ALL
    name = name.removeprefix("*.").removesuffix("|").removesuffix("^")
    if any(mark in name for mark in "*^|"):
        raise BadLine("pattern", "a pattern inside a name or path is not read")
    if exception and "/" in name:
        raise BadLine("exception for a path", "an exception is read for whole hosts only")
    entry = entry_of(name, covers)
    return () if entry is None else (entry._replace(exception=exception),)


def _unanchored(rule: str, exception: bool) -> Iterable[Entry]:
    """What AdGuard's DNS filters allow besides: a hosts file's line, or a name, which means itself alone."""
    words = rule.split()
    if exception or not words or any(mark in rule for mark in "|^*/"):
        raise BadLine("pattern", "only rules like ||name^ are read")
    if leads_nowhere(words[0]):
        return read_hosts_line(rule)
    if len(words) > 1:
        raise BadLine("pattern", "only rules like ||name^ are read")
    host = host_of(words[0])
    return () if host is None else (Entry(host, Covers.ONLY),)
