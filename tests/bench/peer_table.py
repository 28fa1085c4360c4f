"""The figures of `make bench-peers` as tables, and what issue 5 asks of them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """Medians of one proxy in one row."""

    cpu: float  # microseconds a request
    rate: float  # requests a second, beside the client and the origin on the same cores
    ratio: float  # the gateway's CPU a request ÷ this proxy's


@dataclass(frozen=True)
class Demand:
    """One thing that is asked: a ratio, its bound, and whether it holds."""

    said: str
    ratio: float
    bound: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound


Figures = dict[str, dict[str, Figure]]  # row → proxy → figure
Memory = dict[str, dict[str, int]]  # "idle" or "after" → proxy → MB


def demands(figures: Figures) -> list[Demand]:
    """Those whose rows were measured."""
    asked = [
        (title, f"{title} read and judged: CPU ÷ e2guardian's", "e2guardian", "cpu", 0.1)
        for title in ("HTTP, 100 kB HTML", "HTTPS, 100 kB HTML")
    ]
    asked += [
        (title, f"{title}: requests/s ÷ those of Privoxy with inspection, {how}", name, "rate", 10)
        for title in ("HTTPS, 20 kB HTML", "new TLS, new host")
        for name, how in (("privoxy-deb", "as installed"), ("privoxy", "kept alive"))
    ]
    asked.append(("new TLS, new host", "new TLS, new host: CPU ÷ that of Squid with ssl-bump", "squid", "cpu", 1.3))
    found = []
    for title, said, other, column, bound in asked:
        if row := figures.get(title):
            ratio = row[other].ratio if column == "cpu" else row["qorgan"].rate / row[other].rate
            found.append(Demand(said, ratio, bound, at_least=column == "rate"))
    return found


def plain(figures: Figures, memory: Memory) -> str:
    """CPU, its ratios and requests a second, by row and proxy; memory below."""
    names = list(memory["idle"])
    lines = []
    for title, column, digits in (
        ("CPU µs a request", "cpu", 0),
        ("CPU of qorgan ÷ that of", "ratio", 2),
        ("requests a second", "rate", 0),
    ):
        lines.append(f"\n{title:26}" + "".join(f"{name:>12}" for name in names))
        for row, by_name in figures.items():
            lines.append(f"{row:26}" + "".join(f"{getattr(by_name[name], column):>12.{digits}f}" for name in names))
    lines.append(f"\n{'memory (PSS), MB':26}" + "".join(f"{name:>12}" for name in names))
    lines += [f"{when:26}" + "".join(f"{sizes[name]:>12}" for name in names) for when, sizes in memory.items()]
    return "\n".join(lines)


def asked(found: list[Demand]) -> str:
    lines = ["\nwhat issue 5 asks:"]
    for demand in found:
        sign = "≥" if demand.at_least else "≤"
        lines.append(
            f"  {'yes' if demand.holds else 'NO ':3}  {demand.said}: {demand.ratio:.3g} ({sign} {demand.bound:g})"
        )
    return "\n".join(lines)


def markdown(figures: Figures, memory: Memory) -> str:
    """The README's table: CPU µs a request."""
    names = list(memory["idle"])
    lines = ["| CPU µs a request | " + " | ".join(TITLES[name] for name in names) + " |", "|---|" + "---|" * len(names)]
    for title, row in figures.items():
        lines.append(f"| {title} | " + " | ".join(f"{row[name].cpu:,.0f}".replace(",", " ") for name in names) + " |")
    lines.append("| MB idle (PSS) | " + " | ".join(str(memory["idle"][name]) for name in names) + " |")
    return "\n".join(lines)


TITLES = {
    "mitmdump": "mitmdump, nothing loaded",
    "squid": "Squid, ssl-bump",
    "privoxy-deb": "Privoxy, inspection",
    "privoxy": "the same, kept alive",
    "e2guardian": "e2guardian, phrase lists",
    "qorgan": "**Qorgan**",
}


def kept(figures: Figures, found: list[Demand]) -> dict[str, Any]:
    """The part of a line of history.jsonl."""
    return {
        "figures": {
            title: {
                "cpu_us": {name: round(figure.cpu) for name, figure in row.items()},
                "rate": {name: round(figure.rate) for name, figure in row.items()},
                "ratio": {name: round(figure.ratio, 3) for name, figure in row.items() if name != "qorgan"},
            }
            for title, row in figures.items()
        },
        "asked": {demand.said: [round(demand.ratio, 3), demand.holds] for demand in found},
    }
