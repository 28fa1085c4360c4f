"""Pays visits, some at a time, and keeps each that shows a fault."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.canary.check import fault_of
from tests.canary.client import Proxy, Seen, pay
from tests.canary.exchange import Exchange, Visit
from tests.canary.origin import Origin

AT_ONCE = 24

Note = Callable[[Visit, Exchange, Seen], None]


@dataclass
class Result:
    """Exchanges by what came of them; `faults` are sentences with the file that shows each again."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    near: dict[str, int] = field(default_factory=dict)  # the client's port by fault

    @property
    def asked(self) -> int:
        return self.counts["asked"]


def end_on_sigterm() -> None:
    """Ends this task as Ctrl-C does, so that the gateway is stopped too."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


async def pay_all(
    visits: Iterable[Visit], origin: Origin, proxy: Proxy, folder: Path | None, result: Result, note: Note | None = None
) -> Result:
    """`folder` is where visits with faults are kept; `note` is told of every exchange."""
    turns = iter(visits)

    async def work() -> None:
        for visit in turns:
            origin.exchanges.update((each.token, each) for each in visit.exchanges)
            seen = await pay(visit, proxy)
            for exchange, answer in zip(visit.exchanges, seen, strict=True):
                origin.exchanges.pop(exchange.token, None)
                _count(result, visit, exchange, answer)
                if note is not None:
                    note(visit, exchange, answer)
                if (fault := fault_of(visit, exchange, answer)) is not None:
                    said = _kept(fault, visit, exchange, answer, folder)
                    result.faults.append(said)
                    result.near[said] = answer.near

    workers: list[Awaitable[None]] = [work() for _ in range(AT_ONCE)]
    await asyncio.gather(*workers)
    return result


def _count(result: Result, visit: Visit, exchange: Exchange, answer: Seen) -> None:
    result.counts["asked"] += 1
    result.counts["no answer" if not answer.status else "answered"] += 1
    if visit.person != "adult" and exchange.overage:
        result.counts["over-age for a minor"] += 1
        if answer.status:
            result.counts[f"over-age for a minor: status {answer.status}"] += 1
    elif exchange.fine:
        result.counts["harmless"] += 1


def _kept(fault: str, visit: Visit, exchange: Exchange, answer: Seen, folder: Path | None) -> str:
    said = f"{fault}; {visit.way}, {exchange.method}, {exchange.says}"
    if folder is None:
        return said
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{exchange.token}.json"
    file.write_text(visit.to_json(), encoding="utf-8")
    (folder / f"{exchange.token}.seen").write_bytes(bytes(answer.raw))
    return f"{said}; kept as {file}"
