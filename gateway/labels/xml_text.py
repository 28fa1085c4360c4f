"""XML as feeds really send it: found by its first element, mended where every feed reader mends it, then read.

What is mended: blank lines or a wrong declaration before the first element, characters that XML forbids, "&" that
begins no reference, named references of HTML, and what a server appends after the last element. The text before the
first element never reaches the parser, so no document type does either (XML 1.0, sections 2.2, 2.8 and 4.1).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Final

from gateway.document.document import Document, UnreadableReason
from gateway.labels.reader import Blocked
from gateway.labels.xml_tree import Element, XmlRefused, XmlTree, read_xml

LONGEST_SHOWN: Final = 300  # characters of an element that are shown as evidence

# Blanks, instructions, comments, and document types without a subset; what has no end is left.
_PROLOG: Final = re.compile(
    r"(?:[\ufeff \t\r\n]++|<(?=\?)(?:[^?]++|\?(?!>))*+\?>|<!(?=--)(?:[^-]++|-(?!->))*+-->|<!(?i:doctype)[^>\[]*+>)*+"
)
_TAG: Final = re.compile(r"[^\s/><!?&\"'=]{1,200}")
# What may hide the "]" that ends an internal subset, and how each of these ends.
_IN_SUBSET: Final = re.compile(r"[\"'\]]|<!--|<\?")
_ENDS: Final = {'"': '"', "'": "'", "<!--": "-->", "<?": "?>"}
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,30});)?")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PREDEFINED: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;"})


@dataclass(frozen=True, slots=True)
class XmlStart:
    """Where the first element of a text begins. `defines`: a document type before it could define entities."""

    tag: str
    place: int
    defines: bool

    @property
    def name(self) -> str:
        """The element's name without its prefix, in lower case."""
        return self.tag.rpartition(":")[2].casefold()


def start_of(text: str | None) -> XmlStart | None:
    """The first element of an XML text; None when the text does not begin as XML does. Costs microseconds."""
    place, defines = 0, False
    while text is not None:
        place = _end_of(_PROLOG.match(text, place))
        if text[place : place + 9].upper() != "<!DOCTYPE":
            is_element = text.startswith("<", place) and not text.startswith(("<?", "<!--"), place)
            tag = _TAG.match(text, place + 1) if is_element else None
            return XmlStart(tag.group(), place, defines) if tag else None
        end, has_subset = _doctype_end(text, place)
        defines = defines or has_subset
        if end < 0:
            return None
        place = text.index(">", end) + 1
    return None


def _doctype_end(text: str, place: int) -> tuple[int, bool]:
    """Where the ">" of a document type stands, and whether it has an internal subset; -1 when it has no end."""
    end = text.find(">", place)
    here = text.find("[", place, end) + 1
    if here == 0:
        return end, False
    while found := _IN_SUBSET.search(text, here):
        if found.group() == "]":
            return text.find(">", found.end()), True
        closing = _ENDS[found.group()]
        here = text.find(closing, found.end()) + len(closing)
        if here < found.end() + len(closing):
            break
    return -1, True


def _end_of(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def read_markup(text: str) -> XmlTree:
    """The tree of a text that `start_of` finds to be XML. Raises XmlRefused for what must not be guessed at."""
    start = start_of(text)
    if start is None:
        return XmlTree(None)
    if start.defines:
        raise XmlRefused("the XML brings a document type that could define entities")
    last = text.rfind(f"</{start.tag}")
    end = text.find(">", last) + 1 if last >= 0 else 0
    kept = _FORBIDDEN.sub("", text[start.place : end or None])
    return read_xml(_REFERENCE.sub(_mended, kept))


def _mended(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return match.group() if len(match.group()) > 1 else "&amp;"
    if name in _PREDEFINED:
        return match.group()
    # Escaped once more: an entity for "<" must stay a character.
    return html5.get(f"{name};", f"&{name};").translate(_ESCAPED)


def find_in[Read](document: Document, read: Callable[[Element], Iterator[Read]]) -> Iterator[Read | Blocked]:
    """What `read` finds in the root element of an XML document; Blocked when there might have been more."""
    try:
        tree = read_markup(document.text or "")
    except XmlRefused as fault:
        yield Blocked(UnreadableReason.MALFORMED, str(fault))
        return
    if tree.root is not None:
        yield from read(tree.root)
    if tree.fault and document.complete:
        yield Blocked(UnreadableReason.MALFORMED, tree.fault)


def every_element(root: Element) -> Iterator[Element]:
    """The element and all inside it, in the order of the text."""
    left = [root]
    while left:
        here = left.pop()
        yield here
        left += reversed(here.children)


def markup_of(element: Element) -> str:
    """An element of its own text, written out as evidence."""
    attributes = "".join(f' {name}="{value}"' for name, value in element.attributes.items())
    text = " ".join(element.text.split())
    shown = f"<{element.tag}{attributes}>{text}</{element.tag}>" if text else f"<{element.tag}{attributes}/>"
    return shown[:LONGEST_SHOWN]


def attribute_of(element: Element, name: str) -> str:
    """The value of an attribute of that name in whatever case, without the space around it; "" when it is absent."""
    folded = name.casefold()
    return next((text.strip() for key, text in element.attributes.items() if key.casefold() == folded), "")
