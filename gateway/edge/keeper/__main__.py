"""`python -m gateway.edge.keeper`: the keeper's process."""

import asyncio
import contextlib

from gateway.edge.keeper.assembly import start_keeper
from gateway.edge.process import Orders, Stop, run, tell_supervisor


async def keep(orders: Orders, stop: Stop) -> None:
    """Serves until it is told to stop. Workers find it at the socket `keeper:`."""
    async with contextlib.AsyncExitStack() as stack:
        keeper = await start_keeper(orders, stack)
        server = await asyncio.start_unix_server(keeper.hub.serve, sock=orders.sockets["keeper:"])
        stack.callback(server.close)
        tell_supervisor(**keeper.summary())
        await stop.event.wait()


if __name__ == "__main__":
    run(keep, "qorgan-keeper")
