"""Labels of a page: median processor time of one reading, and how it grows with the page.

Budget: 100 kB of an ordinary page in 0.6 ms, 1 MB in ten times that; of a hostile one in 50 ms per 100 kB. A page with
a sign in its text has to be parsed as a whole, which the rows below tell apart; what the parser alone takes for it
stands below them. The column "there" is in milliseconds of the machine on which the limits were set, as the fuzzing's
are (a piece of work is laid beside each row: `Yardstick` in `tests/fuzz/measure.py`).
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.edge.ruling import label_data
from gateway.labels.read import read_labels
from tests.fuzz.measure import Yardstick

ENGLISH = (
    '<div class="card a1"><h2><a href="/story/{n}">A story of the road, part {n}</a></h2>'
    "<p>Nothing but gears, hills and 24 bicycles.</p></div>\n"
)
RUSSIAN = (
    '<div class="card a1"><h2><a href="/story/{n}">История о дороге, часть {n}</a></h2>'
    "<p>Только горы, передачи и 24 велосипеда.</p></div>\n"
)
LD = (
    '<script type="application/ld+json">{{"@type":"Movie","name":"Part {n}","url":"/m/{n}",'
    '"actor":[{{"@type":"Person","name":"N"}}]}}</script>\n'
)
HEAD = (
    "<!doctype html><html lang=ru><head><meta charset=utf-8><title>Bench</title>{head}</head>"
    "<body>\n{body}{foot}</body></html>"
)
RTA = "<meta name=rating content=RTA-5042-1996-1400-1577-RTA>"
RATED = '<script type="application/ld+json">{"@type":"Movie","contentRating":"16+"}</script>'
SIGN = "<footer>Сетевое издание «Дорога» · 16+</footer>"


def page(size: int, line: str, head: str = "", foot: str = "") -> bytes:
    """A page of about `size` bytes out of `line`."""
    count = max(1, size // len(line.format(n=10_000).encode()))
    return HEAD.format(head=head, body="".join(line.format(n=n % 1_000) for n in range(count)), foot=foot).encode()


AUDIENCES = '<script type="application/ld+json">{{"@type":"Movie","audience":[{}0]}}</script>'
CARD = (
    '<div class="card"><a href="/film/{n}"><img src="/p/{n}.jpg" alt="Film {n}"></a><h3>Film {n}</h3>'
    '<span class="age">16+</span><p>Nothing but gears, hills and bicycles.</p></div>\n'
)
WORK = (
    '<li itemscope itemtype="https://schema.org/Movie"><b itemprop="name">Part {n}</b>'
    '<meta itemprop="contentRating" content="16+"></li>\n'
)

type Pages = dict[str, Callable[[int], bytes]]

LABEL_FREE: Pages = {
    "English": lambda size: page(size, ENGLISH),
    "Russian": lambda size: page(size, RUSSIAN),
    "JSON-LD everywhere, none rated": lambda size: page(size, LD),
}
IN_THE_HEAD: Pages = {
    "meta rating": lambda size: page(size, ENGLISH, head=RTA),
    "JSON-LD rating": lambda size: page(size, ENGLISH, head=RATED),
    "meta rating, Russian": lambda size: page(size, RUSSIAN, head=RTA),
}
WHOLE: Pages = {
    "sign in the footer": lambda size: page(size, RUSSIAN, foot=SIGN),
    "JSON-LD everywhere, one rating": lambda size: page(size, LD, foot=RATED),
    "a listing with a sign on each card": lambda size: page(size, CARD),
    "a listing in microdata": lambda size: page(size, WORK),
}
HOSTILE: Pages = {
    "signs and nothing else": lambda size: page(size, "<p>18+</p>"),
    "headings with signs": lambda size: page(size, "<h2>Film {n} 16+</h2>"),
    "elements that nothing closes": lambda size: page(size, "<div>", foot=SIGN),
    "formatting that nothing closes": lambda size: page(size, "<b id={n}>x<p>", foot=SIGN),
    "tags that nothing matches": lambda size: page(size, "<table>x<tr></b></p>", foot=SIGN),
    "nested items": lambda size: page(size, '<div itemscope itemprop="contentRating">', foot="18+"),
    "audiences in JSON-LD": lambda size: page(0, " ", head=AUDIENCES.format('{"suggestedMinAge":18},' * (size // 23))),
}


ORDINARY: Final = frozenset({"English", "Russian", *IN_THE_HEAD, "sign in the footer"})


def median_ms(work: Callable[[], object], seconds: float = 1.0) -> float:
    """Processor time: what else runs on the machine is not the reader's."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1e3)
    return statistics.median(times)


def main() -> None:
    data, headers = label_data(), Headers([("Content-Type", "text/html; charset=utf-8")])

    def read(body: bytes) -> Document:
        document = read_document(url="https://bench.test/page", status=200, headers=headers, body=body)
        assert isinstance(document, Document), document
        return document

    ordinary: list[float] = []
    for title, pages in (
        ("label-free", LABEL_FREE),
        ("label in the head", IN_THE_HEAD),
        ("parsed as a whole", WHOLE),
        ("hostile", HOSTILE),
    ):
        print(f"{title:36}{'100 kB':>10}{'1 MB':>11}{'growth':>8}{'there':>10}  reading")
        for name, make in pages.items():
            small, large = read(make(100_000)), read(make(1_000_000))
            reading, yardstick = read_labels(small, data), Yardstick()
            times = [median_ms(lambda document=document: read_labels(document, data)) for document in (small, large)]
            there = times[0] * yardstick.factor()
            said = reading.category or "" if reading.status != "unreadable" else "unreadable"
            growth = f"{times[1] / times[0]:.1f}x"
            figures = f"{times[0]:>7.2f} ms{times[1]:>8.2f} ms{growth:>8}{there:>7.2f} ms"
            print(f"  {name:34}{figures}  {said or reading.status}", flush=True)
            if name in ORDINARY:
                ordinary.append(there)
    print(f"{'median of the ordinary pages, there':36}{statistics.median(ordinary):>7.2f} ms")
    foot = page(100_000, RUSSIAN, foot=SIGN)
    print(f"{'the parser alone, sign in the footer':36}{median_ms(lambda: LexborHTMLParser(foot)):>7.2f} ms")
    body = page(100_000, ENGLISH)
    print(f"{'decoding of 100 kB, apart':36}{median_ms(lambda: read(body)):>7.3f} ms")


if __name__ == "__main__":
    main()
