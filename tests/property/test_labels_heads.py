"""Laws of the readers of PICS labels, badges, descriptions, audiences and RDFa, on pieces of pages in any order."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.document.document import Document, Headers, UnreadableReason
from gateway.document.read import read_document
from gateway.document.url import canonical
from gateway.edge.ruling import label_data
from gateway.labels.from_pics import PicsSaid, read_pics
from gateway.labels.label import Reading
from gateway.labels.pics import parse_pics
from gateway.labels.read import READERS, read_labels, read_with

PAGE = canonical("https://site.test/page")
SERVICES = [
    "http://www.icra.org/ratingsv02.html",
    "http://www.rsac.org/ratingsv01.html",
    "http://www.classify.org/safesurf/",
    "http://other.test/",
]
TOKENS = [
    *(
        "(PICS-1.1 ",
        "pics-1",
        "(",
        ")",
        '"',
        "'",
        "l ",
        "1 ",
        "labels ",
        "r (",
        "ratings ",
        "gen true ",
        "for ",
        "n 4 ",
    ),
    *("s 4 ", "nf 1 ", "SS~~000 9 ", "s 2:4 ", "by ", "error ", '"http://site.test" ', "http://other.test ", "“", "x"),
    *(f'"{service}" ' for service in SERVICES),
]
PICS = "<meta http-equiv=PICS-Label content='(PICS-1.1 \"http://www.rsac.org/ratingsv01.html\" l r (s 4))'>"
LABELS = [
    PICS,
    '<footer><a href="https://www.rtalabel.org/"><img src="a.gif"></a></footer>',
    '<img src="/RTA-5042-1996-1400-1577-RTA.gif">',
    "<footer><p>18 U.S.C. 2257 Statement</p></footer>",
    '<script type="application/ld+json">{"@type":"Movie","audience":{"requiredMinAge":18}}</script>',
    '<script type="application/ld+json">{"@type":"Product","hasAdultConsideration":"AlcoholConsideration"}</script>',
    "<div itemscope itemtype=Movie><p itemprop=audience itemscope><meta itemprop=requiredMinAge content=18></div>",
    '<div vocab="https://schema.org/" typeof="Movie"><span property="contentRating">FSK 16</span></div>',
    "<p><span property='schema:contentRating'>FSK 12</span></p>",
]
NOISE = [
    "<meta http-equiv=PICS-Label content='(PICS-1.1 \"http://www.rsac.org/ratingsv01.html\" l r (n 0 s 0 v 0 l 0))'>",
    '<meta name=PICS-Label content=\'(PICS-1.1 "http://www.icra.org/ratingsv02.html" l for "http://o.t" r (nf 1))\'>',
    '<meta name="DC.audience" content="all">',
    '<meta name="twitter:label1" content="Age rating"><meta name="twitter:data1" content="6+">',
    '<link rel="describedby" type="application/powder+xml" href="/p">',
    "<article><p>See 18 U.S.C. 2257 and <a href=https://rtalabel.org/>the label</a>.</p></article>",
    "<p>2257</p>",
    '<script type="application/ld+json">{"@type":"Product","audience":{"suggestedMinAge":3}}</script>',
    "<span property=contentRating>6+</span>",
    "<p>text &amp; more</p>",
    "<!-- x -->",
]
# Other readers read other media; `everywhere` would show them a page that they never see.
OF_HTML = [
    reader
    for reader in READERS
    if reader.name in ("meta", "pics", "json-ld", "microdata", "rdfa", "badge", "powder", "visible-sign")
]
pieces = st.lists(st.sampled_from(LABELS + NOISE), max_size=8).map("".join)


def document_of(html: str) -> Document:
    headers = Headers([("content-type", "text/html; charset=utf-8")])
    read = read_document(url=PAGE.href, status=200, headers=headers, body=html.encode("utf-8", "replace"))
    assert isinstance(read, Document)
    return read


def reading_of(html: str) -> Reading:
    return read_labels(document_of("<!doctype html>" + html), label_data())


@settings(max_examples=200, deadline=None)
@given(pieces | st.text(alphabet="2257 rtalabel.<>/=\"'&#;U", max_size=40))
def test_the_look_at_the_raw_bytes_passes_over_no_label(html: str) -> None:
    document = document_of("<!doctype html>" + html)
    quick = read_with(OF_HTML, document, label_data())
    thorough = read_with(OF_HTML, document, label_data(), everywhere=True)
    assert sorted(map(repr, quick.labels)) == sorted(map(repr, thorough.labels))
    assert quick.status == thorough.status


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=3), st.lists(st.sampled_from(NOISE), max_size=4), st.data()
)
def test_noise_never_lowers_an_age(labels: list[str], noise: list[str], draw: st.DataObject) -> None:
    plain = reading_of("".join(labels)).min_age
    mixed = list(labels)
    for piece in noise:
        mixed.insert(draw.draw(st.integers(0, len(mixed))), piece)
    found = reading_of("".join(mixed)).min_age
    assert plain is not None
    assert found is not None
    assert found >= plain


@settings(max_examples=60, deadline=None)
@given(st.permutations(LABELS))
def test_the_order_of_elements_makes_no_difference(labels: list[str]) -> None:
    gists = [
        sorted((label.scale, label.mark, label.carrier, label.trust) for label in reading_of("".join(order)).labels)
        for order in (labels, LABELS)
    ]
    assert gists[0] == gists[1]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join) | st.text(max_size=100))
@example("(PICS-1.1 r")
@example('(PICS-1.1 "http://www.rsac.org/ratingsv01.html" l for')
def test_any_text_is_a_pics_label_or_none(text: str) -> None:
    for said in read_pics(text, PAGE, label_data()):
        if isinstance(said, PicsSaid):
            assert said.raw in text
            assert said.mark.min_age in (0, 18)


names = st.text(alphabet="abcdefgh~0", min_size=1, max_size=6).filter(lambda name: not name.isdigit())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SERVICES), st.booleans(), st.lists(st.tuples(names, st.integers(0, 9)), min_size=1, max_size=9))
def test_what_is_written_by_the_book_is_read_back(service: str, generic: bool, values: list[tuple[str, int]]) -> None:
    written = " ".join(f"{name} {number}" for name, number in values)
    text = f'(PICS-1.1 "{service}" l gen {str(generic).lower()} for "{PAGE.href}" r ({written}))'
    (label,) = parse_pics(text)
    assert (label.service, label.generic, label.address, list(label.values)) == (service, generic, PAGE.href, values)


@settings(max_examples=100, deadline=None)
@given(pieces, st.text(max_size=60))
def test_no_page_makes_a_reader_fail(html: str, header: str) -> None:
    lines = [("content-type", "text/html"), ("pics-label", header), ("link", header), ("pics-label", "".join(TOKENS))]
    read = read_document(url=PAGE.href, status=200, headers=Headers(lines), body=html.encode())
    assert read_labels(read, label_data()).reason != UnreadableReason.FAULT
