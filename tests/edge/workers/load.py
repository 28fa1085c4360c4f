"""Clients that keep asking through the proxy, and an origin behind it that answers at once."""

import contextlib
import http.server
import math
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

BODY = b"apple"
_PAUSE_SECONDS = 0.01  # or the clients take the processors from what is being started
_PULSE_SECONDS = 0.05
_STILL_SECONDS = 8.0  # as long as nobody else's time limits here
LABELLED = b'<!doctype html><meta name="rating" content="RTA-5042-1996-1400-1577-RTA"><p>CANARY'


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body = ("text/html", LABELLED) if self.path == "/adult" else ("text/plain", BODY)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@contextlib.contextmanager
def origin() -> Iterator[int]:
    """An origin on loopback: its port."""
    with Server(("127.0.0.1", 0), Origin) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


class Client:
    """One connection to a proxy port, kept alive."""

    def __init__(self, proxy: int, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", proxy), timeout=20)
        self.near = self.socket.getsockname()[1]
        self._file = self.socket.makefile("rb")
        self._host = f"web.test:{port}"

    def status(self, path: str = "/", *, last: bool = False) -> int:
        """The status of an answer, which is whole and the origin's when it is 200; raises OSError for anything else."""
        head = f"GET http://{self._host}{path} HTTP/1.1\r\nHost: {self._host}\r\n"
        more = "Connection: close\r\n" if last else ""
        # As a browser asks for a page that somebody opens: such a request counts as activity.
        self.socket.sendall(f"{head}Sec-Fetch-Dest: document\r\n{more}\r\n".encode())
        first, length = self._file.readline(), 0
        while (line := self._file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = self._file.read(length)
        if not first.startswith(b"HTTP/1.1 ") or (b" 200 " in first and body != BODY):
            raise ConnectionError(first + body[:200])
        return int(first.split()[1])

    def ask(self, *, last: bool = False) -> None:
        """Raises OSError for everything but the origin's whole answer."""
        if (status := self.status(last=last)) != 200:
            raise ConnectionError(f"status {status}")

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@dataclass
class Load:
    """What threads of clients saw: answers, and failures with their moments.

    A machine that stood still as a whole, this process with it, says nothing of the gateway: what fails then is told
    apart, in `stood_still`.
    """

    answers: int = 0
    failures: list[tuple[float, str]] = field(default_factory=list)
    refused: int = 0
    stood_still: list[str] = field(default_factory=list)
    _still_until: float = -math.inf
    _end: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def _watch(self) -> None:
        before = time.monotonic()
        while not self._end:
            time.sleep(_PULSE_SECONDS)
            now = time.monotonic()
            if now - before > _STILL_SECONDS:
                self._still_until = now
            before = now

    def _failed(self, began: float, fault: OSError) -> None:
        time.sleep(2 * _PULSE_SECONDS)  # the watch notices the same moment
        with self._lock:
            if began < self._still_until:
                self.stood_still.append(repr(fault))
            else:
                self.failures.append((time.monotonic() - 2 * _PULSE_SECONDS, repr(fault)))

    def _work(self, proxy: int, port: int) -> None:
        while not self._end:
            time.sleep(_PAUSE_SECONDS)
            began = time.monotonic()
            try:
                client = Client(proxy, port)
            except OSError:
                with self._lock:
                    self.refused += 1
                continue
            try:
                client.ask(last=True)
            except OSError as fault:
                self._failed(began, fault)
            else:
                with self._lock:
                    self.answers += 1
            finally:
                client.close()

    @contextlib.contextmanager
    def on(self, proxy: int, port: int, threads: int) -> Iterator["Load"]:
        working = [threading.Thread(target=self._work, args=(proxy, port)) for _ in range(threads)]
        working.append(threading.Thread(target=self._watch))
        for thread in working:
            thread.start()
        try:
            yield self
        finally:
            self._end = True
            for thread in working:
                thread.join()
