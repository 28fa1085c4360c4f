"""How deep pages nest is never told too low: compared with the parser, at every place, on good pages and bad ones."""

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from gateway.document.nesting import nesting_of
from gateway.document.parse_cost import _count_kept
from gateway.document.telling_tags import piling_in

NAMES = (
    *("a", "b", "i", "font", "span", "p", "div", "li", "ul", "td", "tr", "table", "h1", "form", "button", "section"),
    *("dl", "dt", "dd", "label", "strong", "small", "select", "option", "optgroup", "template", "object", "caption"),
    *("tbody", "th", "noscript", "textarea", "title", "iframe", "script", "style", "svg", "g", "path", "math", "mi"),
    *("mrow", "ruby", "rt", "video", "picture", "time", "header", "article", "main", "pre", "center", "details", "em"),
    *(
        "nobr",
        "marquee",
        "applet",
        "x-y",
        "circle",
        "desc",
        "foreignobject",
        "search",
        "fieldset",
        "legend",
        "h2",
        "tt",
    ),
)
JUNK = (
    *(
        "<br>",
        "<hr>",
        "<img src=x>",
        "<input>",
        "<link>",
        "<wbr>",
        "<source>",
        "<param>",
        "<meta>",
        "<area>",
        "<path/>",
    ),
    *("<col>", "<colgroup>", "<frameset>", "<plaintext>", "<body>", "<html a>", "<head>", "<div/>", "<a/>", "<svg/>"),
    *("<!-- x -->", "<!-- <b> -->", "<!-->", "<!--", "-->", "<![CDATA[", "]]>", "<!x>", "<?x>", "</>", "< ", "<", ">"),
    *('<p x="', "<p x='", '">', "'>", '<p x="<div>">', "<p x='</b>'>", '<div x="<svg>">', "<b x=1>", "<b x=2>"),
    *("<script>", "</script>", "<script><b></script>", "<style><b></style>", "<textarea>", "</textarea>", "<title>"),
    *("<svg><path/></svg>", "<svg><title>x</title></svg>", "<math><mi>x</mi></math>", "<svg><g>", "<math><mrow>"),
    *("<b\1>", "<div\2>", "\3", "<p\0>", "<B>", "<noscript><!--", "<title><!--", "<style><!--", "--></style>"),
    *("<li>x", "<p>x", "<td>x", "<tr>", "<dt>x<dd>y", "<option>x", "<a href=x>", "<b>", "<i>", "<font size=1>"),
)
END = "qorgan-end"

ATTRIBUTES = ("", "", "", " x=1", ' x="a b"', " x='>'", " x", " x=y/", "\n x = 1", "/")


@st.composite
def pages(draw: st.DrawFn) -> list[str]:
    """Pieces of a page: elements that are closed where they should be, with now and then something that is not."""
    page: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        page += tree(draw, draw(st.integers(0, 4)))
    return page


def tree(draw: st.DrawFn, depth: int) -> list[str]:
    kind = draw(st.integers(0, 9)) if depth else 0
    if kind == 0:
        return [draw(st.sampled_from(("text", "x", " ")))]
    if kind == 1:
        return [draw(st.sampled_from(JUNK))]
    name = draw(st.sampled_from(NAMES))
    if kind == 2:
        return [f"</{name}>"]
    inner = [piece for _ in range(draw(st.integers(0, 3))) for piece in tree(draw, depth - 1)]
    return [f"<{name}{draw(st.sampled_from(ATTRIBUTES))}>", *inner, f"</{name}>"]


@settings(max_examples=600, deadline=None)
@given(
    before=pages(),
    unit=pages(),
    times=st.sampled_from((1, 3, 60)),
    after=pages(),
    end=st.integers(min_value=0, max_value=400),
    scripting=st.booleans(),
)
def test_never_told_too_low(
    before: list[str], unit: list[str], times: int, after: list[str], end: int, scripting: bool
) -> None:
    page = [*before, *unit * times, *after]
    nesting = nesting_of("".join(page).encode(), scripting=scripting)
    returning = _count_kept(piling_in(nesting.rest)) + bool(nesting.wrapping)
    for cut in {len(page), min(end, len(page)), len(before) + len(unit) * times}:
        start = "".join(page[:cut])
        tree = LexborHTMLParser(start + f"<{END}>", scripting=scripting, options=LexborDocumentOptions.WO_EVENTS)
        assert depth_of_end(tree) <= nesting.depth + returning
        tags = start.count("<")
        assert len(tree.css("*")) <= tags * returning + 33 * (nesting.wrapping + nesting.left) + 3 * tags + 9


def depth_of_end(tree: LexborHTMLParser) -> int:
    """In how many elements the last mark stands; 0 when it is no element."""
    marks = tree.css(END)
    here, depth = (marks[-1].parent if marks else None), 0
    while here is not None and here.is_element_node:
        here, depth = here.parent, depth + 1
    return depth
