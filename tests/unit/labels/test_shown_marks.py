"""Where the marks of a page stand: in the text at its end, in the text alone, or who knows where."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.labels.pieces import JOINT
from gateway.labels.shown_marks import WrittenMarks, are_all_shown, end_of_text
from gateway.labels.visible_text import visible_text
from gateway.labels.work import Work

STORY = "<div><p>A story of the road</p><b>x</b></div>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (STORY * 90 + "<footer>News <b>16</b>+ | Almaty</footer>", "News |16|+ | Almaty"),
        (STORY * 90 + "<footer>16+</footer>" + "<i>x</i>" * 5, "16+|x|x|x|x|x"),
        (STORY * 90 + "<p>12+<p>16+", "12+|16+"),
        (STORY * 90 + "<footer>16+</footer>" + "<i>x</i>" * 50, None),
        (STORY + "<footer>16+</footer>", "A story of the road|x|16+"),
        (STORY * 90, None),
        ("<p>18+</p>" + STORY * 90, None),
        ("<p>18+</p>" + STORY * 90 + "<footer>16+</footer>", None),
        (STORY * 90 + "<img alt='18+'><footer>x</footer>", None),
        (STORY * 90 + "<img alt='18+'><footer>16+</footer>", None),
        (STORY * 90 + "<p>" + "<b>x</b>" * 60 + "16+", None),
        (STORY * 90 + "<div>" * 300 + "16+", None),
        (STORY * 90 + "<p>1+" * 9, None),
        ("<b>a</b>" * 20 + "16+", None),
    ],
)
def test_the_end_is_enough_where_all_marks_stand_in_it(html: str, text: str | None) -> None:
    found = end_of_text(LexborHTMLParser(html, scripting=True), WrittenMarks(html), Work())
    if text is None:
        assert found is None
    else:
        assert found is not None
        assert found.text.replace(JOINT, "|").endswith(text)
        assert found.text.count(JOINT) < 24


def test_of_a_page_without_a_body_there_is_no_end() -> None:
    html = "<frameset><frame></frameset><noframes>16+"
    assert end_of_text(LexborHTMLParser(html), WrittenMarks(html), Work()) is None


@pytest.mark.parametrize(
    ("html", "is_shown"),
    [
        ("<p>18+</p><script>a+b</script>", True),
        ("<p>x</p>", True),
        ("<img alt='18+'><p>16+</p>", False),
        ("<title>18+</title><p>16+</p>", False),
        ("<!--18+--><p>16+</p>", False),
        ("<template>18+</template><p>16+</p>", False),
        ("<p>16+</p><svg><title>18+</title></svg>", False),
        ("<p>16+</p><svg><title><p>18+</p></title></svg>", False),
        ("<svg><title>" + "<b>" * 600 + "18+", False),
        ("<p>16+</p>" * 9, False),
        ("<frameset title='18+'>", False),
    ],
)
def test_marks_are_all_shown_when_no_attribute_and_no_title_has_one(html: str, is_shown: bool) -> None:
    text = visible_text(LexborHTMLParser(html, scripting=True), Work())
    assert are_all_shown(WrittenMarks(html), text) is is_shown
