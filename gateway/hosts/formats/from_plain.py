"""Plain lists: a host or an address on each line, comments after `#`. squidGuard's `domains` and `urls` are such."""

from collections.abc import Iterable

from gateway.hosts.entry import Entry
from gateway.hosts.list_name import BadLine, entry_of


def read_plain(line: str) -> Iterable[Entry]:
    """The entry of a line, if it has one. `*.a.kz` and `.a.kz` mean a.kz with all below it. Raises BadLine."""
    text = line.strip()
    if not text or text[0] in "#;!":
        return ()
    words = text.split()
    if len(words) > 1 and words[1][0] not in "#;":
        raise BadLine("more than one word", "one host or address stands on a line", line.find(words[1]) + 1)
    word = words[0]
    if word[0] in "*.":
        word = word.removeprefix("*").removeprefix(".")
    entry = entry_of(word)
    return () if entry is None else (entry,)
