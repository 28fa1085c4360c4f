"""The budget of a page: hostile shapes use it up whoever reads, honest pages of real size stay within it."""

import pytest

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, build_label_data
from gateway.labels.label import Status
from gateway.labels.page import Page, TooCostly
from gateway.labels.read import READERS, read_labels
from gateway.labels.reader import EVERYTHING
from gateway.labels.work import LEAST_LOOKS, TooMuchWork, Work, work_of
from gateway.shipped import texts
from tests.unit.document.test_parse_cost import ORDINARY

DATA = build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})
SIZE = 100_000


def page_of(body: str) -> Page:
    headers = Headers([("Content-Type", "text/html; charset=utf-8")])
    document = read_document(url="https://news.test.kz/a/1", status=200, headers=headers, body=body.encode())
    assert isinstance(document, Document)
    return Page(document, DATA)


def read(body: str) -> tuple[Page, list[str]]:
    """A page after all readers that want it have read it, and what ended their reading."""
    page = page_of(body)
    wanted = [reader for reader in READERS if reader.reach(page) is not None]
    page.reach(EVERYTHING)
    ended: list[str] = []
    for reader in wanted:
        try:
            list(reader.find(page))
        except (TooCostly, TooMuchWork) as refused:
            ended.append(str(refused))
    return page, ended


def rows(unit: str) -> str:
    return unit * (SIZE // len(unit.encode()))


def different(unit: str) -> str:
    return "".join(unit.format(n=number) for number in range(SIZE // len(unit.encode())))


HOSTILE = {
    "pictures in each other": rows('<img src="/img/16plus.svg"><div class=age-limit>'),
    "signs of every kind in each other": rows("<div title='6+'><p class=age>12+<img src=16plus.png alt='18+'><i>x</i>"),
    "signs in alt": different("<a><img alt='18+ {n}'></a>"),
    "signs in drawings": different("<svg><title>18+ {n}</title></svg>"),
    "signs in long lines": different("<p>Film {n} (18+), film {n} (16+), " + "a word and a word of {n}, " * 20),
    "notices in deep rows": rows("<div><a href=/x>18 U.S.C. 2257</a><span>x</span>"),
    "links to a badge in a row": rows('<a href="https://www.rtalabel.org/"><i>x</i></a>'),
    "linked data beside signs in long lines": '<script type="application/ld+json">['
    + ",".join(f'{{"@type":"Movie","url":"/f/{n}","contentRating":"6+"}}' for n in range(990))
    + "]</script>"
    + "".join(f"<p><a href=/f/{n}>Film {n}</a>, 6+, " + "a word and a word of " * 20 + f"{n}, 16+" for n in range(200)),
}
USED_UP = ("notices in deep rows", "linked data beside signs in long lines")


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_nothing_is_read_past_the_budget_but_for_the_walk_that_used_it_up(body: str) -> None:
    page, _ = read(body)
    assert page.work.used < page.work.most + LEAST_LOOKS // 10


@pytest.mark.parametrize("name", USED_UP)
def test_a_page_that_uses_up_its_budget_is_unreadable_and_says_so(name: str) -> None:
    reading = read_labels(page_of(HOSTILE[name]).document, DATA)
    assert reading.status is Status.UNREADABLE
    assert any("looks to read" in note for note in reading.notes), reading.notes


@pytest.mark.parametrize("body", [each for each in ORDINARY.values() if len(each) > SIZE // 2][::3])
def test_what_people_make_is_read_to_its_end(body: str) -> None:
    page, ended = read("<footer>18+</footer>" + body)
    assert not ended
    assert page.work.used < page.work.most


def test_what_is_used_up_stays_so() -> None:
    work = Work(10)
    work.charge(10)
    for _ in range(2):
        with pytest.raises(TooMuchWork, match="more than 10 looks"):
            work.charge(1)
    with pytest.raises(TooMuchWork):
        work.charge(0)


def test_what_is_charged_at_most_is_settled_only_when_it_matters() -> None:
    asked: list[int] = []

    def really() -> int:
        asked.append(1)
        return 30

    work = Work(100)
    work.charge_at_most(90, really)
    work.charge(10)
    assert not asked
    work.charge(60)
    assert (work.used, asked) == (100, [1])
    with pytest.raises(TooMuchWork):
        work.charge(1)
    assert asked == [1]


def test_more_than_there_is_may_be_charged_at_most() -> None:
    work = Work(100)
    work.charge_at_most(500, lambda: 30)
    assert work.used == 30
    with pytest.raises(TooMuchWork):
        work.charge_at_most(500, lambda: 71)


@pytest.mark.parametrize("before", ["", "<p>text</p>", "<script>if(a<" + "b" * 3_000 + ")</script>"])
def test_an_element_with_an_endless_name_is_not_read(before: str) -> None:
    """Each look at its name would take as long as the name is."""
    for length, status in ((200, Status.RATED), (3_000, Status.UNREADABLE)):
        body = f"{before}<footer>18+</footer><x{'y' * length}>" + "<p>6+</p>" * 1_000 + "<i>text</i>" * 20_000
        reading = read_labels(page_of(body).document, DATA)
        assert reading.status is status, reading.notes


@pytest.mark.parametrize("size", [0, 10, SIZE])
def test_small_pages_have_the_budget_of_one_of_100_kb(size: int) -> None:
    assert work_of(b"x" * size).most == LEAST_LOOKS
    assert work_of(b"x" * SIZE * 3).most == 3 * LEAST_LOOKS
