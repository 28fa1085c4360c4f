"""Which format a list has, when its policy does not say: by the file's name, else by what its first lines look like."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.hosts.formats.from_hosts_file import leads_nowhere

SAMPLE: Final = 400  # lines that are looked at
_SURE: Final = 0.9  # of the telling lines

_BY_NAME: Final = {"domains": "plain", "urls": "plain", "expressions": "expressions"}  # squidGuard's three files
_ENDINGS: Final = (
    ((".yaml", ".yml"), "yaml"),
    ((".rpz", ".zone"), "rpz"),
)
_ADBLOCK: Final = re.compile(r"\|\||@@|\[adblock|!\s?title\s*:|.*(?:##|#@#|#\?#)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[0-9.]+|[0-9a-f]*:[0-9a-f:.]+", re.IGNORECASE)
_YAML: Final = re.compile(r"(?:hosts|about|checked|kind|topics|never-signed):(?:\s|$)")
_RPZ: Final = re.compile(
    r"\$(?:TTL|ORIGIN)\b|\S*\s+(?:[0-9]\S*\s+)?(?:IN\s+)?(?:CNAME|SOA|NS|A|AAAA|TXT)\s", re.IGNORECASE
)


class Detected(NamedTuple):
    """`format` is a format of the policy's `format:`, or "expressions". `doubt`: why it may be another one."""

    format: str
    doubt: str | None = None


def detect(name: str, sample: Sequence[str]) -> Detected:
    """The format of a file `name` (its last part counts) whose first lines are `sample`."""
    base = name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".gz")
    if base in _BY_NAME:
        return Detected(_BY_NAME[base])
    for endings, known in _ENDINGS:
        if base.endswith(endings):
            return Detected(known)
    looks = Counter(look for line in sample[:SAMPLE] if (look := _look_of(line.strip())) is not None)
    if not looks:
        return Detected("plain", "no line says what format it is")
    # A YAML file is one as a whole, and a zone's first lines are a record of many lines: one telling line is enough.
    if looks["yaml"]:
        return Detected("yaml")
    (best, count), total = looks.most_common(1)[0], looks.total()
    if looks["adblock"] * 2 > total:
        return Detected("adblock")  # whose lists may hold bare names and lines of hosts files as well
    if count < _SURE * total:
        return Detected(best, f"{count} of its first {total} lines look like {best}, the others do not")
    return Detected(best)


def _look_of(line: str) -> str | None:
    """The format that a line speaks for; None when it may stand in any."""
    if not line or line[0] == ";" or (line[0] == "#" and not line.startswith(("##", "#@#"))):
        return None
    if _ADBLOCK.match(line):
        return "adblock"
    if line[0] == "!":
        return None
    if _YAML.match(line):
        return "yaml"
    if _RPZ.match(line):
        return "rpz"
    words = line.split()
    if len(words) > 1 and (leads_nowhere(words[0]) or _ADDRESS.fullmatch(words[0])):
        return "hosts"
    return "plain"
