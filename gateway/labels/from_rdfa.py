"""Labels in RDFa: elements with property="contentRating" and its kin, in the vocabulary of schema.org.

Sources: RDFa Lite 1.1 (vocab, typeof, property, resource, prefix); RDFa Core 1.1, section 7.4 (how a name is resolved);
HTML+RDFa 1.1, section 3.1 (prefixes of XHTML, where values stand). The prefix `schema` needs no declaration: it is in
the initial context of RDFa 1.1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.items import Dialect, ItemWalk
from gateway.labels.page import Page
from gateway.labels.place import ancestors
from gateway.labels.reader import EVERYTHING, Found
from gateway.labels.schema_org import AUDIENCE, PROPERTIES
from gateway.labels.work import Work

_SCHEMA_ORG: Final = re.compile(r"https?://(?:www\.)?schema\.org/?#?", re.IGNORECASE)
_MOST_PREFIX: Final = 2_000  # characters of one attribute
_MOST_PREFIXES: Final = 100
_MOST_NAMES: Final = 16  # of one element
# In folded bytes: the name of a property about age inside a `property` attribute; names there are few and short.
_TRACE: Final = re.compile(
    rb"property\s{0,4}=\s{0,4}[\"']?[^\"'<>]{0,200}?(?:"
    + b"|".join(name.encode() for name in sorted({*PROPERTIES, *AUDIENCE}))
    + rb")"
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What terms and prefixes mean within an element."""

    vocabulary: str = ""
    prefixes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"schema": "http://schema.org/"}))


class _Vocabulary:
    """Resolves the names of one page; what was found out about an element is kept for those inside it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._known: dict[int, _Context] = {}

    def names(self, node: LexborNode) -> set[str]:
        """The schema.org names that an element's `property` holds, without case."""
        names = (node.attrs.get("property") or "").split()
        return {local for name in names[:_MOST_NAMES] if (local := self._local_name(name, node)) is not None}

    def _local_name(self, name: str, node: LexborNode) -> str | None:
        """The name within schema.org; None when it is of another vocabulary or of none."""
        if full := _SCHEMA_ORG.match(name):
            return name[full.end() :].casefold() or None
        prefix, colon, local = name.partition(":")
        context = self._context(node)
        address = context.prefixes.get(prefix.casefold(), "") if colon else context.vocabulary
        return (local if colon else name).casefold() if _SCHEMA_ORG.fullmatch(address) else None

    def _context(self, node: LexborNode) -> _Context:
        unknown: list[LexborNode] = []
        context = _Context()
        for here in ancestors(node):
            if (known := self._known.get(here.mem_id)) is not None:
                context = known
                break
            unknown.append(here)
        self._work.charge(1 + 3 * len(unknown) // 2)
        for here in reversed(unknown):
            context = self._known[here.mem_id] = _within(context, here)
        return context


def _within(outer: _Context, node: LexborNode) -> _Context:
    attributes = node.attributes
    vocabulary = (attributes["vocab"] or "").strip() if "vocab" in attributes else outer.vocabulary
    pairs = (attributes.get("prefix") or "")[:_MOST_PREFIX].split()
    declared = {name[:-1].casefold(): to for name, to in zip(pairs[::2], pairs[1::2], strict=False) if name[-1] == ":"}
    of_xhtml = {name[6:]: (to or "").strip() for name, to in attributes.items() if name.startswith("xmlns:")}
    if not declared and not of_xhtml:
        return outer if vocabulary == outer.vocabulary else _Context(vocabulary, outer.prefixes)
    if len(outer.prefixes) + len(declared) + len(of_xhtml) > _MOST_PREFIXES:
        return _Context(vocabulary, outer.prefixes)
    return _Context(vocabulary, MappingProxyType({**outer.prefixes, **of_xhtml, **declared}))


class RdfaReader:
    name = "rdfa"

    def reach(self, page: Page) -> int | None:
        return EVERYTHING if page.is_html and _may_hold_one(page) else None

    def find(self, page: Page) -> Iterator[Found]:
        if not _may_hold_one(page):
            return iter(())
        rdfa = Dialect("rdfa", item="typeof", types="typeof", property="property", names=_Vocabulary(page.work).names)
        found = page.tree.css("[property]")
        page.work.charge_search(2 * len(found))
        return ItemWalk(page, rdfa).labels(found)


def _may_hold_one(page: Page) -> bool:
    if page.traces.hidden:
        return True
    if not page.traces.has(b"property") or page.traces.schema_org < 0:
        return False
    return _TRACE.search(page.traces.folded) is not None
