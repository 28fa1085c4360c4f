"""The answer to a question, with everything it rests on."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum, StrEnum

from gateway.labels.label import Label


class Action(IntEnum):
    """Ordered: of several, the strictest wins by max()."""

    ALLOW = 0
    MASK = 1
    ASK = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Effect(StrEnum):
    """What the law or the house does to the access. `restrict` is Art. 16(3): the way of access is limited."""

    ALLOW = "allow"
    RESTRICT = "restrict"
    BLOCK = "block"
    BLOCK_ITEM = "block-item"
    BLOCK_REGISTRATION = "block-registration"
    OUT_OF_SCOPE = "out-of-scope"


class Layer(StrEnum):
    """Who speaks. The legal and the local layer are always shown apart."""

    LAW = "law"
    LOCAL = "local"
    SYSTEM = "system"  # the gateway itself: a fault, a request that cannot be judged


class Reason(StrEnum):
    """Why, in one word; closed: every reason has its sentence in Kazakh, Russian and English."""

    OUT_OF_SCOPE = "out-of-scope"  # private traffic, Art. 1(1)
    ADULT = "adult"  # the person is 18 or over
    HELP_LINE = "help-line"  # never blocked
    LOCAL_BLOCK = "local-block"  # a house or school rule
    LOCAL_ASK = "local-ask"
    LOCAL_ALLOW = "local-allow"
    GRANT = "grant"  # a temporary permission
    EXEMPT = "exempt"  # Art. 2
    LABEL = "label"  # an age label is above the person's age
    LABEL_FITS = "label-fits"  # every label is at or below the person's age
    SITE_SIGN = "site-sign"  # a site-wide sign that a stance makes binding
    TOPIC = "topic"  # a listed topic of Art. 16(2), or one that the profile blocks
    ESTIMATE = "estimate"  # an estimate, shown as such
    UNREADABLE = "unreadable"
    UNLABELLED = "unlabelled"  # the profile's stance for pages without a label
    REGISTRATION = "registration"  # a registration pack
    SCHEDULE = "schedule"
    QUOTA = "quota"
    NO_PROFILE = "no-profile"  # nobody is known here and no default holds
    BAD_REQUEST = "bad-request"  # host names disagree, a forbidden port or destination
    FAULT = "fault"  # the gateway itself failed: closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One rule that spoke. `where` is file:line of the rule; `cites` names articles; kept also when overruled.

    `draft`: the article is no law yet; it speaks because the household or school wants it to.
    """

    rule: str
    where: str
    says: Action
    cites: tuple[str, ...] = ()
    overruled_by: str | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`grounds`: the deciding one first. `evidence`: the labels it rests on, the deciding one first."""

    action: Action
    reason: Reason
    effect: Effect
    layer: Layer
    category: str | None = None  # the law's category that decided, if any
    min_age: int | None = None  # the exact age behind it
    grounds: tuple[Ground, ...] = ()
    evidence: tuple[Label, ...] = ()
    flags: tuple[str, ...] = ()
    revision: str = ""  # of the policy and packs that decided
    until: datetime | None = None  # when a time block ends, a grant expires, or time ends that a flag says ends soon
    detail: str = ""  # a plain English sentence for the log and the explanation


class Unsealed:
    """A verdict that is being filled: the same slots, and nothing that freezes them.

    To fill it and then to make it a `Verdict` takes a quarter of the time of the constructor, which sets each slot
    through the frozen class's back door, and a tenth of the time of a decision.
    """

    __slots__ = tuple(each.name for each in fields(Verdict))
