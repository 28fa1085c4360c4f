"""What a hidden part of a page may have left elsewhere in the page: its longer texts and the addresses of its media."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

_SHORTEST_TEXT: Final = 20  # characters; shorter texts ("Read more", a date) stand on a page more than once by nature
_SHORTEST_ADDRESS: Final = 8
_MOST: Final = 1000  # of more traces nobody says with bounded effort that none remains
_MEDIA: Final = ("src", "srcset", "poster", "data", "data-src", "data-srcset", "data-original", "data-bg", "background")
_WORDS: Final = ("alt", "title", "aria-label", "content", "value", "placeholder")
_SEPARATORS: Final = re.compile(r"[\s,]+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([/\"'nrt\\]))")


@dataclass(frozen=True, slots=True)
class Traces:
    """`texts` in one line each; `addresses` as written and made absolute."""

    base: str
    texts: frozenset[str]
    addresses: frozenset[str]

    def touch(self, node: LexborNode) -> bool:
        """Whether an attribute of the element carries a text or a media address of a hidden part."""
        for value in node.attributes.values():
            if value and (not self.addresses.isdisjoint(_addresses(value, self.base)) or _line(value) in self.texts):
                return True
        return False

    def remain_in(self, page: str) -> bool:
        """Whether any trace still stands in `page`, plain, as character references, or escaped in a script.

        Also when there are too many traces to look for: then it cannot be denied.
        """
        wanted = [*self.texts, *(address for address in self.addresses if len(address) >= _SHORTEST_ADDRESS)]
        if len(wanted) > _MOST:
            return True
        for layer in (page, html.unescape(page), html.unescape(_ESCAPE.sub(_unescape, page))):
            line = _line(layer)
            if any(trace in line for trace in wanted):
                return True
        return False


def traces_of(nodes: Iterable[LexborNode], base: str) -> Traces:
    """The traces of the elements `nodes`; `base` is the address of the page."""
    texts: set[str] = set()
    addresses: set[str] = set()
    for node in nodes:
        for inner in node.traverse(include_text=True):
            if inner.is_text_node:
                texts.add(_line(inner.text_content or ""))
            else:
                attributes = inner.attributes
                texts.update(_line(attributes.get(name) or "") for name in _WORDS)
                for name in _MEDIA:
                    addresses.update(_addresses(attributes.get(name) or "", base))
    return Traces(base, frozenset(text for text in texts if len(text) >= _SHORTEST_TEXT), frozenset(addresses))


def _line(text: str) -> str:
    return " ".join(text.split())


def _addresses(value: str, base: str) -> Iterator[str]:
    """The addresses in an attribute (one, or a list as in srcset), as written and absolute.

    Data URLs are left out: as fillers of lazily loaded images the same one stands all over a page.
    """
    for word in _SEPARATORS.split(value):
        if ("/" in word or "." in word) and not word.lower().startswith("data:"):
            yield word
            try:
                yield urljoin(base, word)
            except ValueError:  # a broken IPv6 literal; no browser loads it either
                continue


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\r", "t": "\t"}.get(found[3], found[3])
