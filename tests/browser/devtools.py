"""Chromium over the DevTools protocol, by its pipe: the only way in which an unpacked add-on is loaded without a flag's luck.

Messages are JSON ended by a NUL byte, written to descriptor 3 and read from 4 (chromium, --remote-debugging-pipe).
"""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

_FLAGS: Final = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-proxy-server", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    *("--remote-debugging-pipe", "--enable-unsafe-extension-debugging", "--window-size=1000,1400"),
)
_LONGEST: Final = 20.0  # seconds for one answer


class Devtools:
    """A headless Chromium with a profile of its own; it ends with the `with` block."""

    def __init__(self, *flags: str, before: Sequence[str] = ()) -> None:
        """`before` is a command that starts the browser, by its arguments, e.g. in a mount namespace of its own."""
        program = shutil.which("chromium")
        if program is None:
            raise RuntimeError("chromium is needed: install the package chromium")
        self._folder = tempfile.TemporaryDirectory(prefix="qorgan-devtools-")
        profile = f"--user-data-dir={self._folder.name}/profile"
        self._command = [*before, program, *_FLAGS, profile, *flags, "about:blank"]
        self._number = 0
        self._buffer = b""

    def __enter__(self) -> Self:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()

        def take_pipes() -> None:
            # High numbers first: one of the pipes may itself be 3 or 4.
            for number, pipe in ((3, os.dup(theirs_in)), (4, os.dup(theirs_out))):
                os.dup2(pipe, number)

        self._errors = (Path(self._folder.name) / "stderr").open("wb")
        self._process = subprocess.Popen(
            self._command, stdout=self._errors, stderr=self._errors, preexec_fn=take_pipes, close_fds=False
        )
        os.close(theirs_in)
        os.close(theirs_out)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._out)  # the browser ends when its pipe does
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        self._errors.close()
        shutil.rmtree(self._folder.name, ignore_errors=True)

    def call(self, method: str, session: str | None = None, **parameters: object) -> dict[str, Any]:
        """The answer to a command. Raises RuntimeError when the browser refuses it or says nothing."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            answer = self._message(until - time.monotonic())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return dict(answer["result"])
        raise RuntimeError(f"{method} was not answered")

    def load(self, folder: Path) -> str:
        """Loads an unpacked add-on; its id."""
        return str(self.call("Extensions.loadUnpacked", path=str(folder))["id"])

    def open(self, url: str, **context: object) -> "Tab":
        """A new tab with a page that is loaded."""
        tab = self.attach(self.call("Target.createTarget", url="about:blank", **context)["targetId"])
        tab.call("Page.enable")
        tab.call("Page.navigate", url=url)
        tab.until("location.href !== 'about:blank' && document.readyState === 'complete'")
        return tab

    def attach(self, target: str) -> "Tab":
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Tab(self, target, session)

    def targets(self) -> list[dict[str, Any]]:
        return list(self.call("Target.getTargets", filter=[{}])["targetInfos"])

    def worker(self, extension: str) -> "Tab":
        """The background of an add-on."""
        wanted = f"chrome-extension://{extension}/"

        def found() -> dict[str, Any] | None:
            return next(
                (each for each in self.targets() if each["type"] == "service_worker" and each["url"].startswith(wanted)),
                None,
            )

        return self.attach(soon(found)["targetId"])

    def _message(self, seconds: float) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(until - time.monotonic(), 0))
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                if ready:
                    raise RuntimeError(f"chromium has ended: {self.said()}")
                return {}
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(text))

    def said(self) -> str:
        return (Path(self._folder.name) / "stderr").read_text(encoding="utf-8", errors="replace")[-2_000:]


class Tab:
    """A page, or the background of an add-on."""

    def __init__(self, browser: Devtools, target: str, session: str) -> None:
        self._browser, self.target, self._session = browser, target, session

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited. Raises RuntimeError when it throws."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def until(self, expression: str, seconds: float = 10) -> Any:
        """Its value as soon as it is true."""
        return soon(lambda: self.run(expression), seconds, expression)

    def close(self) -> None:
        self._browser.call("Target.closeTarget", targetId=self.target)


def soon[T](look: Callable[[], T | None], seconds: float = 10, what: str = "it") -> T:
    """What `look` finds, looked for again and again. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come true in {seconds} seconds")
        time.sleep(0.02)
