"""`make canary`: generated requests and answers through a real gateway; no canary byte may come to a minor.

What is for adults carries canary bytes: by a label of any carrier, by a header field, by its host; in any coding,
charset, framing and status that the web or somebody hostile sends. A minor's client must not see one of them, raw or
decoded; an adult's must, wherever the exchange is one that the web knows. Exits 1 when a fault was found; each is kept
in the folder as a visit that `--replay FILE` pays again.
"""

import argparse
import asyncio
import itertools
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.canary.exchange import Visit
from tests.canary.gateway import a_folder, gateway
from tests.canary.generator import of_number
from tests.canary.run import Result, end_on_sigterm, pay_all

ROOT = Path(__file__).parents[2]


def main() -> int:
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # peers that hang up are the rule here
    options = _options()
    result = asyncio.run(_run(options))
    for name, count in sorted(result.counts.items()):
        print(f"{count:9,}  {name}")
    for fault in result.faults[:100]:
        print(fault)
    print(f"{len(result.faults)} faults in {result.asked:,} exchanges")
    return 1 if result.faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.canary", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="how many exchanges (100000)")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other exchanges (1)")
    parser.add_argument("--workers", type=int, default=1, help="of the gateway (1)")
    parser.add_argument("--replay", type=Path, action="append", help="pay the visit in this file, may be repeated")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "canary", help="where faults are kept")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> Result:
    end_on_sigterm()
    result, started = Result(), time.monotonic()
    if options.replay:
        visits = iter([Visit.of_json(file.read_text(encoding="utf-8")) for file in options.replay])
    else:
        visits = _until(options.requests, options.seed, result)
    with a_folder() as folder:
        async with gateway(folder, workers=options.workers) as ours:
            telling = asyncio.create_task(_tell(result, started))
            await pay_all(visits, ours.origin, ours.proxy, options.folder, result)
            telling.cancel()
    return result


def _until(requests: int, seed: int, result: Result) -> Iterator[Visit]:
    for number in itertools.count():
        if result.asked >= requests:
            return
        yield of_number(seed, number)


async def _tell(result: Result, started: float) -> None:
    while True:
        await asyncio.sleep(10)
        seconds = time.monotonic() - started
        print(f"{result.asked:,} after {seconds:.0f} s, {len(result.faults)} faults", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
