"""A real Firefox with the add-on, driven over WebDriver BiDi without a driver program."""

import asyncio
import base64
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.browser.extension.driving import LONGEST, BrowserFault, OpenTab, until

ID: Final = "addon@qorgan"
UUID: Final = "3f1b7e1c-7c5e-4d0a-9a53-6d1f3f0a9b11"  # of the add-on's pages; Firefox takes it from the profile
_STARTING: Final = 30.0  # seconds
_PREFERENCES: Final[dict[str, Any]] = {
    "remote.active-protocols": 1,
    "extensions.webextensions.uuids": json.dumps({ID: UUID}),
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.aboutwelcome.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.update.enabled": False,
    "app.update.disabledForTesting": True,
    "dom.security.https_first": False,
    "media.autoplay.default": 0,
}


class Firefox:
    """One process; `tab` opens pages in it. Use as a context."""

    def __init__(
        self,
        profile: Path,
        hosts: tuple[str, ...],
        *,
        wrap: tuple[str, ...] = (),
        first: str = "",
        private: bool = False,
    ) -> None:
        """`hosts`: the names under `.test` that lead to this machine. `private`: every window is a private one."""
        program = shutil.which("firefox-esr")
        if program is None:
            raise RuntimeError("firefox-esr is missing: install the package firefox-esr (make tools)")
        profile.mkdir(parents=True, exist_ok=True)
        values = {**_PREFERENCES, "network.dns.localDomains": ",".join(hosts)}
        values["browser.privatebrowsing.autostart"] = private
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in values.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._log = profile.parent / f"{profile.name}.stderr"
        self._errors = self._log.open("wb")
        command = [*wrap, program, "--headless", "--no-remote", "--profile", str(profile), "--width", "500"]
        command += [
            "--height",
            "400",
            "--remote-allow-system-access",
            "--remote-debugging-port",
            "0",
            *([first] if first else []),
        ]
        self._process = subprocess.Popen(command, stdout=self._errors, stderr=self._errors)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._last = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        try:
            address = until(self._address, _STARTING)
            self._do(self._connect(f"{address}/session"))
            self.send("session.new", capabilities={})
        except BaseException:
            self._process.kill()
            raise

    def __enter__(self) -> "Firefox":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self.send("browser.close")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait(10)
        with suppress(Exception):
            self._do(self._http.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._errors.close()

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        return self._do(self._send(method, params))

    def load(self, folder: Path) -> str:
        found = self.send("webExtension.install", extensionData={"type": "path", "path": str(folder)})
        return str(found["extension"])

    @contextmanager
    def tab(self, *, context: str | None = None) -> Iterator["Tab"]:
        where = {"userContext": context} if context else {}
        found = self.send("browsingContext.create", type="tab", **where)["context"]
        try:
            yield Tab(self, found)
        finally:
            with suppress(BrowserFault):
                self.send("browsingContext.close", context=found)

    def addresses(self) -> list[str]:
        """Of all tabs."""
        return [str(each["url"]) for each in self.send("browsingContext.getTree")["contexts"]]

    def _address(self) -> str | None:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        _, found, rest = text.partition("WebDriver BiDi listening on ")
        return rest.split()[0] if found and rest.split() else None

    def _do[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LONGEST + 5)

    async def _connect(self, address: str) -> None:
        self._http = aiohttp.ClientSession()
        self._socket = await self._http.ws_connect(address, max_msg_size=0)
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            waiting = self._answers.pop(told.get("id", 0), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(told)

    async def _send(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        number = self._last
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"id": number, "method": method, "params": params}))
        try:
            answer = await asyncio.wait_for(self._answers[number], LONGEST)
        except TimeoutError:
            raise BrowserFault(f"{method} was not answered in {LONGEST:.0f} s") from None
        if answer["type"] == "error":
            raise BrowserFault(f"{method}: {answer['error']}: {answer['message'][:300]}")
        return dict(answer["result"])


class Tab(OpenTab):
    """One page: also where it goes, and what of it was painted."""

    def __init__(self, browser: Firefox, context: str) -> None:
        self.browser, self.context = browser, context

    def go(self, url: str) -> None:
        """Does not wait: a navigation that is sent elsewhere never completes."""
        with suppress(BrowserFault):
            self.browser.send("browsingContext.navigate", context=self.context, url=url, wait="none")

    @property
    def url(self) -> str:
        with suppress(BrowserFault):
            return str(self.evaluate("location.href"))
        return ""

    def evaluate(self, script: str) -> Any:
        wrapped = f"Promise.resolve({script}).then((value) => JSON.stringify(value ?? null))"
        where = {"context": self.context}
        result = self.browser.send("script.evaluate", expression=wrapped, target=where, awaitPromise=True)
        if result["type"] == "exception":
            raise BrowserFault(f"{script[:300]}: {result['exceptionDetails']['text']}")
        return json.loads(result["result"]["value"])

    def screenshot(self) -> bytes:
        return base64.b64decode(self.browser.send("browsingContext.captureScreenshot", context=self.context)["data"])

    @contextmanager
    def filmed(self) -> Iterator[list[bytes]]:
        """Screenshots one after the other meanwhile, as PNG: Firefox tells no driver of the frames that it paints."""
        frames: list[bytes] = []
        stop = threading.Event()

        def film() -> None:
            while not stop.is_set():
                with suppress(BrowserFault):
                    frames.append(self.screenshot())
                time.sleep(0.01)

        thread = threading.Thread(target=film, daemon=True)
        thread.start()
        try:
            yield frames
        finally:
            stop.set()
            thread.join(LONGEST)
            frames.append(until(self._shot))

    def _shot(self) -> bytes | None:
        """None when Firefox could take none, as it answers while a frame of the page is replaced."""
        with suppress(BrowserFault):
            return self.screenshot()
        return None
