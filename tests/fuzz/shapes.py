"""Every hostile shape as a response of a given size."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.fuzz.sample import BINARY, HTML, JSON, PLAIN, RSS, XML, Sample
from tests.fuzz.shape import Shape
from tests.fuzz.shapes_bytes import ARCHIVES, CHARSETS, FILMS, HEADERS, MANY_HEADERS, PACKED, PLAYLISTS, Bytes
from tests.fuzz.shapes_html import HTML as PAGES
from tests.fuzz.shapes_json import JSON as TEXTS
from tests.fuzz.shapes_json import LINKED_DATA
from tests.fuzz.shapes_signs import SHOWN
from tests.fuzz.shapes_xml import FEEDS, SITE_FILES
from tests.fuzz.shapes_xml import XML as MARKUP

type Make = Callable[[int], Sample]

MOST_HEADER = 64 * 1024  # bytes; no proxy takes longer ones


def _text(name: str, shape: Shape, content_type: str, url: str, size: int) -> Sample:
    return Sample(name, shape(size).encode("utf-8", "replace"), content_type, url)


def _bytes(name: str, shape: Bytes, content_type: str, size: int) -> Sample:
    return Sample(name, shape(size), content_type)


def _packed(name: str, coding: str, shape: Bytes, size: int) -> Sample:
    return Sample(name, shape(size), HTML, headers=(("Content-Encoding", coding),))


def _header(name: str, field: str, shape: Shape, size: int) -> Sample:
    return Sample(name, b"<p>x</p>", HTML, headers=((field, shape(min(size, MOST_HEADER))),))


def _headers(name: str, field: str, value: str, size: int) -> Sample:
    count = min(size, MOST_HEADER) // (len(field) + len(value))
    return Sample(name, b"<p>x</p>", HTML, headers=((field, value),) * count)


def everywhere(hosts: tuple[str, ...]) -> Iterator[Make]:
    """Every shape once; `hosts` are those of recipes, at whose addresses pages and JSON are looked at more closely."""
    page = "https://site.test/page"
    kazakh = "https://news.kz/page"
    for name, shape in (*PAGES.items(), *LINKED_DATA.items()):
        yield partial(_text, name, shape, HTML, page)
    for name in ("signs in a footer", "signs beside each other", "cards of a listing", "imprint lines"):
        yield partial(_text, f"{name}, Kazakh", PAGES[name], HTML, kazakh)
    for name, shape in SHOWN.items():
        yield partial(_text, f"{name}, Kazakh", shape, HTML, kazakh)
    for name, shape in TEXTS.items():
        yield partial(_text, f"JSON: {name}", shape, JSON, page)
    for name, shape in MARKUP.items():
        yield partial(_text, f"XML: {name}", shape, XML, page)
    for name, shape in FEEDS.items():
        yield partial(_text, f"RSS: {name}", shape, RSS, page)
    for name, shape in SITE_FILES.items():
        yield partial(_text, f"site file: {name}", shape, XML, "https://site.test/age-de.xml")
    for name, shape in PLAYLISTS.items():
        yield partial(_text, f"playlist: {name}", shape, "audio/x-mpegurl", page)
    yield from _in_bytes()
    for host in hosts:
        for name, shape in _of_sites().items():
            yield partial(_text, f"{host}: {name}", shape, HTML, f"https://{host}/watch")
        for name in ("works", "rating keys, keys", "flags, keys", "wide objects, keys", "names inside each other"):
            yield partial(_text, f"{host}: {name}", TEXTS[name], JSON, f"https://{host}/api/video/1/")


def _in_bytes() -> Iterator[Make]:
    for name, shape in (*FILMS.items(), *ARCHIVES.items()):
        yield partial(_bytes, name, shape, BINARY)
    for name, (coding, shape) in PACKED.items():
        yield partial(_packed, name, coding, shape)
    for name, content_type in CHARSETS.items():
        yield partial(
            _text, f"bytes as {name}", PAGES["signs without elements"], content_type, "https://site.test/page"
        )
    for name, (field, text) in HEADERS.items():
        yield partial(_header, f"header: {name}", field, text)
    for name, (field, value) in MANY_HEADERS.items():
        yield partial(_headers, f"headers: {name}", field, value)
    yield partial(_text, "text with signs", PAGES["signs without elements"], PLAIN, "https://site.test/page")


def _of_sites() -> dict[str, Shape]:
    """Pages for the recipes: what they look for is in the samples, which the corpus brings; here is what is around."""
    names = ("cards of a listing", "scripts with signs", "elements without end", "ids deep", "JSON-LD: works")
    return {name: {**PAGES, **LINKED_DATA}[name] for name in names}
