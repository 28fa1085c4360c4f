"""Named defaults where the law is silent."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.decision.verdict import Action


class Foreign(StrEnum):
    """How labels of scales other than the pack's own count."""

    EXACT = "exact"  # by their exact minimum age
    STEP = "step"  # by the pack's next category up
    IGNORE = "ignore"  # not at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Stances:
    """`unlabelled` maps a lower age bound to an action, youngest first: ((0, BLOCK), (12, ALLOW))."""

    base: str = "default"  # default | strict | lenient (facts: law, stances)
    unlabelled: tuple[tuple[int, Action], ...] = ((0, Action.ALLOW),)
    unreadable: Action = Action.BLOCK  # for anyone under 18; never ALLOW
    foreign: Foreign = Foreign.EXACT
    site_sign_binds: bool = False  # a KZ online publication's site-wide sign
    unlabelled_online_publication: str = "flag"  # flag | block | none
    simulcast_is_broadcast: bool = True
    local_allow_up_to: int = 21  # a local allow or grant overrules labels up to this minimum age; 0: never
    estimate_from: float = 0.8  # confidence from which an estimate speaks, 0..1
    registration_scope: str = "text"  # text | ministry: how the draft pack reads "online platform"
    adults_opened: bool = False  # whether an adult's own policy asks for their pages to be read
    pinned: str = "refuse"  # pass | refuse: apps that take no certificate but their site's own
    # How requests of minors are changed (gateway/enforce/to_request.py):
    safe_search: bool = False
    restricted_videos: str = "none"  # none | moderate | strict
    prefer_safe: bool = False  # RFC 8674
    google_domains: tuple[str, ...] = ()  # only accounts of these can be used; none: all
    microsoft_tenants: tuple[str, ...] = ()
    microsoft_directory: str = ""

    def for_unlabelled(self, age: int) -> Action:
        """The action for a page without a label, for somebody of `age` completed years."""
        found = Action.BLOCK
        for lower, action in self.unlabelled:
            if age >= lower:
                found = action
        return found
