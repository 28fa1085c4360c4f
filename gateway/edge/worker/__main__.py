"""`python -m gateway.edge.worker`: a worker process, and where it is the only one, the keeper in the same process."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from gateway.edge.link.address import path_of
from gateway.edge.mitm.bare import stand_in
from gateway.edge.process import Orders, Stop, run, tell_supervisor

if TYPE_CHECKING:
    from gateway.edge.keeper.assembly import Keeper
    from gateway.edge.worker.contact import Dial


def load() -> None:
    """The most of what a worker needs."""
    stand_in()
    import gateway.edge.worker.assembly  # noqa: F401 - and with it mitmproxy, whose other add-ons stay out


async def work(orders: Orders, stop: Stop) -> None:
    """Serves until it is told to stop."""
    from gateway.edge.worker.assembly import Worker

    async with contextlib.AsyncExitStack() as stack:
        keeper = await _keeper_here(orders, stack) if orders.keeper is None else None
        worker = Worker(orders, _dial_to(orders, keeper), stack)
        started = asyncio.create_task(worker.start(stack))
        stopped = asyncio.create_task(stop.event.wait())
        await asyncio.wait({started, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not started.done():
            started.cancel()
            await asyncio.gather(started, return_exceptions=True)
            return
        await started
        tell_supervisor(**(keeper.summary() if keeper is not None else {}))
        await worker.serve(stop)


async def _keeper_here(orders: Orders, stack: contextlib.AsyncExitStack) -> "Keeper":
    from gateway.edge.keeper.assembly import start_keeper  # what it loads is no use to a worker beside a keeper

    return await start_keeper(orders, stack)


def _dial_to(orders: Orders, keeper: "Keeper | None") -> "Dial":
    if keeper is not None:
        return keeper.hub.dial
    assert orders.keeper is not None
    path = path_of(orders.keeper)
    return lambda: asyncio.open_unix_connection(path)


if __name__ == "__main__":
    run(work, "qorgan-worker", load)
