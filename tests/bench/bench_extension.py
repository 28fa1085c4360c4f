"""The browser add-on in a real Chromium: what a visit takes longer, and main-thread time of a page without a label.

Budget (issue 6): the first visit of a host of which nothing is known 250 ms more, later visits none; 15 ms of
main-thread time on a page of 100 kB. Two browsers, one with the add-on, go to each page in turn, so that what else the
machine does falls on both; a figure is a median, a difference the median of those of pairs. "Shown" is when the page's
own script sees in an animation frame that the page is not held.
"Main thread" is the processor time of all tasks of the page (Performance.getMetrics), three and a half seconds after
its load: with every reading after the load; "scripts" is what of it are scripts, and those are all the add-on's. That
page has no script, and nobody asks it anything meanwhile: its own frames and our questions would be counted for as
long as it is held. The rest is wall time: run it when nothing else runs.
`python tests/bench/bench_extension.py [--hosts N]`.
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from bench_labels import ENGLISH, page  # noqa: E402 - found beside this file

from tests.browser.extension.chromium import Chromium, Tab  # noqa: E402
from tests.browser.extension.driving import until  # noqa: E402
from tests.browser.extension.family import Family, verdict  # noqa: E402
from tests.browser.extension.origin import Origin, Page  # noqa: E402
from tests.browser.extension.test_restart import pair  # noqa: E402
from tests.browser.extension.unpacked import unpack  # noqa: E402

_SIZE = 100_000  # bytes
_SETTLED = 3.5  # seconds
_SHOWN = (
    "<script>requestAnimationFrame(function look() {"
    "if (getComputedStyle(document.documentElement).opacity === '1') window.shown = Date.now();"
    "else requestAnimationFrame(look); })</script>"
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hosts", type=int, default=20)
    hosts = [f"n{number}.test" for number in range(options.parse_args().hosts)]
    content, still = page(_SIZE, ENGLISH, head=_SHOWN).decode(), page(_SIZE, ENGLISH).decode()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qorgan-bench-")))
        pages = {f"{host}/": Page(content) for host in hosts} | {f"{host}/still": Page(still) for host in hosts}
        origin = stack.enter_context(Origin(pages))
        family = stack.enter_context(Family(folder / "family"))
        family.verdicts.update({host: verdict("allow", "unlabelled") for host in hosts})
        plain = stack.enter_context(Chromium(folder / "plain"))
        guarded = stack.enter_context(Chromium(folder / "guarded"))
        pair(guarded, family, guarded.load(unpack(folder / "addon", "chromium")))
        tabs = [stack.enter_context(browser.tab()) for browser in (plain, guarded)]
        for tab in tabs:
            tab.send("Performance.enable", timeDomain="threadTicks")
            tab.send("Runtime.disable")  # or the page tells us of each world of scripts that begins
        urls = [f"http://{host}:{origin.port}/" for host in hosts]
        print(f"{'100 kB without a label':36}{'without':>12}{'with':>12}{'more':>12}")
        for name in ("first visit of a host", "second visit", "third visit"):
            tell(name, [[shown(tab, url) for tab in tabs] for url in urls])
        for name in ("first visit of a page", "later visit"):
            spent = [[busy(tab, f"{url}still") for tab in tabs] for url in urls]
            tell(f"main thread, {name}", [[each.tasks for each in two] for two in spent])
            tell("  scripts of it", [[each.scripts for each in two] for two in spent])


def tell(name: str, pairs: list[list[float]]) -> None:
    without, with_it = (statistics.median(each) for each in zip(*pairs, strict=True))
    more = statistics.median(other - one for one, other in pairs)
    print(f"  {name:34}{without:>9.1f} ms{with_it:>9.1f} ms{more:>9.1f} ms", flush=True)


class Spent(NamedTuple):
    """Milliseconds of processor time of a page's main thread."""

    tasks: float
    scripts: float


def shown(tab: Tab, url: str) -> float:
    """Milliseconds from the command to go there to the first frame in which the page is not held."""
    began = time.time()
    tab.go(url)
    return float(tab.wait(f"location.href === '{url}' && window.shown")) - began * 1_000


def busy(tab: Tab, url: str) -> Spent:
    """What the main thread of the page took."""
    loaded: list[float] = []

    def note(message: dict[str, Any]) -> None:
        if message.get("method") == "Page.loadEventFired" and message.get("sessionId") == tab.session:
            loaded.append(time.monotonic())

    tab.browser.listen(note)
    tab.go(url)
    until(lambda: loaded and time.monotonic() > loaded[-1] + _SETTLED)
    tab.browser.forget(note)
    metrics = {each["name"]: each["value"] for each in tab.send("Performance.getMetrics")["metrics"]}
    return Spent(float(metrics["TaskDuration"]) * 1_000, float(metrics["ScriptDuration"]) * 1_000)


if __name__ == "__main__":
    main()
