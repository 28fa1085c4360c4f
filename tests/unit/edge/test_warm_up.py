"""After the start nothing is left to be compiled that an ordinary page would wait for."""

import re
from collections.abc import Iterator

import pytest

from gateway.document import parse_cost, telling_tags
from gateway.document.byte_search import ByteSearch
from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.document.url import canonical
from gateway.edge.reading import warm_up
from gateway.labels.data import LabelData, build_label_data
from gateway.labels.label import Status
from gateway.labels.read import read_labels
from gateway.shipped import texts

PAGES = {
    b"<!doctype html><title>News</title><table><tr><td class=a>Nothing but gears</table>": Status.UNLABELLED,
    b"<!doctype html><title>News</title><table><tr><td>x</table><footer>News of the day 12+</footer>": Status.RATED,
}


@pytest.fixture
def fresh() -> Iterator[LabelData]:
    """Labels of which nothing was asked, and searches of the parser's guard that were not made yet."""
    named = {**vars(parse_cost), **vars(telling_tags)}.values()
    searches = [each for each in named if type(each) is ByteSearch]
    assert searches
    kept = [vars(each).pop("_database", None) for each in searches]
    folders = ("scales", "signs", "vocabularies", "sites")
    yield build_label_data({path: text for folder in folders for path, text in texts(folder).items()})
    for search, database in zip(searches, kept, strict=True):
        if database is not None:
            vars(search)["_database"] = database


@pytest.mark.parametrize("body", PAGES)
def test_the_first_pages_compile_what_all_need(fresh: LabelData, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    warm_up(fresh)

    def compiles(*_: object, **__: object) -> None:
        raise AssertionError("something was compiled late")

    monkeypatch.setattr("hyperscan.Database", compiles)
    monkeypatch.setattr(re, "compile", compiles)
    headers = Headers((("content-type", "text/html"),))
    page = read_document(url=canonical("https://n.test/"), status=200, headers=headers, body=body)
    assert read_labels(page, fresh).status is PAGES[body]
