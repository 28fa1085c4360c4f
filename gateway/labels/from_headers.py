"""Labels in HTTP response headers: `Rating: RTA-5042-1996-1400-1577-RTA`, `Rating: adult`.

Sources: Google Search Central, SafeSearch ("meta tag or HTTP response header"); rtalabel.org. `Content-Rating` is in no
standard and was found on no site, so it stays a hint. `Age`, `Content-Warning` and `Preference-Applied` say no age.
"""

from collections.abc import Iterator
from typing import Final

from gateway.document.document import Headers, UnreadableReason
from gateway.labels.label import Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.rating_words import read_rating
from gateway.labels.reader import Blocked, Found, Note

MOST_VALUES: Final = 64
_FIELDS: Final = ("rating", "content-rating")


def says_something(headers: Headers) -> bool:
    """Whether a response's head has a field that may be a label."""
    return any(headers.all(name) for name in _FIELDS)


class HeaderReader:
    name = "http-header"

    def reach(self, page: Page) -> int | None:
        return 0 if says_something(page.headers) else None

    def find(self, page: Page) -> Iterator[Found]:
        for field, shown in (("rating", "Rating"), ("content-rating", "Content-Rating")):
            values = [value for line in page.headers.all(field) for value in line.split(",")]
            for value in values[:MOST_VALUES]:
                read = read_rating(value, page.data.scales)
                if read is None:
                    yield Note(f"the header {shown} says {value.strip()[:80]!r}, which is no label")
                    continue
                mark, trust = read
                yield label_of(
                    mark,
                    scope=page.whole,
                    trust=trust if field == "rating" else Trust.D,
                    carrier=self.name,
                    raw=value.strip(),
                    place=f"header {shown}",
                )
            if len(values) > MOST_VALUES:
                # A later value might be stricter: passing it over would read less than there is.
                yield Blocked(UnreadableReason.MALFORMED, f"the header {shown} has {len(values)} values")
