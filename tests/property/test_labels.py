"""The laws that every reading of labels keeps, whatever the page is."""

from functools import cache
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from gateway.document.document import Document, Headers, UnreadableReason
from gateway.document.read import read_document
from gateway.document.url import canonical
from gateway.labels.data import LabelData, build_label_data
from gateway.labels.from_site_file import read_site_file
from gateway.labels.jsonl import answer
from gateway.labels.label import Label, Reading, Scope
from gateway.labels.page import Page
from gateway.labels.read import READERS, read_labels, read_with
from gateway.labels.reader import EVERYTHING, Reader
from gateway.labels.site_scope import matches, scope_of
from gateway.shipped import texts

HTML = ("content-type", "text/html; charset=utf-8")
PAGE = canonical("https://site.test/page")
FILE = canonical("https://site.test/age-de.xml")


@cache
def data() -> LabelData:
    return build_label_data({**texts("scales"), **texts("signs")})


def document_of(html: str | bytes, url: str = PAGE.href, headers: tuple[tuple[str, str], ...] = (HTML,)) -> Document:
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html
    read = read_document(url=url, status=200, headers=Headers(headers), body=body)
    assert isinstance(read, Document)
    return read


def reading_of(html: str) -> Reading:
    return read_labels(document_of(html), data())


def gist(labels: tuple[Label, ...]) -> list[tuple[Any, ...]]:
    return sorted((x.scale, x.mark, x.min_age, x.scope.value, x.trust, x.carrier, x.place) for x in labels)


@cache
def tree_readers() -> tuple[Reader, ...]:
    """The readers of HTML: those that want the whole tree where a NUL may hide anything."""
    page = Page(document_of("\0"), data())
    return tuple(reader for reader in READERS if reader.reach(page) == EVERYTHING)


# What pages are made of: labels in every carrier, and whatever could hide them or look like them.
LABELS = [
    '<meta name="rating" content="adult">',
    "<META NAME=Rating CONTENT=mature>",
    '<meta name="&#114;ating" content="adult">',
    "<meta it's name=rating content=adult>",
    '<meta property="og:restrictions:age" content="16+">',
    '<meta name="age-de-meta-label" content="age=12 v=1.0">',
    '<meta property="ya:ovs:adult" content="true">',
    '<script type="application/ld+json">{"@type":"Movie","contentRating":"PG-13"}</script>',
    '<script type="application/ld+json">{"content\\u0052ating":"18+"}</script>',
    "<div itemscope><span itemprop=contentRating>FSK 16</span></div>",
    "<div itemscope><meta itemprop=isFamilyFriendly content=False></div>",
    "<h1>Film <span class=age>16+</span></h1>",
    "<p>18+</p>",
    "<p><b>18</b>+</p>",
    "<p>18&#43;</p>",
    "<p>18&plus;</p>",
    "<p>18＋</p>",
    "<p>1\x008+</p>",
    "<p>18&nbsp;+</p>",
    "<p>18<!-- x -->+</p>",
    "<p>6-</p>",
    "<p>6−</p>",
    "<p>🔞</p>",
    "<p>Запрещено для детей</p>",
    "<p>ЗАПРЕЩЕНО ДЛЯ ДЕТЕЙ</p>",
    "<p>&#1047;апрещено для детей</p>",
    "<p>Балаларға тыйым салынған</p>",
    "<p>Prohibited for children</p>",
    "<p>Возрастное ограничение: +16</p>",
    "<img alt='18+'>",
    "<p title='18+'></p>",
    "<footer>+18</footer>",
    "<p>18++</p>",
    "<p>18⁺</p>",
    "<p>１８+</p>",
    "<p>6&ndash;</p>",
    "<p>1&shy;8+</p>",
    "<p>Запре\xadщено для детей</p>",
    "<p>Возрастное ограничение: от 18 лет</p>",
    "<style>.a:after{content:'+'}</style><b class=a>18</b>",
    "<style>.a:after{content:'18+'}</style><i class=a></i>",
    "<footer>Сетевое издание «А» · 16+</footer>",
    "<ul><li><a href=/1>A</a> <sup>18+</sup></li><li><a href=/2>B</a></li></ul>",
]
# What counts on some hosts only.
NAMES = [
    "<footer><img src=18plus.png></footer>",
    "<footer><img src='18+.svg'></footer>",
    "<footer><i class=age-limit>12</i></footer>",
    "<i class='icon plus18'></i>",
]
NOISE = [
    "<p>Text &amp; more text.</p>",
    "<p>iOS 12+, 6+6, 1.18+, +7 727 312</p>",
    "<!-- <meta name=rating content=general> -->",
    "<script>var a = 18+b; var c = '<meta name=\"';</script>",
    "<style>a{content:'6-'}</style>",
    '<meta name="rating" content="general">',
    '<meta name="rating" content="safe for kids">',
    '<meta property="ya:ovs:adult" content="false">',
    '<script type="application/ld+json">{"isFamilyFriendly":true}</script>',
    '<script type="application/ld+json">{"contentRating":</script>',
    "<div itemscope><meta itemprop=isFamilyFriendly content=true></div>",
    "<select><option>0+</option><option>18+</option></select>",
    "<template><p>18+</p></template>",
    "<noscript><p>6+</p></noscript>",
    "<textarea>18+</textarea>",
    "<table><tr><td>x</td></tr></table>",
    "<div class=comments><p>6+</p></div>",
    "<img src=plus-18.svg><i class='age average-rating'>18</i>",
    "<style>.a:hover:after{content:'6+'}</style>",
    '<meta name="rating" content="0+">',
    '<script type="application/ld+json">{"typicalAgeRange":"0-3"}</script>',
]
pieces = st.sampled_from(LABELS + NAMES + NOISE) | st.text(alphabet="18+6-<>/\"'= &;#x\x00абр\n", max_size=12)
pages = st.lists(pieces, max_size=8).map("".join)


@settings(max_examples=300, deadline=None)
@given(pages)
@example('<meta a=="b c="x>y" name=rating content=adult>')
@example('<script>x=\'<meta a="\'</script><meta b=" name=rating content=adult>"')
@example("<svg><metadata>x</metadata></svg><meta name=rating content=adult>")
def test_the_look_at_the_raw_bytes_passes_over_no_label(html: str) -> None:
    for url in (PAGE.href, "https://news.test.kz/"):
        document = document_of("<!doctype html>" + html, url)
        quick = read_with(tree_readers(), document, data())
        thorough = read_with(tree_readers(), document, data(), everywhere=True)
        assert gist(quick.labels) == gist(thorough.labels)
        assert quick.status == thorough.status
        assert quick.flags == thorough.flags


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["text/html", "application/xhtml+xml", "", "text/html; charset=utf-16le"])
)
def test_a_reader_never_raises_on_any_bytes(body: bytes, kind: str) -> None:
    headers = Headers([("content-type", kind), ("rating", body[:40].decode("latin-1"))])
    read = read_document(url=PAGE.href, status=200, headers=headers, body=body)
    assert read_labels(read, data()).reason != UnreadableReason.FAULT


@settings(max_examples=200, deadline=None)
@given(pages)
def test_no_page_makes_a_reader_fail(html: str) -> None:
    assert reading_of(html).reason is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=3), st.lists(st.sampled_from(NOISE), max_size=4), st.data()
)
def test_noise_never_lowers_an_age(labels: list[str], noise: list[str], draw: st.DataObject) -> None:
    plain = reading_of("".join(labels)).min_age
    mixed = list(labels)
    for piece in noise:
        mixed.insert(draw.draw(st.integers(0, len(mixed))), piece)
    assert plain is not None
    found = reading_of("".join(mixed)).min_age
    assert found is not None
    assert found >= plain


@settings(max_examples=100, deadline=None)
@given(st.permutations(LABELS[:11]))
def test_the_order_of_elements_makes_no_difference(labels: list[str]) -> None:
    found = {(label.scale, label.mark, label.carrier) for label in reading_of("".join(labels)).labels}
    assert found == {(label.scale, label.mark, label.carrier) for label in reading_of("".join(LABELS[:11])).labels}


@settings(deadline=None)
@given(st.permutations([HTML, ("rating", "adult"), ("rating", "general"), ("x-a", "b"), ("age", "18")]))
def test_the_order_of_headers_makes_no_difference(headers: list[tuple[str, str]]) -> None:
    reading = read_labels(document_of("<p>6+</p>", headers=tuple(headers)), data())
    assert gist(reading.labels) == gist(
        read_labels(document_of("<p>6+</p>", headers=tuple(sorted(headers))), data()).labels
    )
    assert reading.min_age == 18


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LABELS + NOISE), max_size=8).map("".join))
def test_the_place_of_an_element_leads_to_it_alone(html: str) -> None:
    tree = LexborHTMLParser(html, scripting=True)
    for label in reading_of(html).labels:
        if label.carrier in ("meta", "microdata", "visible-sign"):
            assert len(tree.css(label.place)) == 1, label.place
        assert (label.part is not None) == (label.scope is Scope.PART)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60), st.sampled_from([None, "fsk", "kz", "us-tv", "?"]), st.sampled_from([None, "US", "kz", "??"])
)
def test_any_text_is_a_mark_or_none(text: str, scale: str | None, country: str | None) -> None:
    mark = data().scales.find(text, scale=scale, country=country)
    assert mark is None or (0 <= mark.min_age <= 21 and (scale is None or mark.scale == scale))


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["18+", " ", "для детей", "◊", "6-", "лет", ",", "Android"])).map("".join)
)
def test_a_sign_is_where_it_says(line: str) -> None:
    end = 0
    for sign in data().signs.read(line):
        assert end <= sign.start < sign.end <= len(line)
        end = sign.end


XML = [
    *(
        "<age-declaration>",
        "</age-declaration>",
        "<label>",
        "</label>",
        "<age>16</age>",
        "<scope>*.site.test/*</scope>",
    ),
    *("<default-age>18</default-age>", "<ageblock-labeltype>", "</ageblock-labeltype>", "<!DOCTYPE a [", "]>", "&x;"),
    *("<!ENTITY x 'y'>", "<?xml version='1.0'?>", "<label xmlns='http://www.miracle-label.eu/ns/2.0/'>", "x"),
]
xml = st.lists(st.sampled_from(XML), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(xml | st.binary(max_size=200))
def test_any_site_file_is_read_or_refused(content: str | bytes) -> None:
    reading = read_site_file(content, FILE, PAGE, data())
    assert reading.reason in (None, UnreadableReason.MALFORMED)


@settings(deadline=None)
@given(st.text(alphabet="*./ab:?", max_size=40))
def test_a_scope_never_leaves_its_site(pattern: str) -> None:
    scope = scope_of(pattern, FILE)
    if scope is not None:
        for other in (
            "https://other.test/ab",
            "https://test/ab",
            "https://xsite.test/ab",
            "https://site.test.evil.test/",
        ):
            assert not scope.covers(canonical(other))


@settings(deadline=None)
@given(st.text(alphabet="a*", max_size=12), st.text(alphabet="ab", max_size=12))
def test_stars_match_as_in_a_slow_and_simple_matcher(pattern: str, text: str) -> None:
    def slow(left: str, right: str) -> bool:
        if not left:
            return not right
        if left[0] == "*":
            return any(slow(left[1:], right[at:]) for at in range(len(right) + 1))
        return right[:1] == left[0] and slow(left[1:], right[1:])

    if pattern.count("*") <= 4:
        assert matches(pattern, text) == slow(pattern, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["id", "url", "status", "headers", "body", "body_b64", "label_file_url"]), json_values
    )
    | json_values
)
def test_any_line_gets_an_answer_of_the_contract(line: Any) -> None:
    found = answer(line, data())
    assert list(found) == ["id", "status", "min_age", "category", "labels", "flags", "notes"]
    assert found["status"] in ("rated", "unlabelled", "unreadable")
