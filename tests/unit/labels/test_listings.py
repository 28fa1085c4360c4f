"""Listings of real size keep a label for each item; what is past every cap is unreadable or speaks for the page."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, build_label_data
from gateway.labels.from_json_ld import MOST_STATED
from gateway.labels.label import Reading, Scope, Status
from gateway.labels.most_sightings import ALWAYS, BYTES_EACH
from gateway.labels.part_limit import MOST_ALIKE, MOST_PARTS
from gateway.labels.read import read_labels
from gateway.labels.repeats import MOST_DIFFERENT
from gateway.shipped import texts

DATA = build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})
AGES = (0, 6, 12, 16)
CINEMA = (
    '<div class="card"><a href="/film/{n}"><img src="/p/{n}.jpg" alt="Фильм {n}"></a>'
    '<h3><a href="/film/{n}">Фильм {n}</a></h3><span class="age-badge">{age}+</span><p>Сегодня в 19:00</p></div>\n'
)
PLAIN = (
    '<li class="schedule__item"><a class="schedule__link" href="/channel/first/film-{n}/">Film {n}</a> '
    '<span class="schedule__age age">{age}+</span> <time datetime="2026-11-28T19:00">19:00</time></li>\n'
)
TABLE = (
    '<tr class="schedule__row"><td class="schedule__name"><a href="/channel/first/film-{n}/">Film {n}</a></td>'
    '<td class="schedule__time">19:00</td><td class="schedule__age">{age}+</td></tr>\n'
)
SHOP = (
    '<li itemscope itemtype="https://schema.org/Book"><a itemprop="url" href="/b/{n}">Book {n}</a>'
    '<meta itemprop="typicalAgeRange" content="{age}+"><b itemprop="name">Book {n}</b></li>\n'
)
AROUND = {
    "cinema": ("<main>{}</main>", CINEMA),
    "plain list": ("<ul>{}</ul>", PLAIN),
    "table": ("<table>{}</table>", TABLE),
    "shop with microdata": ("<ul>{}</ul>", SHOP),
}


def reading_of(body: str, content_type: str = "text/html; charset=utf-8") -> Reading:
    headers = Headers([("Content-Type", content_type)])
    document = read_document(url="https://site.test/afisha", status=200, headers=headers, body=body.encode())
    return read_labels(document, DATA)


def listing(around: str, line: str, count: int) -> str:
    items = "".join(line.format(n=number, age=AGES[number % len(AGES)]) for number in range(count))
    page = around.format(items)
    return f"<!doctype html><html lang=ru><head><title>Афиша</title></head><body>{page}</body></html>"


@pytest.mark.parametrize("count", [50, 300, 1_000])
@pytest.mark.parametrize(("around", "line"), AROUND.values(), ids=AROUND)
def test_a_listing_has_a_part_for_each_item(around: str, line: str, count: int) -> None:
    body = listing(around, line, count)
    reading = reading_of(body)
    assert reading.status is Status.RATED, reading.notes
    parts = [label.part for label in reading.labels if label.scope is Scope.PART]
    assert len(set(parts)) == len(parts) == count
    assert reading.min_age == 16
    tree = LexborHTMLParser(body, scripting=True)
    assert all(len(tree.css(str(part))) == 1 for part in parts[:: count // 50])


@pytest.mark.parametrize("count", [50, 300, 1_000])
def test_a_listing_with_linked_data_has_a_part_for_each_item(count: int) -> None:
    works = ",".join(
        f'{{"@type":"ListItem","item":{{"@type":"Movie","url":"/f/{n}","contentRating":"{AGES[n % 4]}+"}}}}'
        for n in range(count)
    )
    script = f'<script type="application/ld+json">{{"@type":"ItemList","itemListElement":[{works}]}}</script>'
    links = "".join(f'<li><a href="/f/{n}">Film {n}</a></li>' for n in range(count))
    reading = reading_of(f"<head>{script}</head><ul>{links}</ul>")
    assert reading.status is Status.RATED, reading.notes
    assert len({label.part for label in reading.labels}) == len(reading.labels) == count
    assert all(label.scope is Scope.PART for label in reading.labels)


def test_of_more_items_than_anybody_masks_the_strictest_of_the_rest_is_the_page_s() -> None:
    items = "".join(PLAIN.format(n=n, age=6) for n in range(MOST_PARTS)) + PLAIN.format(n=0, age=18)
    reading = reading_of(f"<ul>{items}</ul>" + "<p>text</p>" * 3_000)
    assert reading.status is Status.RATED
    assert (reading.labels[-1].min_age, reading.labels[-1].scope) == (18, Scope.PAGE)
    assert any("strictest of those after" in note for note in reading.notes)


def test_a_page_that_is_nothing_but_signs_is_not_guessed_at() -> None:
    for size in (1, 3):
        body = "<p>6+</p>" * (ALWAYS * size + size * 10)
        reading = reading_of(body)
        assert reading.status is Status.UNREADABLE
        assert any("places like age signs" in note for note in reading.notes)
    assert len("<p>6+</p>") < BYTES_EACH


def test_labels_of_the_page_that_say_the_same_are_told_so_often_only() -> None:
    reading = reading_of("<meta name=rating content=adult>" * (MOST_ALIKE * 3) + "<meta name=rating content='19+'>")
    assert len(reading.labels) == MOST_ALIKE + 1
    assert reading.min_age == 19
    assert any(f"{MOST_ALIKE * 3} places say adult" in note for note in reading.notes)


@pytest.mark.parametrize(
    "body",
    [
        "".join(f'<meta name=rating content="word {n}">' for n in range(MOST_DIFFERENT + 1)),
        "".join(f"<b itemprop=contentRating>word {n}</b>" for n in range(MOST_DIFFERENT + 1)),
        '<script type="application/ld+json">{"contentRating":['
        + ",".join(f'"word {n}"' for n in range(MOST_DIFFERENT + 1))
        + "]}</script>",
    ],
    ids=["meta", "microdata", "json-ld"],
)
def test_more_different_ratings_than_there_are_in_the_world_are_not_guessed_at(body: str) -> None:
    reading = reading_of(body)
    assert reading.status is Status.UNREADABLE
    assert any(f"more than {MOST_DIFFERENT} different ratings" in note for note in reading.notes)


@pytest.mark.parametrize("gap", [0, 27, 40])
def test_a_long_list_is_looked_at_as_its_first_items_are(gap: int) -> None:
    """Items of which one or two alike must stand near, however far apart; the answer is the same for each of many."""
    card = '<div{kind}><h3>Film</h3><b class="age">16+</b></div>' + "<br>" * gap
    for kind in ("", ' class="card"'):
        few, many = (reading_of("<section>" + card.format(kind=kind) * count + "</section>") for count in (12, 60))
        kinds = [{label.scope for label in reading.labels} for reading in (few, many)]
        expected = {0: {Scope.PART}, 27: {Scope.PART} if kind else {Scope.PART, Scope.PAGE}, 40: {Scope.PAGE}}
        assert kinds[0] == kinds[1] == expected[gap]  # of the bare tag the first and the last stand beside one only


@pytest.mark.parametrize(
    ("unit", "around"),
    [
        ('{"suggestedMinAge":18}', '{"@type":"Movie","audience":[%s]}'),
        ('{"@type":"Movie","contentRating":"6+"}', "[%s]"),
        ('{"@type":"Movie","url":"/a","contentRating":"6+"}', "[%s]"),
    ],
    ids=["audiences", "works", "works of one address"],
)
def test_linked_data_of_more_statements_than_any_listing_has_is_not_guessed_at(unit: str, around: str) -> None:
    many = '<script type="application/ld+json">' + around % ",".join([unit] * (MOST_STATED + 1)) + "</script>"
    reading = reading_of(many + '<script type="application/ld+json">{"contentRating":"18+"}</script>')
    assert reading.status is Status.UNREADABLE
    assert any(f"past the {MOST_STATED} places" in note for note in reading.notes)
    assert reading_of(many + "<p>text</p>" * 20_000).status is Status.RATED  # a large page has room for more
