"""Work that takes long is done in a thread, so that nobody else waits for it; short work is not worth the way there."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from gateway.edge.inquiry import Patience

_THREADS: Final = 2


class OffLoop:
    """A few threads. Measured: the way to a thread and back costs as much as the reading of 40 kB."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="reading")

    async def run[T](self, patience: Patience, size: int, work: Callable[..., T], *arguments: Any) -> T:
        """Does `work` here when `size` (bytes) is small, else in a thread. Raises TimeoutError, and what it raises."""
        if size <= patience.inline_bytes:
            return work(*arguments)
        running = asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        return await asyncio.wait_for(running, patience.reading_seconds)

    def close(self) -> None:
        """Lets the threads end; nothing can be run afterwards."""
        self._threads.shutdown(wait=False, cancel_futures=True)
