"""The place of an element leads to it and to nothing else."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.labels.selector import Selectors
from gateway.labels.work import Work


@pytest.mark.parametrize(
    "html",
    [
        "<div id=a><p>1<p>2</div><div id=a><p>3</div>",
        "<svg><Text>a</Text><foreignObject><p>x</p></foreignObject></svg>",
        "<x:y>1</x:y><x:y>2</x:y><my-tag>3</my-tag>",
        "<table><tr><td>1<td>2<tr><td>3</table>",
        "<div id='1 2'><i id=''>x</i></div><div id='ü'>y</div>",
        "<ul>" + "<li>x" * 50 + "</ul>",
    ],
)
def test_every_element_is_found_by_its_selector(html: str) -> None:
    tree = LexborHTMLParser(html)
    selectors = Selectors(Work())
    assert tree.root is not None
    for node in tree.root.traverse():
        if node.is_element_node:
            found = tree.css(selectors.of(node))
            assert [each.mem_id for each in found] == [node.mem_id], selectors.of(node)


def test_an_id_of_its_own_makes_a_short_selector() -> None:
    tree = LexborHTMLParser("<main><article id=night><h2>x</h2></article></main>")
    node = tree.css_first("h2")
    assert node is not None
    assert Selectors(Work()).of(node) == "#night > h2:nth-of-type(1)"
