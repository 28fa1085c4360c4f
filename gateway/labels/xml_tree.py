"""XML → a small tree of elements, read without a document type, without entities of its own, and within limits.

Sources: XML 1.0, sections 2.8 and 4.1; Namespaces in XML 1.0, section 6. A prefix that nobody declared is no fault
here: feeds that forget it are read by every feed reader. Nothing outside the text is ever fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

MOST_ELEMENTS: Final = 100_000
DEEPEST: Final = 100
LONGEST_TEXT: Final = 10_000  # characters of one element that are kept; a mark is far shorter


class XmlRefused(Exception):  # noqa: N818 - names what was found, not an error of the program
    """A structure that must not be guessed at; the message is a sentence. `root`: the root element, as far as read."""

    def __init__(self, sentence: str, root: "Element | None" = None) -> None:
        super().__init__(sentence)
        self.root = root


class Element:
    """One element: `tag` as it is written ("media:rating"), its attributes, and `text`, the characters of its own.

    `line` of the text, from 1, on which its start tag begins.
    """

    __slots__ = ("_counts", "_ordinals", "attributes", "children", "line", "parent", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None", line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.line = line
        self.children: list[Element] = []
        self.text = ""
        self._ordinals: dict[int, int] | None = None
        self._counts: dict[str, int] = {}

    @property
    def name(self) -> str:
        """The name without its prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def space(self) -> str:
        """The namespace that the prefix, or the default, is bound to here; "" when it is bound to none."""
        prefix, colon, _ = self.tag.rpartition(":")
        return self.space_of(prefix) if colon else self._bound("xmlns")

    def space_of(self, prefix: str) -> str:
        """The namespace that `prefix` is bound to at this element; "" when it is bound to none."""
        return self._bound(f"xmlns:{prefix}")

    def _bound(self, declaration: str) -> str:
        here: Element | None = self
        while here is not None:
            if declaration in here.attributes:
                return here.attributes[declaration]
            here = here.parent
        return ""

    def attribute(self, name: str) -> str:
        """The value of the attribute `name`, with or without a prefix; "" when it is absent."""
        exact = self.attributes.get(name)
        if exact is not None:
            return exact
        return next((value for key, value in self.attributes.items() if key.rpartition(":")[2] == name), "")

    def named(self, *names: str) -> Iterator["Element"]:
        """The children of these names, whatever their prefix."""
        return (child for child in self.children if child.name in names)

    def child_text(self, *names: str) -> str:
        """The text of the first child of one of these names, without the space around it; "" without one."""
        return next((child.text.strip() for child in self.named(*names)), "")

    def all_named(self, *names: str) -> Iterator["Element"]:
        """The element itself and all inside it that have one of these names, in the order of the text."""
        left = [self]
        while left:
            here = left.pop()
            if here.name in names:
                yield here
            left += reversed(here.children)

    @property
    def path(self) -> str:
        """Where the element stands: "/rss/channel/item[3]/media:rating"; the number among its like, when not alone."""
        steps = []
        here: Element | None = self
        while here is not None:
            steps.append(here.tag if here.parent is None else here.parent.step_to(here))
            here = here.parent
        return "/" + "/".join(reversed(steps))

    def step_to(self, child: "Element") -> str:
        """The last step of the path of one of the children."""
        if self._ordinals is None:
            self._ordinals, self._counts = {}, {}
            for each in self.children:
                self._counts[each.tag] = self._ordinals[id(each)] = self._counts.get(each.tag, 0) + 1
        # Without the number the step would lead to the first of several.
        alone = self._counts[child.tag] == 1
        return child.tag if alone else f"{child.tag}[{self._ordinals[id(child)]}]"


@dataclass(frozen=True, slots=True)
class XmlTree:
    """What was read. `fault` is a sentence when the text is not well-formed; the tree then ends where the fault is."""

    root: Element | None
    fault: str = ""
    has_doctype: bool = False


def read_xml(content: str | bytes, *, deepest: int = DEEPEST) -> XmlTree:
    """The tree of an XML text. Text is taken as it is; bytes are decoded as their XML declaration says.

    Raises XmlRefused past MOST_ELEMENTS or `deepest`, and when a document type could define entities.
    """
    is_text = isinstance(content, str)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    # A declaration after blank lines is common, and expat would refuse it.
    begun = data.lstrip(b" \t\r\n")
    parser = expat.ParserCreate("utf-8" if is_text else None)
    builder = _Builder(parser, data[: len(data) - len(begun)].count(b"\n"), deepest)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(begun.removeprefix(b"\xef\xbb\xbf"), True)
    except expat.ExpatError as fault:
        builder.forget_open()
        return XmlTree(builder.root, f"not well-formed XML: {fault}", builder.has_doctype)
    except (ValueError, LookupError) as fault:  # an encoding that the declaration names and nobody knows
        builder.forget_open()
        return XmlTree(builder.root, f"not readable as XML: {fault}", builder.has_doctype)
    return XmlTree(builder.root, has_doctype=builder.has_doctype)


class _Builder:
    """What expat calls, in the order of the text; `before` lines of it were not given to `parser`."""

    def __init__(self, parser: expat.XMLParserType, before: int, deepest: int) -> None:
        self.root: Element | None = None
        self.has_doctype = False
        self._parser = parser
        self._before = before
        self._deepest = deepest
        self._here: Element | None = None
        self._depth = 0
        self._count = 0

    def doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        self.has_doctype = True
        if has_internal_subset:
            raise XmlRefused("the XML brings a document type that could define entities")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        self._depth += 1
        if self._count > MOST_ELEMENTS:
            raise XmlRefused(f"the XML has more than {MOST_ELEMENTS} elements", self.root)
        if self._depth > self._deepest:
            raise XmlRefused(f"the XML is nested deeper than {self._deepest}", self.root)
        element = Element(tag, attributes, self._here, self._before + self._parser.CurrentLineNumber)
        if self._here is None:
            self.root = element
        else:
            self._here.children.append(element)
        self._here = element

    def end(self, _tag: str) -> None:
        self._depth -= 1
        if self._here is not None:
            self._here = self._here.parent

    def forget_open(self) -> None:
        """The text of an element that has no end may be a part of it: "1" of "18"."""
        here = self._here
        while here is not None:
            here.text = ""
            here = here.parent

    def characters(self, text: str) -> None:
        here = self._here
        if here is not None and len(here.text) < LONGEST_TEXT:
            here.text += text
