"""Labels in microdata: elements with itemprop contentRating, typicalAgeRange, isFamilyFriendly and their kin.

Sources: WHATWG HTML, section 5.2 (microdata); schema.org.
"""

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.items import Dialect, ItemWalk
from gateway.labels.page import Page
from gateway.labels.reader import EVERYTHING, Found


def _names(node: LexborNode) -> set[str]:
    """The property names of an element, without case and without their vocabulary."""
    value = node.attrs.get("itemprop") or ""
    return {name.rpartition("/")[2].casefold() for name in value.split()}


_MICRODATA: Final = Dialect("microdata", item="itemscope", types="itemtype", property="itemprop", names=_names)


class MicrodataReader:
    name = "microdata"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.traces.hidden or (page.traces.itemprop and page.traces.schema_org >= 0):
            return EVERYTHING
        return None

    def find(self, page: Page) -> Iterator[Found]:
        return ItemWalk(page, _MICRODATA).labels(page.elements)
