"""How many places like signs are looked at on one page."""

from typing import Final

MOST_SIGHTINGS: Final = 5_000  # places like signs that are looked at
BYTES_EACH: Final = 160  # a page that has more of them has so many bytes for each, as listings have
ALWAYS: Final = 600  # so many are looked at however small the page is


class TooMany(Exception):  # noqa: N818 - names what was found
    """More places like signs than are looked at; the message is a sentence."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the page has more than {most} places like age signs")


def most_sightings(size: int) -> int:
    """How many places like signs are looked at on a page of `size` bytes."""
    return min(MOST_SIGHTINGS, max(ALWAYS, size // BYTES_EACH))
