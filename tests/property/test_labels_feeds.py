"""Laws of the readers of feeds, guides, manifests and playlists, on pieces of them in any order."""

from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.document.document import Headers, UnreadableReason
from gateway.document.read import read_document
from gateway.edge.ruling import label_data
from gateway.labels.from_broadcast import BroadcastReader
from gateway.labels.from_feed import FeedReader
from gateway.labels.label import Label, Reading, Scope
from gateway.labels.page import Page
from gateway.labels.part_limit import MOST_PARTS
from gateway.labels.read import read_labels
from gateway.labels.reader import Reader

MRSS = 'xmlns:media="http://search.yahoo.com/mrss/"'
ITEMS = [
    "<media:rating>adult</media:rating>",
    '<media:rating scheme="urn:mpaa">pg-13</media:rating>',
    '<media:group><media:rating scheme="urn:v-chip">TV-14</media:rating></media:group>',
    "<itunes:explicit>yes</itunes:explicit>",
    "<g:adult>yes</g:adult>",
]
NOISE = [
    "<media:rating>nonadult</media:rating>",
    '<media:rating scheme="urn:mpaa">G</media:rating>',
    "<itunes:explicit>clean</itunes:explicit>",
    "<itunes:explicit>perhaps</itunes:explicit>",
    "<g:adult>no</g:adult><g:age_group>adult</g:age_group>",
    "<title>A&nbsp;B & C</title>",
    "<!-- <rating> --><description><![CDATA[<b>18+</b>]]></description>",
    '<x:rating xmlns:x="http://other.test/">adult</x:rating>',
]
TOKENS = [
    *("<rss>", "</rss>", "<channel>", "</channel>", "<item>", "</item>", "<entry>", "<feed>", "<urlset>", "<url>"),
    *("<yml_catalog>", "<offer>", "</offer>", '<age unit="year">', "<age>", "</age>", "<adult>", "18", "6", "month"),
    *("<tv>", "<programme>", '<rating system="CSA">', "<rating>", "</rating>", "<value>", "</value>", "-12", "R"),
    *("<MPD>", '<Rating schemeIdUri="urn:dvb:iptv:rating:2014" value="15"/>', "<Event>", "<ParentalGuidance>"),
    *("<mpeg7:MinimumAge>", "</mpeg7:MinimumAge>", "</ParentalGuidance>", "#EXTM3U\n", "#EXTINF:-1 ", "#EXTGRP:"),
    *(
        'group-title="XXX"',
        ",One\n",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE x [",
        "]>",
        "<?",
        "?>",
        "&",
        "&amp;",
    ),
    *('xmlns:media="http://search.yahoo.com/mrss/"', "<media:rating>", "</media:rating>", "adult", "\0", "\ufeff", ">"),
    *("(PICS-1.1 ", '"http://www.icra.org/ratingsv02.html"', " l r (nf 1))", "\r\n", " ", "﻿", "é", "15세 이상 관람가"),
]
TYPES = ["application/rss+xml", "text/xml", "application/dash+xml", "audio/x-mpegurl", "text/plain", "text/html"]


def reading_of(body: str | bytes, media_type: str = "application/rss+xml") -> Reading:
    raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
    headers = Headers([("content-type", media_type)])
    read = read_document(url="https://site.test/feed", status=200, headers=headers, body=raw)
    return read_labels(read, label_data())


def feed_of(items: list[str]) -> str:
    return f"<rss {MRSS}><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


def gist(reading: Reading) -> list[tuple[str, str, int]]:
    return sorted((label.scale, label.mark, label.min_age) for label in reading.labels)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join), st.sampled_from(TYPES))
@example("<!DOCTYPE x [<rss>", "text/xml")
def test_no_reader_ever_fails(body: str, media_type: str) -> None:
    assert reading_of(body, media_type).reason is not UnreadableReason.FAULT


@given(
    st.binary(max_size=200), st.sampled_from(["<rss>{}", "<tv>{}", "#EXTM3U\n{}", "<MPD>{}"]), st.sampled_from(TYPES)
)
def test_no_bytes_make_a_reader_fail(noise: bytes, frame: str, media_type: str) -> None:
    before, after = frame.encode().split(b"{}")
    assert reading_of(before + noise + after, media_type).reason is not UnreadableReason.FAULT


@given(
    st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6), st.lists(st.sampled_from(NOISE), max_size=6), st.data()
)
def test_noise_never_lowers_an_age(items: list[str], noise: list[str], data: st.DataObject) -> None:
    plain = reading_of(feed_of(items))
    noisy = reading_of(feed_of(data.draw(st.permutations([*items, *noise]))))
    assert plain.min_age is not None
    assert noisy.min_age is not None
    assert noisy.min_age >= plain.min_age


@given(st.lists(st.sampled_from([*ITEMS, *NOISE]), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(items: list[str], random: Random) -> None:
    mixed = random.sample(items, len(items))
    assert gist(reading_of(feed_of(items))) == gist(reading_of(feed_of(mixed)))


@given(st.integers(0, 3), st.sampled_from(ITEMS))
def test_a_long_feed_is_as_old_as_its_oldest_item(over: int, item: str) -> None:
    count = MOST_PARTS + over
    reading = reading_of(feed_of(['<media:rating scheme="urn:mpaa">G</media:rating>'] * count + [item]))
    assert reading.reason is None
    assert reading.min_age == reading_of(feed_of([item])).min_age
    assert any(label.scope is Scope.PAGE for label in reading.labels)


FRAMES = [(FeedReader(), "<rss>{}</rss>"), (BroadcastReader(), "<tv>{}</tv>"), (BroadcastReader(), "<MPD>{}</MPD>")]


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join), st.sampled_from(FRAMES))
def test_what_a_reader_passes_over_has_no_label(body: str, frame: tuple[Reader, str]) -> None:
    """`reach` is only a quicker answer: asked anyway, a reader finds nothing."""
    reader, around = frame
    headers = Headers([("content-type", "text/xml")])
    raw = around.replace("{}", body).encode("utf-8", "replace")
    page = Page(read_document(url="https://site.test/feed", status=200, headers=headers, body=raw), label_data())
    if reader.reach(page) is None:
        assert not [found for found in reader.find(page) if isinstance(found, Label)]
