"""How a process ends by signals before anything stands that must be put in order."""

import contextlib
import os
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-C (status 130) and SIGTERM (0) end the process at once, until the supervisor takes the signals over.

    As the first process of a container a signal that nobody handles is dropped; and an exception raised in a handler
    can get lost inside an import. Nothing is half done meanwhile: what is made is moved to its place in one step.
    """
    statuses = {signal.SIGINT: 130, signal.SIGTERM: 0}
    before = {
        number: signal.signal(number, lambda got, _: os._exit(statuses[signal.Signals(got)])) for number in statuses
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
