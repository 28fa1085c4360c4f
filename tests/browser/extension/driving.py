"""What driving a browser has in common, whichever it is: patience, its faults, and waiting in a tab."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

LONGEST: Final = 15.0  # seconds for an answer of the browser


class BrowserFault(AssertionError):  # noqa: N818 - named as what happened
    """The browser did not answer in time, or answered with a fault."""


def until(asked: Callable[[], Any], longest: float = LONGEST) -> Any:
    """What `asked` gives, as soon as that is true. Raises BrowserFault after `longest` seconds."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        found = asked()
        if found:
            return found
        time.sleep(0.02)
    raise BrowserFault(f"it did not happen in {longest:.0f} s")


class OpenTab(ABC):
    """One page: where it is, what it holds. All methods raise BrowserFault."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is now."""

    @abstractmethod
    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page, through JSON."""

    def text(self) -> str:
        return str(self.evaluate("document.body ? document.body.innerText : ''"))

    def wait(self, script: str, longest: float = LONGEST) -> Any:
        """Until the expression is true in the page, whichever that is by then."""

        def asked() -> Any:
            with suppress(BrowserFault):
                return self.evaluate(script)
            return None

        try:
            return until(asked, longest)
        except BrowserFault:
            raise BrowserFault(f"{script} did not become true at {self.url}: {self.text()[:500]}") from None

    def wait_for_url(self, part: str, longest: float = LONGEST) -> str:
        try:
            until(lambda: part in self.url, longest)
        except BrowserFault:
            raise BrowserFault(f"{part} is not in {self.url}") from None
        return self.url
