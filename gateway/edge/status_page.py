"""What `qorgan status` prints: how a running gateway does, from the health that its control API tells."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

type Health = Mapping[str, Any]


def status_page(health: Health) -> str:
    """A table of processes, then lists and whatever is wrong."""
    lines = [f"{health['status']}; policy {health['revision'] or 'none'}", ""]
    lines.append(f"  {'':<10} {'pid':>8} {'up':>12} {'memory':>8} {'connections':>12} {'requests':>10}  policy")
    lines += [_process(f"worker {each['place']}", each) for each in health["workers"]]
    lines.append(_process("keeper", health["keeper"]))
    lines += _lists(health)
    wrong = list(_wrong(health))
    return "\n".join([*lines, *([""] if wrong else []), *wrong])


def _process(name: str, told: Health) -> str:
    up = timedelta(seconds=int(told.get("uptime") or 0))
    memory = f"{(told.get('rss') or 0) / 2**20:.0f} MB"
    counts = [str(told[key] if told.get(key) is not None else "") for key in ("connections", "requests") if key in told]
    served = f" {counts[0]:>12} {counts[1]:>10}  {told.get('revision') or 'none'}" if counts else ""
    return f"  {name:<10} {told['pid']:>8} {up!s:>12} {memory:>8}{served}"


def _lists(health: Health) -> Iterator[str]:
    if health["lists"]:
        yield ""
    for each in health["lists"]:
        yield f"  list {each['name']}: {each['state']}, {each['entries']:,} entries" + (
            f"; {each['error']}" if each["error"] else ""
        )


def _wrong(health: Health) -> Iterator[str]:
    missing = health["workers_wanted"] - len({each["place"] for each in health["workers"]})
    if missing > 0:
        yield f"{missing} of {health['workers_wanted']} workers missing"
    for name, counts in health["replaced"].items():
        silent = f", {counts['silent']} of them because it did not answer" if counts.get("silent") else ""
        yield f"{name} was replaced {sum(counts.values())} times since the start{silent}"
    if len({each["revision"] for each in health["workers"] if each["revision"]} | {health["revision"]}) > 1:
        yield "not every worker has the policy yet"
    if health["store"]:
        yield f"{health['store']}: everybody under 18 gets an error page"
    if health["journal"]["fault"]:
        yield f"the journal cannot be written: {health['journal']['fault']}"
    if health["journal"]["dropped"]:
        yield f"{health['journal']['dropped']} journal entries were lost since the keeper's start"
    if health["minutes"]["fault"]:
        yield f"minutes cannot be written: {health['minutes']['fault']}"
    if health["addon"]["fault"]:
        yield f"devices with the add-on are refused: {health['addon']['fault']}"
    for each in health["addon"]["silent"]:
        yield f"add-on silent: {each['name']} of {each['person']}, last heard {each['since']} (device {each['id']})"
    yield from health["problems"]
