"""`make soak`: minutes of mixed visits with faults, bombs, reloads and killed workers; what must hold then.

N workers and a keeper as a user starts them; 5 % of the visits meet an origin that fails (reset, stall, garbage, cut),
1 % a bomb; the policy is read again and a worker is killed now and then. Exits 1 when a canary byte came to a minor, a
request failed that should not have (only those on a killed worker's own connections may), a process held more than
512 MB, memory or descriptors grew without an end, or the gateway was not well at the end.
"""

import argparse
import asyncio
import itertools
import logging
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.canary.client import Seen
from tests.canary.exchange import Exchange, Visit
from tests.canary.gateway import POLICY, Gateway, a_folder, gateway
from tests.canary.generator import Generator
from tests.canary.run import Result, end_on_sigterm, pay_all
from tests.soak.bombs import bomb
from tests.soak.measures import Measures

ROOT = Path(__file__).parents[2]
FAULTS, BOMBS = 0.05, 0.01
MOST_MB = 512
MB_AN_HOUR, FDS_AN_HOUR = 60.0, 120.0  # of one process, where it lived long enough to tell
WARM = 600.0  # seconds at most until caches and the allocator have what they need: some 300 MB
LONG = 300.0  # seconds after the warm-up, before a slope is a demand and no mere figure
LOOK, RELOAD, KILL = 2.0, 20.0, 45.0  # seconds between


@dataclass
class Soak:
    """What happened, and what went wrong."""

    measures: Measures
    result: Result = field(default_factory=Result)
    killed: set[int] = field(default_factory=set)  # ports of clients at workers that were killed
    reloads: int = 0
    kills: int = 0


def main() -> int:
    options = _options()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    soak, said, health = asyncio.run(_run(options))
    wrong = [*_wrong(soak, options.minutes * 60), *health]
    _print(soak, said)
    for sentence in wrong:
        print("WRONG:", sentence)
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0, help="how long (20)")
    parser.add_argument("--workers", type=int, default=2, help="of the gateway (2)")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other visits (1)")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "soak", help="where visits with faults are kept"
    )
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> tuple[Soak, str, list[str]]:
    end_on_sigterm()
    end = time.monotonic() + options.minutes * 60
    with a_folder() as folder:
        async with gateway(folder, workers=options.workers) as ours:
            soak = Soak(Measures(ours.running.process.pid))
            beside = [asyncio.create_task(work) for work in (_look(soak), _reload(soak, ours), _kill(soak, ours))]

            def note(visit: Visit, exchange: Exchange, seen: Seen) -> None:
                if exchange.fine or (exchange.lawful and visit.person == "adult"):
                    soak.measures.seconds.append(seen.seconds)

            visits = _visits(options.seed, end)
            await pay_all(visits, ours.origin, ours.proxy, options.folder, soak.result, note)
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            health = await _health(ours, options.workers)
            return soak, ours.running.said(), health


def _visits(seed: int, end: float) -> Iterator[Visit]:
    for number in itertools.count():
        if time.monotonic() >= end:
            return
        generator = Generator(seed, number)
        draw = generator.dice.random()
        visit = generator.visit(1 if draw < FAULTS + BOMBS else 8)
        if draw < FAULTS:
            _fail(visit.exchanges[0], generator.dice)
        elif draw < FAULTS + BOMBS and visit.person != "adult":
            bomb(visit.exchanges[0], generator.dice)
        yield visit


def _fail(exchange: Exchange, dice: random.Random) -> None:
    exchange.reply.fault = dice.choices(("reset", "stall", "garbage", "cut"), (4, 1, 4, 4))[0]
    exchange.reply.after = ""
    if exchange.reply.framing == "close":
        exchange.reply.framing = "length"  # else nobody can tell that an answer was cut before its label
    exchange.lawful = exchange.fine = False
    exchange.says += f"; the origin fails: {exchange.reply.fault}"


async def _look(soak: Soak) -> None:
    started = time.monotonic()
    for turn in itertools.count():
        await asyncio.to_thread(soak.measures.look)
        if turn % 15 == 14:
            passed = time.monotonic() - started
            faults = len(soak.result.faults)
            print(f"{passed:5.0f} s: {soak.result.asked:,} requests, {faults} faults", file=sys.stderr, flush=True)
        await asyncio.sleep(LOOK)


async def _reload(soak: Soak, ours: Gateway) -> None:
    while True:
        await asyncio.sleep(RELOAD)
        soak.reloads += 1
        more = f"  - {{host: n{soak.reloads}.test, topics: [adult], source: another policy each time}}\n"
        ours.policy.write_text(POLICY + more, encoding="utf-8")


async def _kill(soak: Soak, ours: Gateway) -> None:
    """Always the first worker: the others live as long as the gateway."""
    victim: psutil.Process | None = None
    while True:
        await asyncio.sleep(KILL)
        parts = {each.pid: each for each in await asyncio.to_thread(ours.running.parts, "worker")}
        if len(parts) < 2:
            continue
        youngest = max(parts.values(), key=lambda each: each.create_time())
        victim = youngest if victim is None or victim.pid not in parts else victim
        victim.send_signal(signal.SIGSTOP)  # so that nobody comes between the look and the end
        for connection in await asyncio.to_thread(victim.net_connections, "tcp"):
            if connection.raddr:
                soak.killed.add(connection.raddr.port)
        victim.kill()
        soak.kills, victim = soak.kills + 1, None


async def _health(ours: Gateway, workers: int) -> list[str]:
    """Sentences about what is not well."""
    for _ in range(40):
        health = await asyncio.to_thread(ours.running.api, "/api/v1/health")
        revisions = {each["revision"] for each in health["workers"]} | {health["revision"]}
        if health["status"] == "ok" and len(health["workers"]) == workers and len(revisions) == 1:
            break
        await asyncio.sleep(0.5)
    wrong = [] if health["status"] == "ok" else [f"health is {health['status']}: {health['problems']}"]
    if len(revisions) > 1:
        wrong.append("not every worker has the policy")
    silent = {name: counts["silent"] for name, counts in health["replaced"].items() if "silent" in counts}
    if silent:
        wrong.append(f"processes did not answer and were killed: {silent}")
    return wrong


def _wrong(soak: Soak, seconds: float) -> Iterator[str]:
    if not soak.measures.seconds:
        yield "nothing was answered"
    for fault in soak.result.faults:
        near = soak.result.near.get(fault, 0)
        if fault.startswith("LEAK") or near not in soak.killed:
            yield fault
    warm = min(WARM, seconds / 2)
    for pid, life in soak.measures.lives.items():
        if life.most > MOST_MB:
            yield f"{life.name} {pid} held {life.most:.0f} MB"
        slopes = life.slopes(warm)
        lived = life.samples[-1][0] - life.samples[0][0] - warm
        if slopes is not None and lived >= LONG and (slopes[0] > MB_AN_HOUR or slopes[1] > FDS_AN_HOUR):
            yield f"{life.name} {pid} grows by {slopes[0]:.0f} MB and {slopes[1]:.0f} descriptors an hour"


def _print(soak: Soak, said: str) -> None:
    measures, result = soak.measures, soak.result
    leaks = sum(fault.startswith("LEAK") for fault in result.faults)
    print(f"{result.asked:,} requests, {result.counts['over-age for a minor']:,} of them over-age for a minor")
    print(f"{leaks} with canary bytes at a minor's client; {len(result.faults) - leaks} failed, of which")
    own = sum(result.near.get(fault, 0) in soak.killed for fault in result.faults)
    print(f"  {own} on the own connections of {soak.kills} killed workers; {soak.reloads} reloads")
    print(f"answers: p50 {measures.quantile(0.5) * 1000:.0f} ms, p99 {measures.quantile(0.99) * 1000:.0f} ms")
    seconds = max((life.samples[-1][0] for life in measures.lives.values()), default=0.0)
    seconds -= min((life.samples[0][0] for life in measures.lives.values()), default=0.0)
    processor = sum(life.processor for life in measures.lives.values())
    print(f"processor: {processor:.0f} s in {seconds:.0f} s, {processor / max(1, result.asked) * 1e6:.0f} µs a request")
    print(f"{'':12}{'pid':>8}{'s':>7}{'MB':>7}{'at most':>9}{'fds':>6}{'MB/h':>8}{'fds/h':>8}{'CPU s':>8}")
    for pid, life in measures.lives.items():
        lived = life.samples[-1][0] - life.samples[0][0]
        slopes = life.slopes(min(WARM, seconds / 2))
        shown = f"{slopes[0]:8.1f}{slopes[1]:8.1f}" if slopes is not None else f"{'':16}"
        _, rss, fds = life.samples[-1]
        print(f"{life.name:12}{pid:8}{lived:7.0f}{rss / 2**20:7.0f}{life.most:9.0f}{fds:6}{shown}{life.processor:8.1f}")
    for line in said.splitlines():
        if line.startswith(("ERROR", "CRITICAL", "WARNING")) or " ended (status" in line or "not answered" in line:
            print("the gateway said:", line)


if __name__ == "__main__":
    sys.exit(main())
