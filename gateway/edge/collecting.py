"""The cyclic collector of Python (gc), where much is made of which little is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Without the collector meanwhile.

    A collection of the oldest generation goes through everything that lives and stops all threads: of what ten thousand
    policy files become it finds nothing, and looking costs half.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
