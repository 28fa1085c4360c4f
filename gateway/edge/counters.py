"""What the gateway counts about itself. No person and no address is ever a label."""

from prometheus_client import CollectorRegistry, Counter


class Counters:
    """One set of counters with a registry of its own, so that two gateways in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.verdicts = self._counter("qorgan_verdicts", "verdicts by action and reason", "action", "reason")
        self._of_verdicts: dict[tuple[str, str], Counter] = {}
        self.faults = self._counter("qorgan_faults", "failures of the gateway itself, by place", "place")
        self.sights = self._counter("qorgan_connections", "TLS connections: passed, looked into, refused", "sight")
        self.lists = self._counter("qorgan_lists", "what happened to lists: fetched, unchanged, failed, …", "event")
        self.closed = self._counter("qorgan_closed_connections", "client connections closed by the gateway", "why")
        self.stock = self._counter("qorgan_stock_parts", "parts that mitmproxy does itself, slower", "part")

    def count(self, action: str, reason: str) -> None:
        """Counts a verdict, without a search for its counter each time."""
        counter = self._of_verdicts.get((action, reason))
        if counter is None:
            counter = self._of_verdicts[action, reason] = self.verdicts.labels(action, reason)
        counter.inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)
