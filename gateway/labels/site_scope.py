"""The scopes of a site file: which addresses of its own site a pattern such as "*.host/path/*" covers.

Source: age-label.de, label generator help: "*.host/*" covers the bare host and all below it.
"""

from dataclasses import dataclass

from gateway.document.url import Url

LONGEST_PATTERN = 1_024
MOST_STARS = 16


@dataclass(frozen=True, slots=True)
class SiteScope:
    """A pattern cut into its host and path; in the path "*" stands for any characters."""

    host: str  # canonical, without "*."; "" covers every host of the site
    below: bool  # whether the hosts below `host` are covered too
    path: str

    @property
    def covers_all(self) -> bool:
        """Whether the pattern makes no difference between paths."""
        return self.path.strip("*") in ("", "/")

    def covers(self, url: Url) -> bool:
        host = not self.host or url.host == self.host or (self.below and url.host.endswith(f".{self.host}"))
        target = f"{url.path}?{url.query}" if url.query and "?" in self.path else url.path
        return host and matches(self.path, target)


def scope_of(pattern: str, file_url: Url) -> SiteScope | None:
    """The scope that `pattern` states in the site file at `file_url`.

    None when it is no pattern, or speaks of hosts outside the file's own site (by the public suffix list).
    """
    text = pattern.strip()
    text = text.partition("://")[2] if "://" in text else text
    if not text or len(text) > LONGEST_PATTERN or text.count("*") > MOST_STARS:
        return None
    host, slash, path = text.partition("/")
    path = slash + path if slash else "*"
    host = host.partition(":")[0].casefold().rstrip(".")
    if host in ("", "*"):
        # "*" and "/path": the host that the file lies on, and what is below it.
        return SiteScope(file_url.host, below=True, path=path)
    below = host.startswith("*")
    name = host.lstrip("*").lstrip(".")
    own = name == file_url.site or name.endswith(f".{file_url.site}")
    return SiteScope(name, below, path) if own and "*" not in name else None


def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` covers the whole of `text`; each star takes as little as it can, so it takes linear time."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
