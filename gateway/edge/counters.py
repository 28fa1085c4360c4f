"""What the gateway counts about itself. No person and no address is ever a label."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter

type Sample = tuple[str, tuple[str, ...], float]  # a counter's name, the values of its labels, what it stands at

_TOTAL: Final = "_total"


class Counters:
    """One set of counters with a registry of its own, so that two gateways in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._all: dict[str, Counter] = {}
        self.requests = self._counter("qorgan_requests", "requests that were judged by their address")
        self.verdicts = self._counter("qorgan_verdicts", "verdicts by action and reason", "action", "reason")
        self._of_verdicts: dict[tuple[str, str], Counter] = {}
        self.faults = self._counter("qorgan_faults", "failures of the gateway itself, by place", "place")
        self.sights = self._counter("qorgan_connections", "TLS connections: passed, looked into, refused", "sight")
        self.lists = self._counter("qorgan_lists", "what happened to lists: fetched, unchanged, failed, …", "event")
        self.closed = self._counter("qorgan_closed_connections", "client connections closed by the gateway", "why")
        self.lost = self._counter("qorgan_lost_messages", "messages between the processes that found no room", "what")
        self.stock = self._counter("qorgan_stock_parts", "parts that mitmproxy does itself, slower", "part")

    def count(self, action: str, reason: str) -> None:
        """Counts a verdict, without a search for its counter each time."""
        counter = self._of_verdicts.get((action, reason))
        if counter is None:
            counter = self._of_verdicts[action, reason] = self.verdicts.labels(action, reason)
        counter.inc()

    def samples(self) -> list[Sample]:
        """Where every counter stands."""
        return [
            (name, tuple(sample.labels.values()), sample.value)
            for name, counter in self._all.items()
            for metric in counter.collect()
            for sample in metric.samples
            if sample.name.endswith(_TOTAL)
        ]

    def add(self, name: str, labels: Sequence[str], amount: float) -> None:
        """Counts what another process has counted; a counter that is not known here is left out."""
        counter = self._all.get(name)
        if counter is not None:
            (counter.labels(*labels) if labels else counter).inc(amount)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        self._all[name] = Counter(name, text, labels, registry=self.registry)
        return self._all[name]
