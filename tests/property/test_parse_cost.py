"""The guard against costly pages never expects less than the parser does: compared on soups of tags.

Small soups, over and over, show what piles up; large ones are parsed under limits of the operating system.
"""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from gateway.document.followed_tags import FollowedTags
from gateway.document.parse_cost import is_affordable

USUAL = ("a", "b", "i", "p", "div", "span", "li", "ul", "td", "tr", "table", "font", "form", "h1")
RARE = (
    *("em", "nobr", "ol", "dl", "dd", "dt", "th", "tbody", "thead", "caption", "colgroup", "col", "button", "h2"),
    *("option", "optgroup", "select", "object", "applet", "marquee", "template", "svg", "math", "g", "title", "desc"),
    *("foreignobject", "mi", "style", "script", "textarea", "iframe", "xmp", "noscript", "ruby", "rt", "rb", "address"),
    *("section", "article", "dialog", "search", "center", "br", "hr", "img", "input", "body", "html", "head", "main"),
    *("label", "x-y", "pre", "frameset", "plaintext", "noembed"),
)
PIECES = (
    *("text", " ", "<!-- -->", "<!-->", "<!--->", "<!-- --!>", "<![CDATA[x]]>", "</>", "<?x>", "<!doctype html>"),
    *("<b id=1>", "<b id=2>", "<font color=red>", "<a href=x>", "<td a='<b>'>", '<p x">', '<p a="', '">', "<b x=y'>"),
    *("<svg/>", "<svg><path/></svg>", "<svg><title>x</title></svg>", "<select><option>x<option>y</select>"),
    *(
        "<p>x</p>",
        "<h1>x</h1>",
        "<li>x</li>",
        "<tr><td>x</td></tr>",
        "<div><h2>x</h2><p>y</p></div>",
        "<p><b>x</b></p>",
    ),
    *("<table><td>", "</td></table>", "<a>x</a>", "<script><!--<script>", "<dIv/>", "<p\0>", "<"),
)
END = "qorgan-end"

tags = st.builds(
    "<{}{}{}>".format,
    st.sampled_from(("", "", "/")),
    st.sampled_from(USUAL) | st.sampled_from(RARE),
    st.sampled_from(("", " x=1", "/")),
)
units = st.lists(st.one_of(tags, tags, tags, st.sampled_from(PIECES)), min_size=1, max_size=12).map("".join)
start = st.sampled_from(("", "<!doctype html>", "<div>", "<table><tr><td>"))


def depth_of_end(tree: LexborHTMLParser) -> int:
    """In how many elements the last mark stands; 0 when it is no element."""
    marks = tree.css(END)
    here, depth = (marks[-1].parent if marks else None), 0
    while here is not None and here.is_element_node:
        here, depth = here.parent, depth + 1
    return depth


@settings(max_examples=600, deadline=None)
@given(start=start, unit=units, times=st.sampled_from((1, 2, 30)), scripting=st.booleans())
@example(start="", unit="<li><p><li><b><ol>", times=30, scripting=False)
def test_never_fewer_open_elements_than_the_parser_has(start: str, unit: str, times: int, scripting: bool) -> None:
    page = start + unit * times
    followed = FollowedTags(page.encode(), scripting=scripting)
    followed.follow()
    if followed._lost or followed._open.lost:
        return  # then the rest of the page is judged by counts alone
    tree = LexborHTMLParser(page + f"<{END}>", scripting=scripting, options=LexborDocumentOptions.WO_EVENTS)
    assert depth_of_end(tree) <= followed._open.depth + len(followed._foreign)
    # A tag makes three elements at most (a cell, its row and its section) beside what is opened again.
    assert len(tree.css("*")) <= followed.used.nodes + 3 * page.count("<") + 8


CHILD = """
import os, resource, sys
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser
while size := sys.stdin.buffer.read(8):
    page = sys.stdin.buffer.read(int(size))
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
        tree = LexborHTMLParser(page, scripting=True, options=LexborDocumentOptions.WO_EVENTS)
        tree.css("*"), tree.css("body [alt], body [aria-label]"), tree.root.text(), tree.html
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def limited() -> Iterator[subprocess.Popen[bytes]]:
    """A process that parses each page in a child of its own, with 1 GB and 10 s, and says how that ended."""
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=units, unit=units, kinds=st.sampled_from((0, 0, 40, 400)), tail=units, size=st.sampled_from((20_000, 200_000))
)
def test_what_is_let_through_can_be_parsed(
    limited: subprocess.Popen[bytes], head: str, unit: str, kinds: int, tail: str, size: int
) -> None:
    piled = "".join(f"<b id={number}>" for number in range(kinds))
    page = (head + piled + unit * (size // 2 // len(unit)) + tail * (size // 2 // len(tail))).encode()[:size]
    if not is_affordable(page, scripting=True):
        return
    assert limited.stdin is not None
    assert limited.stdout is not None
    limited.stdin.write(b"%08d" % len(page) + page)
    limited.stdin.flush()
    assert limited.stdout.readline().strip() == b"0"
