"""Lines of text as a browser lays them out."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.labels.pieces import JOINT
from gateway.labels.text_nodes import TextNodes
from gateway.labels.visible_text import visible_text
from gateway.labels.work import Work


def line_with(html: str, word: str) -> str | None:
    visible = visible_text(LexborHTMLParser(html, scripting=True), Work())
    line = visible.line_at(visible.text.index(word))
    return None if line is None else " ".join(line.text.replace(JOINT, " ").split())


@pytest.mark.parametrize(
    ("html", "word", "line"),
    [
        ("<p>a <b>b</b> <i>c</i> d</p><p>e</p>", "b", "a b c d"),
        ("<div>a<p>b</p>c</div>", "c", "c"),
        ("<p>a<br>b</p>", "b", "b"),
        ("<p>a<br><!-- x --><i></i>b</p>", "b", "b"),
        ("<p>a<!-- x -->b</p>", "b", "a b"),
        ("<p>a<script>x</script>b</p>", "b", "b"),
        ("<td>a<td>b", "b", "ab"),
        ("<ul><li>a<li>b</ul>", "b", "b"),
        ("<span>a</span><span>b</span>", "b", "a b"),
    ],
)
def test_a_line_is_what_stands_on_one_line(html: str, word: str, line: str) -> None:
    assert line_with(html, word) == line


@pytest.mark.parametrize("tag", ["script", "style", "textarea", "noscript", "xmp", "iframe", "select", "pre"])
def test_what_nobody_sees_is_no_line(tag: str) -> None:
    assert line_with(f"<p>x</p><{tag}>word</{tag}>", "word") is None


def test_a_long_line_is_cut_around_the_place() -> None:
    visible = visible_text(LexborHTMLParser("<p>" + "word " * 2_000 + "here" + " word" * 2_000), Work())
    line = visible.line_at(visible.text.index("here"))
    assert line is not None
    assert len(line.text) <= 600
    assert line.text[line.at :].startswith("here")


def test_the_element_of_a_place_is_the_innermost_that_holds_it() -> None:
    visible = visible_text(LexborHTMLParser("<p>x <span><b>18</b>+</span></p>"), Work())
    line = visible.line_at(visible.text.index("18"))
    assert line is not None
    start = line.text.index("18")
    assert line.element_of(start, start + 2).tag == "b"
    assert line.element_of(start, start + 4).tag == "span"


def test_a_page_without_a_body_has_no_text() -> None:
    assert visible_text(LexborHTMLParser("<frameset><frame></frameset>"), Work()).text == ""


@pytest.mark.parametrize("count", [0, 1, 3, 499, 500, 501, 1_400])
def test_pieces_are_the_same_from_both_ends(count: int) -> None:
    html = "<body>" + "<p> <i>a</i><!--x-->b \x1f<template>c</template></p>\n" * count + "<svg><title>d\0</svg>"
    body = LexborHTMLParser(html, scripting=True).body
    assert body is not None
    expected = [node.mem_id for node in body.traverse(include_text=True, skip_empty=True) if node.is_text_node]
    for numbers in (range(len(expected)), reversed(range(len(expected)))):
        nodes = TextNodes(body, len(expected), Work())
        assert [nodes[number].mem_id for number in numbers] == expected[:: 1 if isinstance(numbers, range) else -1]
    with pytest.raises(LookupError):
        TextNodes(body, len(expected), Work())[len(expected)]
    with pytest.raises(LookupError):
        TextNodes(body, len(expected) + 600, Work())[len(expected)]
