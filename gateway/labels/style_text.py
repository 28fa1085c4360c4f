"""Text that a style sheet of the page draws: `.age::after { content: "18+" }`.

Source: CSS Generated Content, section 1.1 (content); CSS Pseudo-Elements, section 4.1. Only plain strings are read, and
only rules whose selector is made of names, ids and classes: what a rule does under a condition (`:hover`) is not there
for everybody to see.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from gateway.labels.place import ancestors
from gateway.labels.work import Work

MOST_STYLES: Final = 50
MOST_SELECTORS: Final = 40  # of rules with a string that could be of a sign; each costs a look through the page
MOST_ELEMENTS: Final = 200  # of all of them
LONGEST_SELECTOR: Final = 300
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CONTENT: Final = re.compile(
    r"""content(?<![\w-]content)\s{0,4}:\s{0,4}(?:"([^"\\\n{}]{1,80})"|'([^'\\\n{}]{1,80})')"""
)
_PSEUDO: Final = re.compile(r"^(.*?)::?(before|after)$", re.IGNORECASE | re.DOTALL)
_COMPOUND: Final = re.compile(r"(?:[a-z][a-z0-9-]*)?(?:[.#][a-z_-][\w-]*)*", re.IGNORECASE)
_SIMPLE: Final = re.compile(r"([.#]?)([\w-]+)")
_TOLD: Final = re.compile(r"[0-9+＋🔞а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StyleText:
    """A string that is drawn before or after what stands in an element."""

    element: LexborNode
    text: str
    is_before: bool


def style_texts(tree: LexborHTMLParser, work: Work) -> Iterator[StyleText]:
    """The strings of the page's own style sheets, each with the elements that it is drawn at."""
    rules = islice(_rules(tree), MOST_SELECTORS)
    return islice((each for rule in rules for each in _drawn(tree, *rule, work)), MOST_ELEMENTS)


def _rules(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Each selector with the string of its rule."""
    for style in tree.tags("style")[:MOST_STYLES]:
        sheet = style.text()
        sheet = _COMMENT.sub("", sheet) if "content" in sheet else ""
        for match in _CONTENT.finditer(sheet):
            text = match[1] or match[2]
            if _TOLD.search(text):
                for selector in _selector_before(sheet, match.start()).split(","):
                    yield selector.strip(), text


def _selector_before(sheet: str, place: int) -> str:
    """The selector of the rule that `place` is in; empty when it is not near."""
    brace = sheet.rfind("{", max(0, place - 4 * LONGEST_SELECTOR), place)
    if brace < 0 or "}" in sheet[brace:place]:
        return ""
    begin = max(sheet.rfind(end, max(0, brace - LONGEST_SELECTOR), brace) for end in "{};")
    return sheet[begin + 1 : brace] if begin >= 0 or brace <= LONGEST_SELECTOR else ""


def _drawn(tree: LexborHTMLParser, selector: str, text: str, work: Work) -> Iterator[StyleText]:
    pseudo = _PSEUDO.match(selector)
    if pseudo is None:
        return
    steps = re.split(r"\s*(>)\s*|\s+", pseudo[1].strip())
    compounds = [step for step in steps if step]
    if not compounds or not all(step == ">" or _COMPOUND.fullmatch(step) for step in compounds):
        return
    try:
        found = tree.css(compounds[-1])
    except SelectolaxError:
        return
    work.charge_search(len(found))
    for element in found[:MOST_ELEMENTS]:
        if _stands_in(element, compounds[:-1], work):
            yield StyleText(element, text, pseudo[2].casefold() == "before")


def _stands_in(element: LexborNode, outer: list[str], work: Work) -> bool:
    """Whether the elements around fit the outer steps of a selector, each the nearest that does."""
    around = islice(ancestors(element), 1, None)
    for place in range(len(outer) - 1, -1, -1):
        step = outer[place]
        if step == ">":
            continue
        near = islice(around, 1) if outer[place + 1 : place + 2] == [">"] else around
        for here in near:
            work.charge(3 + len(here.attributes.get("class") or "") // 20)
            if _fits(here, step):
                break
        else:
            return False
    return True


def _fits(element: LexborNode, compound: str) -> bool:
    """Whether an element has the name, the ids and the classes of a compound selector."""
    attributes = element.attributes
    classes = (attributes.get("class") or "").split()
    for kind, name in _SIMPLE.findall(compound):
        if (kind == "." and name not in classes) or (kind == "#" and name != attributes.get("id")):
            return False
        if not kind and name.casefold() != element.tag:
            return False
    return True
