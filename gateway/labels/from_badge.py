"""Badges and notices of sites for adults: the RTA badge, a link to rtalabel.org, the notice of 18 U.S.C. 2257.

Sources: rtalabel.org; yt-dlp, AGE_LIMIT_MARKERS. They say for whom a site is without being the label itself, so they
are soft. Articles about labels link to the same places: only what stands where the page speaks of itself counts.
What they look like is data: policies/signs/badges.yaml.
"""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.document import UnreadableReason
from gateway.document.url import canonical
from gateway.labels.badges import Badge, Notice
from gateway.labels.folding import fold
from gateway.labels.label import Label, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.place import Place, PlaceFinder, ancestors
from gateway.labels.reader import EVERYTHING, Blocked, Found
from gateway.labels.scales import Mark
from gateway.labels.signs import plain
from gateway.labels.text_nodes import beginning_of, html_of
from gateway.labels.traces import Traces
from gateway.labels.visible_text import Line
from gateway.labels.work import Work

MOST_LOOKS: Final = 500  # at places like one badge or notice; so many of a page's own there never are
_LONGEST: Final = 200  # characters of the line of a notice, or of a link
_LONGEST_ROW: Final = 2_000  # characters of a row of links
_MOST_IN_ROW: Final = 50  # links
_LOOKS_A_PLACE: Final = 12  # beside the walks around it
_AROUND: Final = " \t\r\n\x1f\xa0.,:;|·•-–—/*()[]©"
_PART_OF_A_NAME: Final = re.compile(rb"[0-9a-z_]")

type Seen = tuple[str, LexborNode]
"""What is shown, as evidence, and the element that shows it."""


class BadgeReader:
    name = "badge"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        return EVERYTHING if any(_badges(page)) or any(_notices(page)) else None

    def find(self, page: Page) -> Iterator[Found]:
        finder = PlaceFinder(page.data.signs.places, page.work)
        for badge in _badges(page):
            yield from self._first(_shown(badge, page, finder), page, badge.mark)
        for notice in _notices(page):
            yield from self._first(_given(notice, page, finder), page, notice.mark)

    def _first(self, looks: Iterator[Seen | None], page: Page, mark: Mark) -> Iterator[Found]:
        """The label of the first look that found something; many that found nothing may hide it."""
        for number, seen in enumerate(looks):
            page.work.charge(_LOOKS_A_PLACE)
            if seen is not None:
                yield self._label(page, mark, *seen)
                return
            if number >= MOST_LOOKS:
                sentence = f"the page has more than {MOST_LOOKS} places like the mark {mark.mark}"
                yield Blocked(UnreadableReason.MALFORMED, sentence)
                return

    def _label(self, page: Page, mark: Mark, raw: str, node: LexborNode) -> Label:
        return label_of(
            mark,
            scope=page.whole,
            trust=Trust.C,
            carrier=self.name,
            raw=raw,
            place=page.selectors.of(node),
        )


def _badges(page: Page) -> Iterator[Badge]:
    """The badges of which something is in the page's bytes."""
    for badge in page.data.badges.badges:
        if page.traces.has(*map(fold, badge.hosts)) or any(_is_in_body(page.traces, fold(it)) for it in badge.pictures):
            yield badge


def _notices(page: Page) -> Iterator[Notice]:
    for notice in page.data.badges.notices:
        if _is_alone(page.traces, fold(notice.trace)):
            yield notice


def _is_in_body(traces: Traces, word: bytes) -> bool:
    """Whether a word is anywhere but in meta elements, where it is the label itself."""
    if not traces.has(word):
        return False
    in_metas = sum(text.count(word) for _, text in traces.metas or ())
    return traces.folded.count(word) > in_metas


def _is_alone(traces: Traces, word: bytes) -> bool:
    """Whether a word stands in the bytes without being a part of a number or a name."""
    if not traces.has(word):
        return False
    text = traces.folded
    at = text.rfind(word)
    while at >= 0:
        end = at + len(word)
        if not any(_PART_OF_A_NAME.match(text, near) for near in (max(at - 1, 0), end) if near not in (at, len(text))):
            return True
        at = text.rfind(word, 0, at)
    return False


def _shown(badge: Badge, page: Page, finder: PlaceFinder) -> Iterator[Seen | None]:
    """The links and pictures of a badge that stand where the page speaks of itself; None for each that does not."""
    announced: dict[int, bool] = {}  # by the number of the element around: many links may stand in one
    found = [node for node in page.tree.css("a[href], img[src]") if _may_be(node, badge, page.work)]
    page.work.charge_search(len(found))
    pictured = _holders(page, "img, svg, picture") if found else set()
    for node in found:
        is_own = _is_own(node, badge, page, finder, announced, has_picture=node.mem_id in pictured)
        yield (html_of(node, _LONGEST), node) if is_own else None


def _may_be(node: LexborNode, badge: Badge, work: Work) -> bool:
    """Whether an address of the badge is in that of a link or a picture; a selector looks for it much longer."""
    is_link = node.tag == "a"
    address = (node.attributes.get("href" if is_link else "src") or "").lower()
    work.charge(2 + len(address) // 250)
    return any(word in address for word in (badge.hosts if is_link else badge.pictures))


def _holders(page: Page, css: str) -> set[int]:
    """The numbers of all elements that are or hold such ones; each is come to once, however deep the page is."""
    holders: set[int] = set()
    found = page.tree.css(css)
    for each in found:
        for here in ancestors(each):
            if here.mem_id in holders:
                break
            holders.add(here.mem_id)
    page.work.charge_search(2 * len(found) + 2 * len(holders))
    return holders


def _is_own(
    node: LexborNode, badge: Badge, page: Page, finder: PlaceFinder, announced: dict[int, bool], *, has_picture: bool
) -> bool:
    place = finder.place_of(node)
    if not _may_show(place):
        return False
    if node.tag != "a":
        return True
    if _host_of(node.attributes.get("href") or "") not in badge.hosts:
        return False
    if place.footer is not None or has_picture:
        return True
    around = node.parent or node
    if around.mem_id not in announced:
        announced[around.mem_id] = _is_announced(beginning_of(around, _LONGEST, page.work), badge)
    return announced[around.mem_id]


def _may_show(place: Place) -> bool:
    if place.deaf or place.footer is not None or not place.own:
        return not place.deaf
    return not place.article


def _host_of(href: str) -> str:
    try:
        return canonical(href if "://" in href else f"https:{href}").host.removeprefix("www.")
    except ValueError:
        return ""


def _is_announced(around: str, badge: Badge) -> bool:
    """Whether the words around a link say that the page is labelled: "Proudly Labeled RTA"."""
    words = plain(around).split()
    return any(word.strip(_AROUND) in badge.announced_by for word in words)


def _given(notice: Notice, page: Page, finder: PlaceFinder) -> Iterator[Seen | None]:
    """The notices of a page that stand by themselves: each one's text and element; None for each that does not.

    Of places in one line and one piece of text the first tells of all.
    """
    visible = page.visible_text
    piece = until = -1
    for match in re.finditer(rf"(?<![0-9]){re.escape(notice.trace)}(?![0-9])", visible.text):
        at = match.start()
        if at < until and visible.piece_at(at) == piece:
            continue
        line = visible.line_at(at)
        if line is None:
            continue
        piece, until = visible.piece_at(at), line.until
        element = line.element_of(line.at, line.at + len(notice.trace))
        place = finder.place_of(element)
        text = None if place.deaf else _text_of_notice(notice, line, element, place, page.work)
        yield (text, element) if text is not None else None


def _text_of_notice(notice: Notice, line: Line, element: LexborNode, place: Place, work: Work) -> str | None:
    """The text of a notice that stands where it is the page's own; None for a mention.

    That is a whole line, a link in a row of links, and in the page's footer any clause. The bare number is one only
    as a link of the footer: elsewhere it counts something.
    """
    framed = place.footer is not None
    own, whole = _tidy(beginning_of(element, _LONGEST, work)), _tidy(line.text)
    is_bare = own == notice.trace
    if is_bare and framed and place.link is not None:
        return own
    if whole == notice.trace:
        return None
    if notice.pattern.fullmatch(plain(whole)):
        return whole if framed or not place.own else None
    if not is_bare and notice.pattern.fullmatch(plain(own)):
        return own if framed or (not place.own and _is_row_of_links(line.block, work)) else None
    clause = notice.pattern.search(plain(whole)) if framed else None
    if (
        clause is None
        or clause.group() == notice.trace
        or not _is_apart(whole[: clause.start()], whole[clause.end() :])
    ):
        return None
    return whole[clause.start() : clause.end()]


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(_AROUND)


def _is_apart(before: str, after: str) -> bool:
    """Whether separators stand on both sides of a clause, or nothing."""
    before, after = before.rstrip(), after.lstrip()
    return (not before or before[-1] in _AROUND) and (not after or after[0] in _AROUND)


def _is_row_of_links(block: LexborNode, work: Work) -> bool:
    """Whether a line is made of links alone, as below every page."""
    text = beginning_of(block, _LONGEST_ROW + 1, work)
    if len(text) > _LONGEST_ROW:
        return False
    work.charge(_LONGEST_ROW // 20)
    links = block.css("a[href]")[:_MOST_IN_ROW]
    return _letters(text) == sum(_letters(beginning_of(link, _LONGEST_ROW, work)) for link in links)


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
