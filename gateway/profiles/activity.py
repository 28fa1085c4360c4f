"""What of a browser's traffic tells that somebody is there: pages opened, media that play, much of the rest at once.

Background polling must not burn minutes, so one request of a script counts for nothing. Browsers say what a request is
for (Fetch, section 2.2.7, `Sec-Fetch-Dest`); from clients that do not, the type of the response tells.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Sign(StrEnum):
    """A sign of activity. Of pictures and messages it takes several within a minute."""

    OPENED = "opened"  # a page opened in a tab
    MEDIA = "media"  # a piece of sound or film
    PICTURE = "picture"  # somebody scrolls
    MESSAGE = "message"  # sent over a WebSocket: somebody plays or writes


# How many within one minute make it active. A page in the background loads an advertisement now and then, and sends a
# sign of life every quarter or half of a minute.
NEEDED: Final[Mapping[Sign, int]] = MappingProxyType(
    {Sign.OPENED: 1, Sign.MEDIA: 1, Sign.PICTURE: 10, Sign.MESSAGE: 20}
)

_BY_DESTINATION: Final = {
    "document": Sign.OPENED,
    "audio": Sign.MEDIA,
    "video": Sign.MEDIA,
    "track": Sign.MEDIA,
    "image": Sign.PICTURE,
}
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_MEDIA: Final = frozenset({"application/mp4", "application/vnd.yt-ump"})  # pieces of film that have no type of film


def sign_of(destination: str, essence: str | None) -> Sign | None:
    """What a request and its answer tell; None: nothing.

    `destination`: the request's Sec-Fetch-Dest in small letters, "" without one; `essence`: the answer's media type.
    """
    if essence is not None and (essence.startswith(("audio/", "video/")) or essence in _MEDIA):
        return Sign.MEDIA
    if destination:
        return _BY_DESTINATION.get(destination)
    if essence in _PAGES:
        return Sign.OPENED
    return Sign.PICTURE if essence is not None and essence.startswith("image/") else None
