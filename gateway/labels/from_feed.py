"""Labels in feeds, sitemaps and catalogues: RSS, Atom, video sitemaps, Yandex YML, Google Merchant.

Sources: RSS 2.0 (rating of a channel) and Media RSS 1.5.1, rssboard.org; Apple and Google podcast tags; Google, video
sitemaps and Merchant Center product data (adult); Yandex, YML elements age and adult. `media:restriction`,
`video:restriction` (countries), `video:rating` (a score) and `g:age_group` (a clothing size) say no age.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.labels.from_pics import PicsSaid, read_pics
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.page import Page
from gateway.labels.part_limit import limited
from gateway.labels.pics import is_pics
from gateway.labels.rating_words import read_rating
from gateway.labels.reader import Blocked, Found, Note
from gateway.labels.scales import Mark, Scales
from gateway.labels.xml_text import attribute_of, every_element, find_in, markup_of, start_of
from gateway.labels.xml_tree import Element

# The root element → what an item is called in it.
_ITEMS: Final = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url", "yml_catalog": "offer"}
# What elements that may state an age are called.
_NAMES: Final = frozenset({"rating", "adult", "explicit", "family_friendly", "age"})
_TRACES: Final = ("rating", "adult", "explicit", "family_friendly", "<age")

# Namespaces as `_folded` writes them, with the prefix that is usual for each: many feeds forget to declare it.
_SPACES: Final = {
    "search.yahoo.com/mrss": "media",
    "rssboard.org/media-rss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "google.com/schemas/play-podcasts/1.0": "googleplay",
    "google.com/schemas/sitemap-video/1.0": "video",
    "google.com/schemas/sitemap-video/1.1": "video",
    "base.google.com/ns/1.0": "g",
    "base.google.com/cns/1.0": "g",
    "webmaster.yandex.ru/schemas/video": "ovs",
}
_PREFIXES: Final = frozenset(_SPACES.values())
_SCHEME: Final = re.compile(r"https?://(?:www\.)?")

_EXPLICIT: Final = frozenset({("itunes", "explicit"), ("googleplay", "explicit")})
_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})
_CLEAN: Final = frozenset({"clean", *_FALSE})
_MOST_MONTHS: Final = 12  # YML counts the age of the youngest in months up to a year

type Read = tuple[Mark, Trust] | Note | Blocked

_CONTESTABLE: Final = Note(
    "explicit speech is taken for 18 (law 169-VI, Art. 16(2)(5)); the platforms give it no age, so this is contestable"
)


class FeedReader:
    name = "feed"

    def reach(self, page: Page) -> int | None:
        text = page.document.text if page.document else None
        start = start_of(text)
        if text is None or start is None or start.name not in _ITEMS:
            return None
        lower = text.lower()
        return 0 if any(trace in lower for trace in _TRACES) else None

    def find(self, page: Page) -> Iterator[Found]:
        if page.document is not None:
            yield from limited(find_in(page.document, lambda root: self._labels(page, root)))

    def _labels(self, page: Page, root: Element) -> Iterator[Found]:
        item_name = _ITEMS.get(root.name.casefold(), "")
        contested = False
        for element in every_element(root):
            if element.name.casefold() not in _NAMES:
                continue
            item = _item_of(element, item_name)
            for read in _read(element, item, root, page):
                if isinstance(read, tuple):
                    yield self._label(element, item, *read)
                    contested = contested or _name_of(element) in _EXPLICIT
                else:
                    yield read
        if contested:
            yield _CONTESTABLE

    def _label(self, element: Element, item: Element | None, mark: Mark, trust: Trust) -> Label:
        return Label(
            scale=mark.scale,
            mark=mark.mark,
            min_age=mark.min_age,
            scope=Scope.PAGE if item is None else Scope.PART,
            trust=trust,
            carrier=self.name,
            raw=markup_of(element),
            place=element.path,
            part=None if item is None else item.path,
        )


def _read(element: Element, item: Element | None, root: Element, page: Page) -> Iterator[Read]:
    """What one element says of an age."""
    name = _name_of(element)
    scales = page.data.scales
    value = element.text.strip()
    inside = element.parent.name.casefold() if element.parent is not None else ""
    if name == ("media", "rating"):
        yield from _media_rating(element, page)
    elif name in (("media", "adult"), ("g", "adult"), ("ovs", "adult")):
        yield from _flag(value, _TRUE, "adult", Trust.B, scales)
    elif name in _EXPLICIT:
        yield from _explicit(element, scales)
    elif name == ("video", "family_friendly"):
        # Google: over-used, and about explicit results in a search, not about an age.
        yield from _flag(value, _FALSE, "not family friendly", Trust.C, scales)
    elif name == ("", "rating") and inside == "channel":
        yield from _channel_rating(element, page)
    elif root.name.casefold() == "yml_catalog" and item is not None and element.parent is item:
        if name == ("", "adult"):
            yield from _flag(value, _TRUE, "adult", Trust.B, scales)
        elif name == ("", "age"):
            yield from _offer_age(element, scales)


def _media_rating(element: Element, page: Page) -> Iterator[Read]:
    """Media RSS 1.5.1, media:rating: the scheme names the system; without one it is urn:simple, adult or nonadult."""
    scales = page.data.scales
    value = element.text.strip()
    system = attribute_of(element, "scheme").casefold().removeprefix("urn:")
    if not value or scales.means_everyone(value):
        return
    mark: Mark | None
    trust = Trust.B
    if system in ("", "simple"):
        mark = scales.find(value, scale="web")
        if mark is None and (other := read_rating(value, scales)):
            # Some write another system's mark here: it says what it says, but not as the specification has it.
            mark, trust = other[0], Trust.C
    elif (known := scales.system(system)) is None:
        mark = scales.find(value, country=page.country)
    elif services := scales[known].services:
        # A vocabulary of PICS, without the list around it: "r (cz 1 lz 1 nz 1 oz 1 vz 1)".
        yield from _pics(value if is_pics(value) else f'(PICS-1.1 "{services[0]}" l {value})', page)
        return
    else:
        mark = scales.find(value, scale=known)
    yield (mark, trust) if mark else _unknown(element)


def _channel_rating(element: Element, page: Page) -> Iterator[Read]:
    """RSS 2.0, rating of a channel: a PICS label; some write the words of the meta element there."""
    value = element.text.strip()
    if is_pics(value):
        yield from _pics(value, page)
    elif read := read_rating(value, page.data.scales):
        yield read[0], Trust.C


def _pics(text: str, page: Page) -> Iterator[Read]:
    for said in read_pics(text, page.url, page.data):
        yield (said.mark, said.trust) if isinstance(said, PicsSaid) else said


def _explicit(element: Element, scales: Scales) -> Iterator[Read]:
    """Podcast tags: yes, true or explicit; no, false or clean say no age."""
    value = element.text.strip()
    if mark := scales.find(value, scale="podcast"):
        yield mark, Trust.C
    elif value and value.casefold() not in _CLEAN:
        yield _unknown(element)


def _offer_age(element: Element, scales: Scales) -> Iterator[Read]:
    """Yandex YML: `<age unit="year">18</age>`; months are for the smallest and say nothing here."""
    value, unit = element.text.strip(), attribute_of(element, "unit").casefold()
    if unit == "month":
        return
    if unit not in ("", "year") or (not unit and value.isdecimal() and int(value) <= _MOST_MONTHS):
        yield Note(f"{markup_of(element)} at {element.path} does not say that it counts years")
        return
    mark = scales.find(value, scale="rars") or scales.find(value, scale="age")
    yield (mark, Trust.B) if mark else _unknown(element)


def _flag(value: str, said: frozenset[str], means: str, trust: Trust, scales: Scales) -> Iterator[Read]:
    mark = scales.find(means, scale="web") if value.casefold() in said else None
    if mark is not None:
        yield mark, trust


def _unknown(element: Element) -> Note:
    return Note(f"{markup_of(element)[:120]} at {element.path} is no label")


def _item_of(element: Element, item_name: str) -> Element | None:
    """The item that an element stands in, or is."""
    here: Element | None = element
    while here is not None and here.parent is not None:
        if here.name.casefold() == item_name:
            return here
        here = here.parent
    return None


def _name_of(element: Element) -> tuple[str, str]:
    """The usual prefix of the element's vocabulary ("" for the feed's own) and its name, in lower case.

    What a declaration says counts; the prefix counts only where nothing is declared (Namespaces in XML, section 6).
    """
    prefix, colon, _ = element.tag.rpartition(":")
    name = element.name.casefold()
    space = element.space
    if space:
        return _SPACES.get(_folded(space), "?" if colon else ""), name
    return (prefix.casefold() if prefix.casefold() in _PREFIXES else "?") if colon else "", name


def _folded(space: str) -> str:
    return _SCHEME.sub("", space.strip().casefold(), count=1).rstrip("/#")
