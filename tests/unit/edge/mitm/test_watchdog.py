"""A connection on which nothing comes is ended once, after its time, and not while somebody is waited for."""

import asyncio

from gateway.edge.mitm.watchdog import Watchdog

SHORT = 0.05
LONG = 5.0


class Called:
    def __init__(self) -> None:
        self.times = 0
        self.once = asyncio.Event()

    async def __call__(self) -> None:
        self.times += 1
        self.once.set()


async def watched(called: Called, seconds: float = SHORT) -> Watchdog:
    dog = Watchdog(seconds, called)  # type: ignore[arg-type]  # mitmproxy counts whole seconds, which are long for a test
    await dog.watch()
    return dog


async def test_silence_is_told_once() -> None:
    called = Called()
    await watched(called)
    await asyncio.wait_for(called.once.wait(), LONG)
    await asyncio.sleep(3 * SHORT)
    assert called.times == 1


async def test_whoever_says_something_is_left_alone() -> None:
    called = Called()
    dog = await watched(called, 0.5)
    for _ in range(15):
        await asyncio.sleep(SHORT)
        dog.register_activity()
    assert called.times == 0
    await asyncio.wait_for(called.once.wait(), LONG)
    assert called.times == 1


async def test_who_waits_for_us_is_not_silent() -> None:
    called = Called()
    dog = await watched(called)
    with dog.disarm():
        await asyncio.sleep(4 * SHORT)
        assert called.times == 0
    await asyncio.wait_for(called.once.wait(), LONG)


async def test_nothing_is_told_after_the_end() -> None:
    called = Called()
    dog = await watched(called)
    dog.end()
    await asyncio.sleep(3 * SHORT)
    assert called.times == 0
