"""The supervisor: it owns the listening sockets and keeps a worker process alive on them.

A worker that dies is replaced on the same sockets, so a client that connects meanwhile waits in the backlog instead of
finding an open way round; while nobody answers, nothing passes. The supervisor itself never reads traffic.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_BACKLOG: Final = 1024
_READY_SECONDS: Final = 60.0
_DRAIN_SECONDS: Final = 8.0  # less than the ten seconds that container engines give
# A worker that dies this often within this time will not get better by itself (e.g. a full disk at start).
_DEATHS: Final = 5
_DEATHS_WITHIN: Final = 30.0


class CannotListen(Exception):  # noqa: N818 - reads as a sentence
    """An address or port is taken or not ours; the text names it."""


def bind(address: str, port: int) -> socket.socket:
    """A listening TCP socket that survives its worker. Raises CannotListen with the address when it is taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(_BACKLOG)
    except OSError as fault:
        listening.close()
        sentence = f"cannot listen on {address}:{port}: {fault.strerror}; choose another address or port"
        raise CannotListen(sentence) from fault
    listening.setblocking(False)
    listening.set_inheritable(True)
    return listening


@dataclass
class Supervisor:
    """Runs one worker, `command`, on `sockets` (name → listening socket) until it is told to stop.

    The worker gets its orders as one JSON line on standard input: `{"sockets": {name: file descriptor}, …orders}`, and
    answers with one JSON line on standard output once it serves. The end of standard input means: stop.
    """

    command: Sequence[str]
    orders: Mapping[str, Any]
    sockets: Mapping[str, socket.socket]
    on_ready: Callable[[Mapping[str, Any]], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    _worker: subprocess.Popen[str] | None = None
    _stopping: bool = False
    _deaths: list[float] = field(default_factory=list)

    def run(self) -> int:
        """Blocks until a signal stops it. Returns the exit status: 0 after a stop, 1 when no worker can live."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        previous[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._on_reload)
        try:
            return self._keep_alive()
        finally:
            self._stop_worker()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _keep_alive(self) -> int:
        while not self._stopping:
            worker = self._start()
            if worker is not None:
                status = worker.wait()
                if self._stopping:
                    break
                self.say(f"the worker ended (status {status}); starting another on the same ports")
            if self._dies_too_often():
                self.say(
                    f"the worker ended {_DEATHS} times within {_DEATHS_WITHIN:.0f} seconds: giving up, ports close"
                )
                return 1
            time.sleep(0.2)
        return 0

    def _start(self) -> subprocess.Popen[str] | None:
        """Starts a worker and waits until it serves; None when it ended or hung before that."""
        fds = {name: listening.fileno() for name, listening in self.sockets.items()}
        worker = subprocess.Popen(  # noqa: S603 - our own command line
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=tuple(fds.values()),
            start_new_session=True,  # Ctrl-C reaches the supervisor, which then stops the worker in order
        )
        self._worker = worker
        if self._stopping:  # the signal came while there was nobody to pass it on to
            self._signal_worker(signal.SIGTERM)
        assert worker.stdin is not None
        assert worker.stdout is not None
        # A worker that hangs before it serves is killed, which ends the readline below.
        watchdog = threading.Timer(_READY_SECONDS, worker.kill)
        watchdog.start()
        try:
            worker.stdin.write(json.dumps({"sockets": fds, **self.orders}) + "\n")
            worker.stdin.flush()
            answer = worker.stdout.readline()
        except OSError:
            answer = ""
        finally:
            watchdog.cancel()
        if not answer:
            worker.wait()
            return None
        self.on_ready(json.loads(answer))
        return worker

    def _dies_too_often(self) -> bool:
        now = time.monotonic()
        self._deaths = [moment for moment in self._deaths if now - moment < _DEATHS_WITHIN] + [now]
        return len(self._deaths) >= _DEATHS

    def _on_signal(self, _number: int, _frame: object) -> None:
        # Runs inside the main thread's wait(): it may only signal, never wait itself.
        self._stopping = True
        if self._worker is not None:
            self._signal_worker(signal.SIGTERM)
            late = threading.Timer(_DRAIN_SECONDS, self._worker.kill)
            late.daemon = True
            late.start()

    def _on_reload(self, _number: int, _frame: object) -> None:
        self._signal_worker(signal.SIGHUP)

    def _signal_worker(self, number: int) -> None:
        if self._worker is not None and self._worker.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._worker.pid, number)

    def _stop_worker(self) -> None:
        worker = self._worker
        if worker is None or worker.poll() is not None:
            return
        worker.terminate()
        try:
            worker.wait(_DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def worker_command() -> list[str]:
    """The command line of a worker: this very Python and package."""
    return [sys.executable, "-m", "gateway.edge.worker"]


def adopt(fd: int) -> socket.socket:
    """A socket of the supervisor, in the worker. A duplicate, so that closing it does not close the supervisor's."""
    return socket.socket(fileno=os.dup(fd))
