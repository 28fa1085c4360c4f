"""Labels of a page: median time of one reading, and how it grows with the page. Budget: 100 kB of HTML in 0.6 ms."""

import statistics
import time
from collections.abc import Callable

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.edge.ruling import label_data
from gateway.labels.read import read_labels

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


PAGES: dict[str, Callable[[int], bytes]] = {
    "no label, English": lambda size: page(size, ENGLISH),
    "no label, Russian": lambda size: page(size, RUSSIAN),
    "meta rating in the head": lambda size: page(size, ENGLISH, head=RTA),
    "sign in the footer": lambda size: page(size, RUSSIAN, foot=SIGN),
    "JSON-LD rating in the head": lambda size: page(size, ENGLISH, head=RATED),
    "JSON-LD everywhere, one rating": lambda size: page(size, LD, foot=RATED),
}


def median_ms(work: Callable[[], object], seconds: float = 1.0) -> float:
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def main() -> None:
    data, headers = label_data(), Headers([("Content-Type", "text/html; charset=utf-8")])

    def read(body: bytes) -> Document:
        document = read_document(url="https://bench.test/page", status=200, headers=headers, body=body)
        assert isinstance(document, Document), document
        return document

    print(f"{'':32}{'100 kB':>10}{'1 MB':>10}{'growth':>8}  reading")
    for name, make in PAGES.items():
        small, large = read(make(100_000)), read(make(1_000_000))
        reading = read_labels(small, data)
        times = [median_ms(lambda document=document: read_labels(document, data)) for document in (small, large)]
        said = reading.category or reading.status.value
        print(f"{name:32}{times[0]:>7.2f} ms{times[1]:>7.2f} ms{times[1] / times[0]:>7.1f}x  {said}", flush=True)
    body = PAGES["no label, English"](100_000)
    print(f"{'decoding of 100 kB, apart':32}{median_ms(lambda: read(body)):>7.3f} ms")


if __name__ == "__main__":
    main()
