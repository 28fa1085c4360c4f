"""The browser add-on's readers in Chromium: main-thread time of one reading, and the longest that the page ever waits.

Budget: 15 ms for a page of 100 kB without a label. "look" is the time of a look for traces, the first one and the
median of those that follow: most pages need no more. "whole" is the time of one reading in one go, the first one of a
page ("cold": nothing of the page was asked before, the data is compiled) and the median of those that follow; "slice"
is the longest piece of a reading that gives the main thread back. Wall time of the browser's own clock: run it when
nothing else runs.
"""

import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from bench_labels import HOSTILE, IN_THE_HEAD, LABEL_FREE, WHOLE  # noqa: E402 - found beside this file

from gateway.edge.addon_data import addon_data  # noqa: E402
from gateway.edge.ruling import label_data  # noqa: E402
from gateway.labels.to_traces import traces_as_json  # noqa: E402
from tests.browser.opened_page import Answer, run_page  # noqa: E402

_HOSTILE = ("signs and nothing else", "headings with signs", "nested items", "audiences in JSON-LD")
_SIZE = 100_000  # bytes
_LONGEST = 300  # seconds


def main() -> None:
    pages = {
        **LABEL_FREE,
        **IN_THE_HEAD,
        **WHOLE,
        **{name: make for name, make in HOSTILE.items() if name in _HOSTILE},
    }
    bodies = [make(_SIZE) for make in pages.values()]
    traces = traces_as_json(label_data())
    plan = json.dumps({"data": json.loads(addon_data()), "traces": traces, "pages": len(bodies)}).encode()

    def answers(path: str) -> Answer | None:
        if path == "/plan.json":
            return Answer(plan, {"Content-Type": "application/json"})
        if not path.startswith("/page/"):
            return None
        return Answer(bodies[int(path.rpartition("/")[2])], {"Content-Type": "text/html; charset=utf-8"})

    result = run_page("timing.html", answers, _LONGEST)
    print(f"{'100 kB':36}{'first look':>12}{'look':>10}{'cold':>10}{'whole':>10}{'slice':>10}  reading")
    for name, said in zip(pages, result["pages"], strict=True):
        print(
            f"  {name:34}{said['firstLook']:>9.1f} ms{said['look']:>7.1f} ms"
            f"{said['cold']:>7.1f} ms{said['whole']:>7.1f} ms{said['slice']:>7.1f} ms  "
            f"{said['category'] or said['status']}"
        )
    print(f"{'data: parsing and compiling it':36}{result['compiling']:>7.1f} ms, {len(addon_data()) / 1_000:.0f} kB")


if __name__ == "__main__":
    main()
