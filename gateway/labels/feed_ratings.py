"""What the elements of feeds and catalogues mean: the text of one, in its vocabulary → marks.

Sources: RSS 2.0, rating of a channel, and Media RSS 1.5.1, rssboard.org; Apple and Google podcast tags; Google, video
sitemaps and Merchant Center product data (adult); Yandex, YML elements age and adult.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

from gateway.labels.from_pics import PicsSaid, read_pics
from gateway.labels.label import Trust
from gateway.labels.page import Page
from gateway.labels.pics import is_pics
from gateway.labels.rating_words import read_rating
from gateway.labels.reader import Blocked, Note
from gateway.labels.scales import Mark

_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})
_CLEAN: Final = frozenset({"clean", *_FALSE})
_MOST_MONTHS: Final = 12  # YML counts the age of the youngest in months up to a year

type Read = tuple[Mark, Trust] | Note | Blocked


class Kind(StrEnum):
    """What kind of statement an element is."""

    MEDIA_RATING = "media:rating"
    ADULT = "adult"
    EXPLICIT = "explicit"
    FAMILY_FRIENDLY = "family_friendly"
    CHANNEL_RATING = "rating"
    OFFER_AGE = "age"


def read_statement(kind: Kind, value: str, qualifier: str, page: Page) -> tuple[Read, ...]:
    """The marks that one statement names, or a note why it names none. `qualifier`: its scheme or unit, "" without."""
    return tuple(_READERS[kind](value, qualifier, page)) if value else ()


def _media_rating(value: str, scheme: str, page: Page) -> Iterator[Read]:
    """The scheme names the system; without one it is urn:simple, which has adult and nonadult."""
    scales = page.data.scales
    system = scheme.casefold().removeprefix("urn:")
    if scales.means_everyone(value):
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
    yield (mark, trust) if mark else _unknown(Kind.MEDIA_RATING, value)


def _channel_rating(value: str, _: str, page: Page) -> Iterator[Read]:
    """A PICS label; some write the words of the meta element there."""
    if is_pics(value):
        yield from _pics(value, page)
    elif read := read_rating(value, page.data.scales):
        yield read[0], Trust.C


def _pics(text: str, page: Page) -> Iterator[Read]:
    for said in read_pics(text, page.url, page.data):
        yield (said.mark, said.trust) if isinstance(said, PicsSaid) else said


def _explicit(value: str, _: str, page: Page) -> Iterator[Read]:
    """Yes, true or explicit; no, false or clean say no age."""
    if mark := page.data.scales.find(value, scale="podcast"):
        yield mark, Trust.C
    elif value.casefold() not in _CLEAN:
        yield _unknown(Kind.EXPLICIT, value)


def _offer_age(value: str, unit: str, page: Page) -> Iterator[Read]:
    """`<age unit="year">18</age>`; months are for the smallest and say nothing here."""
    unit = unit.casefold()
    if unit not in ("", "year") or (not unit and value.isdecimal() and int(value[-9:]) <= _MOST_MONTHS):
        yield Note(f"the age {value[:80]!r} does not say that it counts years")
        return
    mark = page.data.scales.find(value, scale="rars") or page.data.scales.find(value, scale="age")
    yield (mark, Trust.B) if mark else _unknown(Kind.OFFER_AGE, value)


def _adult(value: str, _: str, page: Page) -> Iterator[Read]:
    mark = page.data.scales.find("adult", scale="web") if value.casefold() in _TRUE else None
    if mark is not None:
        yield mark, Trust.B


def _family_friendly(value: str, _: str, page: Page) -> Iterator[Read]:
    """Google: over-used, and about explicit results in a search, not about an age; therefore soft."""
    mark = page.data.scales.find("not family friendly", scale="web") if value.casefold() in _FALSE else None
    if mark is not None:
        yield mark, Trust.C


def _unknown(kind: Kind, value: str) -> Note:
    return Note(f"the {kind} {value[:80]!r} is no label")


_READERS: Final[dict[Kind, Callable[[str, str, Page], Iterator[Read]]]] = {
    Kind.MEDIA_RATING: _media_rating,
    Kind.ADULT: _adult,
    Kind.EXPLICIT: _explicit,
    Kind.FAMILY_FRIENDLY: _family_friendly,
    Kind.CHANNEL_RATING: _channel_rating,
    Kind.OFFER_AGE: _offer_age,
}
