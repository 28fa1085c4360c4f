"""The question that every edge asks: who, what, and all that is known of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.labels.label import Label, Reading
from gateway.profiles.profile import Profile


class Asked(StrEnum):
    """What the person does."""

    VIEW = "view"
    REGISTER = "register"
    SEARCH = "search"


class Channel(StrEnum):
    INTERNET = "internet"
    BROADCAST = "broadcast"


class Tier(StrEnum):
    """Where the question is asked: the host tier sees names, the page tier bytes, the document tier the live DOM."""

    HOST = "host"
    PAGE = "page"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Estimate:
    """An age that somebody guessed from content; never shown as a legal category."""

    min_age: int
    confidence: float  # 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    profile: Profile
    url: Url | None  # None: asked without an address (a film, a broadcast)
    moment: datetime  # aware
    action: Asked = Asked.VIEW
    host: HostRecord | None = None
    reading: Reading | None = None  # None: not yet read
    tier: Tier = Tier.PAGE
    channel: Channel = Channel.INTERNET
    estimate: Estimate | None = None
    heard: tuple[Label, ...] = ()  # labels of this page that scripts wrote, as a browser add-on saw them before
    part_of: HostRecord | None = None  # the host of the page that loads this; hours are those of the page
    paid_decoder: bool = False  # Art. 17(1): pay television with a decoder

    def with_reading(self, reading: Reading | None) -> "Question":
        """The same once the page has been read."""
        return self._asked(reading, self.action, self.tier)

    def of_page(self, reading: Reading, action: Asked) -> "Question":
        """What would be asked at the page tier by whoever does `action` on a page that says `reading`."""
        return self._asked(reading, action, Tier.PAGE)

    def _asked(self, reading: Reading | None, action: Asked, tier: Tier) -> "Question":
        # Written out: `replace` takes several times as long, and this is done at every request.
        return Question(
            profile=self.profile,
            url=self.url,
            moment=self.moment,
            action=action,
            host=self.host,
            reading=reading,
            tier=tier,
            channel=self.channel,
            estimate=self.estimate,
            heard=self.heard,
            part_of=self.part_of,
            paid_decoder=self.paid_decoder,
        )
