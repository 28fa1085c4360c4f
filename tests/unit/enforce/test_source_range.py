"""Where elements stand in the source."""

import pytest

from gateway.enforce.source_range import SourceRanges


@pytest.mark.parametrize(
    ("text", "name", "ordinal", "found"),
    [
        ("<p>a</p><p>b</p>", "p", 1, "<p>b</p>"),
        ("<P\nclass='>'>a</p >b", "p", 0, "<P\nclass='>'>a</p >"),
        ("<div><div>a</div></div><div>b</div>", "div", 0, "<div><div>a</div></div>"),
        ("<div><div>a</div></div><div>b</div>", "div", 1, "<div>a</div>"),
        ("a<img src=x>b", "img", 0, "<img src=x>"),
        ("<!-- <p> --><p>a</p>", "p", 0, "<p>a</p>"),
        ("<!--><p>a</p>-->", "p", 0, "<p>a</p>"),
        ("<!x <p>a</p>", "p", 0, None),
        ("<script>'<p>'</scripts><p></script ><p>a</p>", "p", 0, "<p>a</p>"),
        ("<script>'</script>'<p>a</p>", "script", 0, "<script>'</script>"),
        ("<textarea><p>", "p", 0, None),
        ("<p>never closed", "p", 0, None),
        ("<p>a</p>", "p", 1, None),
        ("<p>a</p>", "q", 0, None),
        ("<p title='a", "p", 0, None),
        ("a < b <p>c</p>", "p", 0, "<p>c</p>"),
    ],
)
def test_elements_by_their_tags(text: str, name: str, ordinal: int, found: str | None) -> None:
    place = SourceRanges(text).find(name, ordinal)
    assert (place and text[slice(*place)]) == found
