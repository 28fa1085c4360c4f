"""The texts of attributes that a person sees or hears and that may hold a sign: alt, aria-label, title."""

from collections.abc import Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.invisible import without_invisible
from gateway.labels.place import ancestors, in_body
from gateway.labels.sign_places import sign_places
from gateway.labels.signs import LONGEST_LINE
from gateway.labels.work import Work

_WITH_TEXT: Final = "[alt], [aria-label]:not([alt]), [title]:not([alt], [aria-label]), title"


def attribute_texts(
    tree: LexborHTMLParser, words: Sequence[str], adults_only: str, work: Work
) -> Iterator[tuple[LexborNode, str]]:
    """Each element with such a text, and those with a drawing that has a title; `words` are those of warnings.

    Raises TooMuchWork.
    """
    known: dict[str, bool] = {}  # badges repeat
    for node, text in _texts(tree, work):
        cut = text[:LONGEST_LINE]
        may_hold = known.get(cut)
        if may_hold is None:
            work.charge(2 + len(cut) // 64)
            may_hold = known[cut] = bool(sign_places(without_invisible(cut), words, adults_only))
        if may_hold:
            yield node, without_invisible(cut)


def _texts(tree: LexborHTMLParser, work: Work) -> Iterator[tuple[LexborNode, str]]:
    found = in_body(tree, _WITH_TEXT, work)  # at once: each search goes through the whole tree
    for node in found:
        attributes = node.attributes
        for text in dict.fromkeys((attributes.get("alt") or attributes.get("aria-label"), attributes.get("title"))):
            if text:
                yield node, text
    for node in (node for node in found if node.tag == "title"):
        around = node.parent
        walked = list(ancestors(around)) if around is not None else []
        work.charge(3 + len(walked) // 4)
        if around is not None and any(here.tag == "svg" for here in walked):
            yield around, node.text()
