"""Labels in feeds, sitemaps and catalogues: RSS, Atom, video sitemaps, Yandex YML, Google Merchant.

What the elements mean and where that is from: feed_ratings.py. `media:restriction` and `video:restriction` (countries),
`video:rating` (a score) and `g:age_group` (a clothing size) say no age.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.labels.feed_ratings import Kind, Read, read_statement
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import Blocked, Found, Note
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark
from gateway.labels.xml_text import attribute_of, every_element, find_in, markup_of, start_of
from gateway.labels.xml_tree import Element

# The root element → what an item is called in it.
_ITEMS: Final = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url", "yml_catalog": "offer"}
_CATALOGUE: Final = "yml_catalog"
_NAMES: Final = frozenset({"rating", "adult", "explicit", "family_friendly", "age"})

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
_KINDS: Final = {
    ("media", "rating"): Kind.MEDIA_RATING,
    ("media", "adult"): Kind.ADULT,
    ("g", "adult"): Kind.ADULT,
    ("ovs", "adult"): Kind.ADULT,
    ("itunes", "explicit"): Kind.EXPLICIT,
    ("googleplay", "explicit"): Kind.EXPLICIT,
    ("video", "family_friendly"): Kind.FAMILY_FRIENDLY,
}
_OF_OFFERS: Final = {"adult": Kind.ADULT, "age": Kind.OFFER_AGE}
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
        return 0 if any(name in lower for name in _NAMES) else None

    def find(self, page: Page) -> Iterator[Found]:
        if page.document is not None:
            yield from limited(find_in(page.document, lambda root: self._found(page, root)))

    def _found(self, page: Page, root: Element) -> Iterator[Found | Part]:
        item_name = _ITEMS.get(root.name.casefold(), "")
        repeats = Repeats(lambda kind, value, qualifier: read_statement(Kind(kind), value, qualifier, page))
        contested = False
        for element in every_element(root):
            if element.name.casefold() not in _NAMES:
                continue
            item = _item_of(element, item_name)
            kind = _kind_of(element, item, root)
            if kind is None:
                continue
            qualifier = attribute_of(element, "unit" if kind is Kind.OFFER_AGE else "scheme")
            try:
                said, again = repeats.answer(kind, element.text.strip(), qualifier)
            except TooManyDifferent as refused:
                yield Blocked(UnreadableReason.MALFORMED, str(refused))
                return
            yield from _said(element, item, said, again=again)
            contested = contested or (kind is Kind.EXPLICIT and any(isinstance(read, tuple) for read in said))
        if contested:
            yield _CONTESTABLE


def _said(element: Element, item: Element | None, said: tuple[Read, ...], *, again: bool) -> Iterator[Found | Part]:
    """The labels of an element; a note only where its words are met first."""
    for read in said:
        if isinstance(read, tuple) and item is None:
            yield _label(element, None, *read)
        elif isinstance(read, tuple):
            yield Part(*read, partial(_label, element, item, *read))
        elif isinstance(read, Blocked):
            yield read
        elif not again:
            yield Note(f"{read.sentence} ({element.path})")


def _label(element: Element, item: Element | None, mark: Mark, trust: Trust) -> Label:
    return label_of(
        mark,
        scope=Scope.PAGE if item is None else Scope.PART,
        trust=trust,
        carrier=FeedReader.name,
        raw=markup_of(element),
        place=element.path,
        part=None if item is None else item.path,
    )


def _kind_of(element: Element, item: Element | None, root: Element) -> Kind | None:
    """What kind of statement an element is; None when it is none."""
    vocabulary, name = _name_of(element)
    if vocabulary:
        return _KINDS.get((vocabulary, name))
    inside = element.parent.name.casefold() if element.parent is not None else ""
    if name == "rating" and inside == "channel":
        return Kind.CHANNEL_RATING
    # The elements of a catalogue have no namespace, so it must be one, and they must stand right in an offer.
    of_offer = root.name.casefold() == _CATALOGUE and item is not None and element.parent is item
    return _OF_OFFERS.get(name) if of_offer else None


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
