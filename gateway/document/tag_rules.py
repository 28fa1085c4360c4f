"""What an HTML tag does to the elements that are open, as far as `open_elements` follows it (WHATWG HTML, 13.2.4.2,
13.2.6.4.7 and 13.2.6.4.9 to 16). Names in lower case."""

from typing import Final

type Names = frozenset[bytes]


def _names(text: str) -> Names:
    return frozenset(text.encode().split())


HEADINGS: Final = _names("h1 h2 h3 h4 h5 h6")
CELLS: Final = _names("td th")
TABLE_BODIES: Final = _names("tbody thead tfoot")
TABLE_INSIDES: Final = TABLE_BODIES | _names("table tr")
"""Where the parser is "in table", "in table body" or "in row", whatever else was opened inside by mistake."""
TABLE_PARTS: Final = CELLS | TABLE_BODIES | _names("tr caption col colgroup")
TABLE_PLACES: Final = CELLS | TABLE_INSIDES | _names("caption template")
MARKERS: Final = CELLS | _names("caption applet object marquee template")
"""Elements that hide the formatting around them from what is inside (13.2.4.3)."""
FORMATTING: Final = _names("a b big code em font i nobr s small strike strong tt u")
TOLD_APART: Final = MARKERS | FORMATTING
"""Elements that leave more behind than their place when they close."""

RAW: Final = _names("script style title textarea xmp iframe noembed noframes")
"""Elements whose content is text, tags or not; their own end tag is all that ends them."""
NOT_KEPT: Final = RAW | _names(
    "area base basefont bgsound br embed frame hr image img input keygen link meta param source track wbr "
    "html head body"
)
"""Start tags that leave no element open, or none beside the three that every page has."""
FOREIGN: Final = _names("svg math")

SPECIAL: Final = _names(
    "address applet article aside blockquote button caption center colgroup dd details dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup li listing main marquee menu nav noscript object ol "
    "p plaintext pre search section select summary table tbody td template tfoot th thead tr ul"
)
IMPLIED_ENDS: Final = _names("dd dt li optgroup option p rb rp rt rtc")
"""Elements whose end tags may be left out, as 13.2.6.3 lists them."""
SCOPE: Final = CELLS | _names("applet caption marquee object table template")
_BUTTON_SCOPE: Final = SCOPE | {b"button"}
_TABLE_SCOPE: Final = _names("table template")

BLOCKS: Final = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup "
    "main menu nav ol search section summary ul pre listing"
)
CLOSES_P: Final = BLOCKS | HEADINGS | _names("p form hr li dd dt plaintext xmp table")

type Rule = tuple[Names, Names]
"""Walking down from the innermost open element: what is closed, with all inside it, and what ends the walk."""

P_RULE: Final[Rule] = _names("p"), _BUTTON_SCOPE
_ITEM_LIMIT: Final = SPECIAL - _names("address div p")
STARTS: Final[dict[bytes, Rule]] = {
    b"li": (_names("li"), _ITEM_LIMIT - {b"li"}),
    **dict.fromkeys((b"dd", b"dt"), (_names("dd dt"), _ITEM_LIMIT - _names("dd dt"))),
    b"button": (_names("button"), SCOPE),
}
"""What the start tag of an element closes, beside a paragraph and parts of a table."""

ENDS: Final[dict[bytes, Rule]] = {
    **{name: (frozenset((name,)), SCOPE - {name}) for name in BLOCKS | _names("button dd dt applet marquee object")},
    b"p": P_RULE,
    b"li": (_names("li"), SCOPE | _names("ol ul")),
    **dict.fromkeys(HEADINGS, (HEADINGS, SCOPE)),
    **{name: (frozenset((name,)), _TABLE_SCOPE) for name in TABLE_PARTS},
    b"table": (_names("table"), _names("template")),
    b"template": (_names("template"), frozenset()),
}
"""What an end tag closes; of any other name the nearest element that no special element stands around."""

NOTABLE: Final = (
    CLOSES_P
    | FORMATTING
    | HEADINGS
    | MARKERS
    | NOT_KEPT
    | TABLE_PARTS
    | STARTS.keys()
    | _names("table frameset noscript optgroup option rb rp rt rtc")
)
"""Start tags that do more than open an element."""

BREAKS_OUT: Final = FORMATTING - {b"a"} | _names(
    "blockquote body br center dd div dl dt embed h1 h2 h3 h4 h5 h6 head hr img li listing menu meta ol p pre ruby "
    "span sub sup table ul var"
)
"""Start tags that end svg and math (13.2.6.5); font does so with some attributes only."""
TEXT_IN_FOREIGN: Final = _names("title desc foreignobject mi mo mn ms mtext annotation-xml")
"""Elements of svg and math whose content is HTML again."""
