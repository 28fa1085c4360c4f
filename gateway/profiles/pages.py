"""Which pages an hour or a minute is about: all of them, some only, or all but some."""

from dataclasses import dataclass

from gateway.hosts.record import HostRecord
from gateway.hosts.suffix import suffixes


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of hosts that are any of these: by name (with all below it), by topic, by kind."""

    hosts: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def hold(self, host: str, record: HostRecord | None) -> bool:
        """Whether a page of the canonical `host` is one of them; what is not known of a host makes it none."""
        if record is not None and (record.kind in self.kinds or not self.topics.isdisjoint(record.topics)):
            return True
        return bool(self.hosts) and any(name in self.hosts for name in suffixes(host))

    @property
    def name(self) -> str:
        """The same for the same pages: "host:a.kz topic:games"."""
        parts = (("host", self.hosts), ("kind", self.kinds), ("topic", self.topics))
        return " ".join(f"{key}:{word}" for key, words in parts for word in sorted(words))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is meant: `only` these pages, `but` not those; without both, everything."""

    only: Pages | None = None
    but: Pages | None = None

    def holds(self, host: str, record: HostRecord | None) -> bool:
        return (self.only is None or self.only.hold(host, record)) and (
            self.but is None or not self.but.hold(host, record)
        )

    @property
    def name(self) -> str:
        """The same for the same subject: "everything", "topic:games", "everything but topic:education"."""
        only = "everything" if self.only is None else self.only.name
        return only if self.but is None else f"{only} but {self.but.name}"


EVERYTHING = Subject()
