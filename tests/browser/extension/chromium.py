"""A real Chromium with the add-on, driven over the DevTools protocol through a pipe (no port, no driver program)."""

import base64
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from tests.browser.extension.driving import LONGEST, BrowserFault, OpenTab, until

_FLAGS: Final = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-proxy-server", "--mute-audio"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    *("--remote-debugging-pipe", "--enable-unsafe-extension-debugging", "--window-size=500,400"),
    *("--autoplay-policy=no-user-gesture-required", "--disable-features=Translate,MediaRouter"),
)


class Chromium:
    """One process; `tab` opens pages in it. Use as a context."""

    def __init__(
        self, profile: Path, *, wrap: Iterable[str] = (), more: Iterable[str] = (), first: str = "about:blank"
    ) -> None:
        """Every name under `.test` leads to this machine. `first`: the page with which the browser starts."""
        program = shutil.which("chromium")
        if program is None:
            raise RuntimeError("chromium is missing: install the package chromium (make tools)")
        down_read, self._down = os.pipe()
        self._up, up_write = os.pipe()
        rules = "--host-resolver-rules=MAP *.test 127.0.0.1"
        command = [*wrap, program, *_FLAGS, rules, f"--user-data-dir={profile}", *more, first]
        self._errors = (profile.parent / f"{profile.name}.stderr").open("wb")
        script = f'exec 3<&{down_read} 4>&{up_write}; exec "$0" "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", script, *command], pass_fds=(down_read, up_write), stdout=self._errors, stderr=self._errors
        )
        os.close(down_read)
        os.close(up_write)
        self._last = 0
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._listeners: list[Callable[[dict[str, Any]], None]] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self.send("Browser.close")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait(10)
        self._errors.close()

    def send(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        with self._lock:
            self._last += 1
            number = self._last
            self._answers[number] = queue.Queue()
            message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
            os.write(self._down, json.dumps(message).encode() + b"\0")
        try:
            answer = self._answers[number].get(timeout=LONGEST)
        except queue.Empty:
            raise BrowserFault(f"{method} was not answered in {LONGEST:.0f} s") from None
        finally:
            del self._answers[number]
        if "error" in answer:
            raise BrowserFault(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> None:
        self._listeners.append(listener)

    def forget(self, listener: Callable[[dict[str, Any]], None]) -> None:
        self._listeners.remove(listener)

    def load(self, folder: Path, *, incognito: bool = False) -> str:
        """The id of the add-on in the folder."""
        found = self.send("Extensions.loadUnpacked", path=str(folder), enableInIncognito=incognito)
        return str(found["id"])

    @contextmanager
    def tab(self, *, context: str | None = None) -> Iterator["Tab"]:
        where = {"browserContextId": context} if context else {}
        target = self.send("Target.createTarget", url="about:blank", **where)["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session, target)
        try:
            yield tab
        finally:
            with suppress(BrowserFault):
                self.send("Target.closeTarget", targetId=target)

    def targets(self) -> list[dict[str, Any]]:
        return list(self.send("Target.getTargets")["targetInfos"])

    def worker(self, extension: str) -> str:
        """A session with the background of the add-on; it keeps the worker alive."""
        found = until(lambda: [t for t in self.targets() if t["type"] == "service_worker" and extension in t["url"]])
        session = str(self.send("Target.attachToTarget", targetId=found[0]["targetId"], flatten=True)["sessionId"])
        until(lambda: self.evaluate(session, "globalThis.chrome?.storage !== undefined"))
        return session

    def evaluate(self, session: str, script: str) -> Any:
        options = {"awaitPromise": True, "returnByValue": True}
        result = self.send("Runtime.evaluate", session, expression=script, **options)
        if "exceptionDetails" in result:
            told = result["exceptionDetails"]
            raise BrowserFault(f"{script[:300]}: {told.get('exception', told).get('description', told)}")
        return result["result"].get("value")

    def _read(self) -> None:
        rest = b""
        while chunk := os.read(self._up, 1 << 20):
            *messages, rest = (rest + chunk).split(b"\0")
            for text in messages:
                message = json.loads(text)
                waiting = self._answers.get(message.get("id", 0))
                if waiting is not None:
                    waiting.put(message)
                else:
                    for listener in list(self._listeners):
                        listener(message)


class Tab(OpenTab):
    """One page: also where it goes, and what of it was painted."""

    def __init__(self, browser: Chromium, session: str, target: str) -> None:
        self.browser, self.session, self.target = browser, session, target
        self.frames: list[bytes] = []
        self.send("Page.enable")
        self.send("Runtime.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        return self.browser.send(method, self.session, **params)

    def go(self, url: str) -> None:
        self.browser.send("Page.navigate", self.session, url=url)

    @property
    def url(self) -> str:
        return next(str(each["url"]) for each in self.browser.targets() if each["targetId"] == self.target)

    def evaluate(self, script: str) -> Any:
        return self.browser.evaluate(self.session, script)

    def screenshot(self) -> bytes:
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    @contextmanager
    def filmed(self) -> Iterator[list[bytes]]:
        """Every frame that the browser paints meanwhile, as PNG."""
        frames: list[bytes] = []

        def take(message: dict[str, Any]) -> None:
            if message.get("method") == "Page.screencastFrame" and message.get("sessionId") == self.session:
                frames.append(base64.b64decode(message["params"]["data"]))
                threading.Thread(target=self._acknowledge, args=(message["params"]["sessionId"],), daemon=True).start()

        self.browser.listen(take)
        self.send("Page.startScreencast", format="png", everyNthFrame=1)
        try:
            yield frames
            frames.append(self.screenshot())
        finally:
            with suppress(BrowserFault):
                self.send("Page.stopScreencast")
            self.browser.forget(take)

    def _acknowledge(self, number: int) -> None:
        with suppress(BrowserFault, OSError):
            self.send("Page.screencastFrameAck", sessionId=number)
