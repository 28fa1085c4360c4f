"""Labels in meta elements: rating and its lookalikes, German age labels, Open Graph, Yandex; hints elsewhere.

Sources: rtalabel.org; Google Search Central, SafeSearch; WHATWG HTML issues 11722 and 12230; age-label.de, label
format 1.0; ogp.me restrictions as YouTube writes them; yandex.ru/support/video/partners/open-graph; dublincore.org
(audience, educationLevel); Twitter cards (pairs of a label and its data).
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.document import UnreadableReason
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.place import Attributes
from gateway.labels.rating_words import RTA_TOKEN, read_age, read_rating
from gateway.labels.reader import EVERYTHING, Blocked, Found, Note, Room
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark, Scales

MOST_CONTENT: Final = 800  # characters of one content attribute
_LOOKS_A_PAIR: Final = 150  # a text as long as any line that is read for signs

# Where a name may stand: pages write name= for property= and the other way round (ok.ru, Open Graph).
_NAMED_BY: Final = ("name", "property", "http-equiv")
_AGE_LABEL: Final = re.compile(r"(?:^|[\s;,])age\s?[=:]\s?(?P<age>[0-9]{1,2})(?![0-9.])", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\+?\s?(?P<age>[0-9]{1,2})\s?\+?(?:\s?years?)?", re.IGNORECASE)
_TRUE: Final = frozenset({"true", "yes", "1"})

type Read = tuple[Mark, Trust] | None


def _rating(text: str, scales: Scales) -> Read:
    return read_rating(text, scales)


def _age(text: str, scales: Scales) -> Read:
    return _with_trust(scales.find(text, scale="web") or read_age(text, scales), Trust.C)


def _lookalike(text: str, scales: Scales) -> Read:
    # No ranges here: an audience of "18-35" is whom the page wants to sell to.
    return None if scales.means_everyone(text) else _with_trust(_word_or_mark(text, scales), Trust.C)


def _word_or_mark(text: str, scales: Scales) -> Mark | None:
    return scales.find(text, scale="web") or scales.find(text)


def _literal(text: str, scales: Scales) -> Read:
    # Whom a page wants to reach, in free text; a bare number there is a grade.
    if text.strip().isdigit() or scales.means_everyone(text):
        return None
    return _with_trust(_word_or_mark(text, scales), Trust.D)


def _age_label(text: str, scales: Scales) -> Read:
    match = _AGE_LABEL.search(text)
    if match is None:
        return None
    mark = scales.find(match["age"], scale="jmstv")
    # An age outside the five of the German format is still an age that somebody declared.
    return (mark, Trust.B) if mark else _with_trust(scales.find(match["age"], scale="age"), Trust.C)


def _restricted_age(text: str, scales: Scales) -> Read:
    match = _NUMBER.fullmatch(text.strip())
    return _with_trust(scales.find(match["age"], scale="age"), Trust.B) if match else None


def _restricted_content(text: str, scales: Scales) -> Read:
    words = {word.strip().casefold() for word in text.split(",")}
    return _with_trust(scales.find("alcohol", scale="web"), Trust.C) if "alcohol" in words else None


def _adult_flag(text: str, scales: Scales) -> Read:
    return _with_trust(scales.find("adult", scale="web"), Trust.B) if text.strip().casefold() in _TRUE else None


def _with_trust(mark: Mark | None, trust: Trust) -> Read:
    return (mark, trust) if mark else None


_DUBLIN_CORE: Final = tuple(
    f"{vocabulary}{name}"
    for vocabulary in ("dc.", "dc:", "dcterms.", "dcterms:")
    for name in ("audience", "educationlevel", "audience.agegroup", "audience.educationlevel")
)
_READERS: Final[dict[str, Callable[[str, Scales], Read]]] = {
    "rating": _rating,
    "age-de-meta-label": _age_label,
    "age-meta-label": _age_label,
    "og:restrictions:age": _restricted_age,
    "og:restrictions:content": _restricted_content,
    "ya:ovs:adult": _adult_flag,
    **dict.fromkeys(("age", "age-limit", "age-rating", "age-restriction", "age_rating", "agerating"), _age),
    **dict.fromkeys(("audience", "classification"), _lookalike),
    **dict.fromkeys(_DUBLIN_CORE, _literal),
    **dict.fromkeys(("content-rating", "content_rating", "contentrating", "og:rating"), _lookalike),
}
NAMES: Final = frozenset(_READERS)
"""Names of meta elements that can hold a label, without case."""
# What a name can hold, as it stands in folded bytes: a meta element without any of these has no label.
_TRACE: Final = re.compile(
    rb"rating|age|ovs:adult|restrictions:|audience|classification|educationlevel|twitter:data|rta-5042"
)
_PAIR: Final = re.compile(r"twitter:(?P<kind>label|data)(?P<number>[0-9]{1,2})")


class MetaReader:
    name = "meta"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.traces.hidden or page.traces.metas is None:
            return EVERYTHING
        return next((end for end, text in reversed(page.traces.metas) if _TRACE.search(text)), None)

    def find(self, page: Page) -> Iterator[Found]:
        try:
            yield from limited(self._found(page))
        except TooManyDifferent as refused:
            yield Blocked(UnreadableReason.MALFORMED, f"in meta elements, {refused}")

    def _found(self, page: Page) -> Iterator[Found | Part]:
        scales = page.data.scales
        room = Room()
        read: Repeats[Read] = Repeats(lambda name, content: _READERS[name](content, scales), page.work)
        pairs: dict[str, dict[str, tuple[str, LexborNode]]] = {}
        page.work.charge(len(page.elements))
        for node in page.elements:
            if node.tag != "meta":
                continue
            attributes = node.attributes
            content = (attributes.get("content") or "").strip()[:MOST_CONTENT]
            if not content:
                continue
            if half := _pair_of(attributes):
                pairs.setdefault(half["number"], {})[half["kind"]] = (content, node)
                continue
            name = _known_name(attributes)
            if name is not None:
                found = read.answer(name, content)[0]
            else:
                # The token stands for nothing else, whatever the element is called.
                found = read.answer("rating", content)[0] if RTA_TOKEN.fullmatch(content) else None
            if found is not None:
                yield Part(*found, partial(self._label, page, node, found, content, name or ""), of_page=True)
            elif name is not None and room.take():
                yield Note(f"the meta element {name} says {content[:80]!r}, which is no label")
        for pair in pairs.values():
            yield from self._titled(page, pair)

    def _titled(self, page: Page, pair: dict[str, tuple[str, LexborNode]]) -> Iterator[Found | Part]:
        """A pair whose label announces an age: "Возрастное ограничение", "18+". Only a hint: a card is a teaser."""
        if pair.keys() != {"label", "data"}:
            return
        text = f"{pair['label'][0]}: {pair['data'][0]}"
        page.work.charge(_LOOKS_A_PAIR)
        for sign in page.data.signs.read(text):
            mark = page.data.scales.find(sign.mark, scale="age") if sign.language is not None else None
            if mark is not None:
                build = partial(self._label, page, pair["data"][1], (mark, Trust.D), text, "twitter:data")
                yield Part(mark, Trust.D, build, of_page=True)

    def _label(self, page: Page, node: LexborNode, found: tuple[Mark, Trust], content: str, name: str) -> Label:
        mark, trust = found
        return label_of(
            mark,
            # Open Graph and Yandex describe the video of this address, the others what is served here.
            scope=Scope.PAGE if ":" in name else page.whole,
            trust=trust,
            carrier=self.name,
            raw=content,
            place=page.selectors.of(node),
        )


def _pair_of(attributes: Attributes) -> re.Match[str] | None:
    """The half of a pair that a meta element of a Twitter card is."""
    return _PAIR.fullmatch((attributes.get("name") or attributes.get("property") or "").strip().casefold())


def _known_name(attributes: Attributes) -> str | None:
    """The name of a meta element, in lower case, when it is one that can hold a label."""
    for attribute in _NAMED_BY:
        value = attributes.get(attribute)
        if value and (name := value.strip().casefold()) in _READERS:
            return name
    return None
