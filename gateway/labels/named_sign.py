"""Elements whose names show an age: pictures of a badge, empty elements that a style sheet draws, bare numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.invisible import without_invisible
from gateway.labels.place import in_body
from gateway.labels.sign_names import NAME_AGES, SignNames
from gateway.labels.work import Work

MOST_NAMED: Final = 1_000  # elements of each kind that are looked at
LONGEST_NUMBER: Final = 40  # characters of an element with the white space around its number
MOST_INSIDE: Final = 8  # elements and pieces of text in a badge
_PICTURES: Final = 'img, use, [style*="url(" i]'
_SOURCES: Final = ("src", "data-src", "data-lazy-src", "data-original", "href", "xlink:href")
_DRAWN: Final = re.compile(r"url\(\s{0,4}[\"']?([^\"')]{1,300})", re.IGNORECASE)
_NUMBERS: Final = {text: age for age in NAME_AGES for text in (str(age), f"+{age}")}


@dataclass(frozen=True, slots=True)
class NamedSign:
    """An age that an element shows by a name: `raw` is the name, or with `is_number` the number in the element."""

    element: LexborNode
    age: int
    raw: str
    carrier: str
    is_clear: bool = True
    is_number: bool = False


def named_signs(tree: LexborHTMLParser, names: SignNames, work: Work) -> Iterator[NamedSign]:
    """Every element of a page with such a name, pictures first, then classes. Raises TooMuchWork."""
    for node in in_body(tree, _PICTURES, work)[:MOST_NAMED]:
        work.charge(8)
        address = _address_of(node)
        found = names.age_in_file(address) if address else None
        if found is not None:
            yield NamedSign(node, found[0], address[-200:], "image-name", is_clear=found[1])
    words = (word.decode() for word, _ in names.traces if word.isalpha())
    css = ", ".join(f'[class*="{word}" i]' for word in words)
    for node in in_body(tree, css, work)[:MOST_NAMED] if css else ():
        work.charge(8)
        yield from _by_class(node, node.attributes.get("class") or "", names)


def _address_of(node: LexborNode) -> str:
    """Where the picture of an element is; empty when that tells nothing."""
    attributes = node.attributes
    for name in _SOURCES:
        address = (attributes.get(name) or "").strip()
        if address and address[:5].casefold() != "data:":
            return address
    drawn = _DRAWN.search(attributes.get("style") or "")
    return drawn[1].strip() if drawn else ""


def _by_class(node: LexborNode, classes: str, names: SignNames) -> Iterator[NamedSign]:
    ages = (names.age_in_class(name) for name in classes.split()[:20])
    age = next((age for age in ages if age is not None), None)
    is_limit = names.is_limit(classes)
    if (age is None and not is_limit) or next(islice(node.traverse(include_text=True), MOST_INSIDE, None), None):
        return
    text = without_invisible(node.text()[:LONGEST_NUMBER]).strip()
    if age is not None and not text:
        yield NamedSign(node, age, classes[:200], "class-name")  # a style sheet draws it
    elif is_limit and text in _NUMBERS:
        yield NamedSign(node, _NUMBERS[text], text, "class-name", is_number=True)
