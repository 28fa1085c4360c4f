"""Where an element stands in the text of a page: from its start tag to its end tag, as characters of the source.

The HTML library keeps no positions. These are found by the tags alone, so they are right for markup that closes what it
opens and may be wrong otherwise: whoever cuts by them parses the result again and compares (see `to_masked_html`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# HTML standard, section 13.2.5: a comment, something bogus between `<!`, `<?` or `</` and `>`, or a tag with its
# attributes. Every repeat is possessive and the end of the text closes what is open, so the cost stays linear.
_TOKEN: Final = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))
      | <(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)
      | <(?P<closing>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)""",
    re.VERBOSE | re.DOTALL,
)
# Section 13.2.6.2 and following: what stands in these is text, tags or not. Scripts off, as the library parses.
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "iframe", "xmp", "noembed", "noframes")
}
# Section 13.1.2: elements that have no end tag.
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)


@dataclass(frozen=True, slots=True)
class _Tag:
    closing: bool
    start: int
    end: int


class SourceRanges:
    """The tags of one page, by name."""

    __slots__ = ("_tags",)

    def __init__(self, text: str) -> None:
        self._tags: dict[str, list[_Tag]] = {}
        for name, tag in _read_tags(text):
            self._tags.setdefault(name, []).append(tag)

    def find(self, name: str, ordinal: int) -> tuple[int, int] | None:
        """Start and end (exclusive) of the element with the `ordinal`-th start tag (from 0) called `name`, lower case.

        None when there is no such tag or it is never closed.
        """
        tags = self._tags.get(name, [])
        starts = [index for index, tag in enumerate(tags) if not tag.closing]
        if ordinal >= len(starts):
            return None
        first = starts[ordinal]
        if name in _VOID:
            return tags[first].start, tags[first].end
        depth = 0
        for tag in tags[first:]:
            depth += -1 if tag.closing else 1
            if depth == 0:
                return tags[first].start, tag.end
        return None


def _read_tags(text: str) -> Iterator[tuple[str, _Tag]]:
    position = 0
    while found := _TOKEN.search(text, position):
        position = found.end()
        if found["name"] is None:
            continue
        name = found["name"].lower()
        yield name, _Tag(bool(found["closing"]), found.start(), found.end())
        if name in _RAW and not found["closing"]:
            end = _RAW[name].search(text, position)
            position = end.start() if end else len(text)
