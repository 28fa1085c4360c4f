"""Labels in meta elements: rating and its lookalikes, German age labels, Open Graph, Yandex.

Sources: rtalabel.org; Google Search Central, SafeSearch; WHATWG HTML issues 11722 and 12230; age-label.de, label
format 1.0; ogp.me restrictions as YouTube writes them; yandex.ru/support/video/partners/open-graph.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.label import Label, Scope, Trust
from gateway.labels.page import Page
from gateway.labels.rating_words import RTA_TOKEN, read_age, read_rating
from gateway.labels.reader import EVERYTHING, Found, Note
from gateway.labels.scales import Mark, Scales

MOST_CONTENT: Final = 800  # characters of one content attribute

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


_READERS: Final[dict[str, Callable[[str, Scales], Read]]] = {
    "rating": _rating,
    "age-de-meta-label": _age_label,
    "age-meta-label": _age_label,
    "og:restrictions:age": _restricted_age,
    "og:restrictions:content": _restricted_content,
    "ya:ovs:adult": _adult_flag,
    **dict.fromkeys(("age", "age-limit", "age-rating", "age-restriction", "age_rating", "agerating"), _age),
    **dict.fromkeys(("audience", "classification"), _lookalike),
    **dict.fromkeys(("content-rating", "content_rating", "contentrating", "og:rating"), _lookalike),
}
# What a name can hold, as it stands in folded bytes: a meta element without any of these has no label.
_TRACE: Final = re.compile(rb"rating|age|ovs:adult|restrictions:|audience|classification|rta-5042")


class MetaReader:
    name = "meta"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.traces.hidden or page.traces.metas is None:
            return EVERYTHING
        return next((end for end, text in reversed(page.traces.metas) if _TRACE.search(text)), None)

    def find(self, page: Page) -> Iterator[Found]:
        scales = page.data.scales
        for node in page.elements:
            content = (node.attributes.get("content") or "").strip()[:MOST_CONTENT] if node.tag == "meta" else ""
            if not content:
                continue
            name = _known_name(node)
            if name is not None:
                found = _READERS[name](content, scales)
            else:
                # The token stands for nothing else, whatever the element is called.
                found = _rating(content, scales) if RTA_TOKEN.fullmatch(content) else None
            if found is not None:
                yield self._label(page, node, found, content, name or "")
            elif name is not None:
                yield Note(f"the meta element {name} says {content[:80]!r}, which is no label")

    def _label(self, page: Page, node: LexborNode, found: tuple[Mark, Trust], content: str, name: str) -> Label:
        mark, trust = found
        return Label(
            scale=mark.scale,
            mark=mark.mark,
            min_age=mark.min_age,
            # Open Graph and Yandex describe the video of this address, the others what is served here.
            scope=Scope.PAGE if ":" in name else page.whole,
            trust=trust,
            carrier=self.name,
            raw=content,
            place=page.selectors.of(node),
        )


def _known_name(node: LexborNode) -> str | None:
    """The name of a meta element, in lower case, when it is one that can hold a label."""
    attributes = node.attributes
    names = ((attributes.get(attribute) or "").strip().casefold() for attribute in _NAMED_BY)
    return next((name for name in names if name in _READERS), None)
