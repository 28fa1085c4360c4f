"""A page with some of its parts hidden (Art. 15(3): a page of several parts): a sign and a reason stand in their place.

The rest of the page stays as it was, character for character, wherever the markup closes what it opens. Whatever cannot
be cut with certainty is not cut at all: then there is no masked page, and the whole page has to be refused.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from gateway.decision.verdict import Verdict
from gateway.document.document import Document
from gateway.document.parse_cost import is_affordable
from gateway.enforce.answer import Answer
from gateway.enforce.languages import LANGUAGES, order_of
from gateway.enforce.rendering import PART, drawing_of
from gateway.enforce.source_range import SourceRanges
from gateway.enforce.traces import Traces, traces_of
from gateway.enforce.words import WORDS
from gateway.labels.category import category_of
from gateway.labels.label import Label

# Header fields that describe the bytes of the whole page, or let somebody keep them (RFC 9110, RFC 9111, RFC 9530).
_OUTDATED: Final = frozenset(
    (
        *("accept-ranges", "content-digest", "content-encoding", "content-length", "content-md5", "content-range"),
        *("content-type", "digest", "etag", "last-modified", "repr-digest", "transfer-encoding"),
        *("age", "cache-control", "expires"),
    )
)
_LONGEST_PAGE: Final = 2_000_000  # characters
_MOST_PARTS: Final = 200  # a page with more parts above an age is above it as a whole
_MOST_LOOKS: Final = 400_000_000  # of elements at their brothers, to count them; about a second
_DOCTYPE: Final = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
# In these the HTML parser throws out anything but their own kind of child, so the sign keeps the element around it.
_KEPT_AROUND: Final = {
    "li": "<li>{}</li>",
    "dt": "<dt>{}</dt>",
    "dd": "<dd>{}</dd>",
    "td": "<td>{}</td>",
    "th": "<th>{}</th>",
    "caption": "<caption>{}</caption>",
    "tr": "<tr><td>{}</td></tr>",
    "tbody": "<tbody><tr><td>{}</td></tr></tbody>",
    "thead": "<thead><tr><td>{}</td></tr></thead>",
    "tfoot": "<tfoot><tr><td>{}</td></tr></tfoot>",
}


@dataclass(frozen=True, slots=True)
class _Cut:
    node: LexborNode
    ordinal: int  # among the elements of the same name, in the order of the page
    put: str


def to_masked_html(
    document: Document, parts: Sequence[Label], verdict: Verdict, *, accept_language: str | None = None
) -> Answer | None:
    """`document` without its `parts` (labels whose `part` is a CSS selector), as UTF-8, with the header fields to send.

    Gone with a part are its media elsewhere in the page and all JSON-LD, which repeats what a page shows. The sign
    speaks the page's own language if that is kk, ru or en, else the first of `accept_language`.

    None when this cannot be done with certainty: not a complete HTML page, one too large or too costly to parse or with
    too many parts, a selector that is no selector or selects nothing or the whole page, markup that does not parse the
    same again, or a text or address of a hidden part that still stands somewhere (in a script, say). The caller must
    then refuse the whole page.
    """
    text = document.text
    if document.media_type != "text/html" or text is None or not document.complete or len(text) > _LONGEST_PAGE:
        return None
    tree = _parse(text)
    if tree is None:
        return None
    chosen = _choose(tree, parts)
    if not chosen:
        return None
    traces = traces_of((node for node, _ in chosen), document.url.href)
    language = _language(tree, accept_language)
    signs = {node.mem_id: _sign(node, label, verdict, language) for node, label in chosen}
    page = _apply(_cuts(tree, signs, traces), tree, text)
    if page is None or traces.remain_in(page):
        return None
    headers = tuple((name, value) for name, value in document.headers if name not in _OUTDATED)
    fresh = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(document.status, headers + fresh, page.encode("utf-8", "replace"))


def _parse(text: str) -> LexborHTMLParser | None:
    """The tree of a page; None when parsing it costs too much."""
    if not is_affordable(text.encode("utf-8", "replace"), scripting=False):
        return None
    # Without events, which copy what is chosen in a select elsewhere: the tree is what the text says, and nothing more.
    return LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS)


def _choose(tree: LexborHTMLParser, parts: Sequence[Label]) -> list[tuple[LexborNode, Label]]:
    """The elements to hide, of nested ones the outer, with the strictest label that names it; none in any doubt."""
    if tree.body is None or len(parts) > _MOST_PARTS:
        return []
    below_body = [node for node in tree.body.css("*") if node.mem_id != tree.body.mem_id]
    families = Counter(node.parent.mem_id for node in below_body if node.parent is not None)
    # A selector's :nth-of-type counts the brothers of each element anew.
    if len(parts) * sum(size * size for size in families.values()) > _MOST_LOOKS:
        return []
    known = {node.mem_id for node in below_body}
    named: dict[int, Label] = {}
    for label in sorted(parts, key=lambda label: label.min_age):
        try:
            found = {node.mem_id for node in tree.css(label.part or "")}
        except SelectolaxError:  # a JSON pointer, or no selector at all
            return []
        if not found or not found <= known:
            return []
        named |= dict.fromkeys(found, label)
    chosen: list[tuple[LexborNode, Label]] = []
    inside: set[int] = set()
    for node in below_body:  # in the order of the page, so the outer of two comes first
        if node.mem_id in named and node.mem_id not in inside:
            chosen.append((node, named[node.mem_id]))
            inside.update(inner.mem_id for inner in node.css("*"))
    return chosen if len(chosen) <= _MOST_PARTS else []


def _is_json_ld(node: LexborNode) -> bool:
    return node.tag == "script" and (node.attributes.get("type") or "").strip().lower() == "application/ld+json"


def _language(tree: LexborHTMLParser, accept_language: str | None) -> str:
    root = tree.css_first("html")
    own = (root.attributes.get("lang") or "") if root else ""
    primary = own.strip().lower().partition("-")[0]
    return primary if primary in LANGUAGES else order_of(accept_language)[0]


def _sign(node: LexborNode, label: Label, verdict: Verdict, language: str) -> str:
    """The markup that stands where the part `node` was, as the HTML parser writes it."""
    words = WORDS[language]
    category = category_of(label.min_age)
    text = PART.render(
        language=language,
        mark=category,
        drawing=drawing_of(verdict.reason),
        sign_name=words.say("sign", category=category),
        hidden=words.say("part.hidden"),
        why=words.say("part.why"),
    )
    body = LexborHTMLParser(text).body
    assert body is not None  # the parser makes one for any text
    return _KEPT_AROUND.get(node.tag or "", "{}").format(body.inner_html)


def _cuts(tree: LexborHTMLParser, signs: Mapping[int, str], traces: Traces) -> list[_Cut]:
    """The parts with their signs, and with nothing what repeats them elsewhere; no cut lies inside another.

    What stands around a part is never cut, or its sign would go too; a trace in it is found at the end.
    """
    nodes = tree.css("*")
    around = _around(node for node in nodes if node.mem_id in signs)
    inside: set[int] = set()
    seen: Counter[str] = Counter()
    cuts = []
    for node in nodes:
        name, key = node.tag or "", node.mem_id
        put = signs.get(key)
        if put is None and key not in around and (_is_json_ld(node) or traces.touch(node)):
            put = ""
        if put is not None and key not in inside:
            cuts.append(_Cut(node, seen[name], put))
            inside.update(inner.mem_id for inner in node.css("*"))
        seen[name] += 1
    return cuts


def _around(nodes: Iterable[LexborNode]) -> set[int]:
    """All elements that `nodes` stand in."""
    around: set[int] = set()
    for node in nodes:
        outer = node.parent
        while outer is not None and outer.mem_id not in around:
            around.add(outer.mem_id)
            outer = outer.parent
    return around


def _apply(cuts: Sequence[_Cut], tree: LexborHTMLParser, text: str) -> str | None:
    """The page with every cut made; `tree` is changed. None when what comes out is not what was meant."""
    ranges = SourceRanges(text)
    places = [ranges.find(cut.node.tag or "", cut.ordinal) for cut in cuts]
    # What was meant: the tree itself with the cuts made. The stand-in cannot occur in a page, whose hash it holds.
    stand_in = f"qorgan{sha256(text.encode('utf-8', 'replace')).hexdigest()}x"
    for index, cut in enumerate(cuts):
        cut.node.replace_with(f"{stand_in}{index}x")
    meant = re.sub(f"{stand_in}([0-9]+)x", lambda found: cuts[int(found[1])].put, tree.html or "")
    found = [place for place in places if place is not None]
    if len(found) == len(cuts):
        spliced = _splice(text, found, [cut.put for cut in cuts])
        if spliced is not None and _writes(spliced) == meant:
            return spliced
    # Markup with end tags left out: the page as the parser writes it, if that is stable, under its own doctype.
    if _writes(meant) != meant:
        return None
    doctype = _DOCTYPE.match(text)
    return _DOCTYPE.sub(lambda _: doctype[0], meant, count=1) if doctype else meant


def _writes(text: str) -> str | None:
    """The page `text` as the parser writes it."""
    tree = _parse(text)
    return tree.html if tree is not None else None


def _splice(text: str, places: Sequence[tuple[int, int]], puts: Sequence[str]) -> str | None:
    """`text` with each place replaced; None when two places overlap."""
    pieces, position = [], 0
    for (start, end), put in sorted(zip(places, puts, strict=True)):
        if start < position:
            return None
        pieces += [text[position:start], put]
        position = end
    return "".join(pieces) + text[position:]
