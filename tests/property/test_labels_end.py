"""A page whose marks all stand at its end is read as it would be from its beginning."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.labels import from_visible_sign
from gateway.labels.label import Reading
from gateway.labels.read import read_labels
from tests.property.test_labels import data, document_of

FILLER = '<div class="card"><h2><a href="/{n}">A story</a></h2><p>Nothing but gears, hills and 24 bicycles.</p></div>'
SIGNS = (
    *("16+", "18+", "+18", "12+ ", "Возраст: 12+", "© 2026 · 16+") * 3,
    "C++",
    "+",
    "\x1f6+",
    "6-",
    "18＋",
    "🔞",
    "1",
)
AROUND = (
    "",
    " ",
    "x",
    "news",
    "© 2026",
    " | ",
    "\x1f",
    "<br>",
    "<hr>",
    "<!--x-->",
    "<i></i>",
    "<li>",
    "<td>",
    "Android ",
)
ELEMENTS = ("p", "div", "span", "b", "a", "footer", "header", "h1", "h2", "li", "td", "script", "style", "svg", "title")
ATTRIBUTES = (*("", " class=age", " id=a", " href=/x") * 4, " href=/x?a+b", " title='18+'", " alt='16+'", " hidden")


@st.composite
def endings(draw: st.DrawFn) -> str:
    """The last elements of a page, with few signs or none."""
    pieces: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        inner = draw(st.lists(st.sampled_from(AROUND), max_size=3))
        inner.insert(draw(st.integers(0, len(inner))), draw(st.sampled_from(SIGNS)))
        for name in draw(st.lists(st.sampled_from(ELEMENTS), max_size=3)):
            inner = [f"<{name}{draw(st.sampled_from(ATTRIBUTES))}>", *inner, draw(st.sampled_from((f"</{name}>", "")))]
        pieces += inner
        times = draw(st.sampled_from((0, 0, 0, 1, 9, 45)))
        pieces += [draw(st.sampled_from(("<b>a</b> ", "<p>a</p>", "<i> </i>", "<div>", "text")))] * times
    return "".join(pieces)


@settings(max_examples=300, deadline=None)
@given(
    end=endings(), filler=st.sampled_from((0, 8, 40, 80)), url=st.sampled_from(("https://a.kz/x", "https://a.test/"))
)
def test_where_all_marks_stand_makes_no_difference(end: str, filler: int, url: str) -> None:
    html = "".join(FILLER.format(n=n) for n in range(filler)) + end

    def read() -> Reading:
        return read_labels(document_of(html, url), data())

    short = read()
    with (
        patch.object(from_visible_sign, "end_of_text", return_value=None),
        patch.object(from_visible_sign, "are_all_shown", return_value=False),
    ):
        assert read() == short
