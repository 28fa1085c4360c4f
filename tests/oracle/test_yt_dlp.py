"""The product's reading of rating, RTA and family-friendly marks against yt-dlp's age-limit search.

yt-dlp reads the same marks with patterns over the page's text, and takes a rating for an estimate. A page is made of
a statement (STATEMENTS), the way it is written (FORMS) and the place where it stands (PLACES). Whoever does not read
one of these says nothing. Each difference between the two has its reason in these tables; without one they must agree.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yt_dlp import YoutubeDL
from yt_dlp.extractor.common import InfoExtractor

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.read import read_labels
from gateway.shipped import texts


@cache
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


@cache
def extractor() -> Any:
    return InfoExtractor(YoutubeDL({"quiet": True, "no_warnings": True, "cachedir": False}))


def ours(html: str) -> int | None:
    headers = Headers([("content-type", "text/html; charset=utf-8")])
    document = read_document(url="https://site.test/page", status=200, headers=headers, body=html.encode())
    return read_labels(document, data()).min_age


def theirs(html: str) -> int | None:
    search = extractor()
    found = (search._rta_search(html), search._media_rating_search(html), search._family_friendly_search(html))
    return max((age for age in found if age is not None), default=None)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a meta element says, and the ages that the two should read from it."""

    name: str
    content: str
    ours: int | None
    theirs: int | None
    reason: str = ""  # why they differ; empty: they agree


@dataclass(frozen=True, slots=True)
class Way:
    """A form of an element (with {key}, {name}, {content}) or a place for it (with {}), and who reads there."""

    text: str
    we_read: bool = True
    they_read: bool = True
    reason: str = ""  # why only one of the two reads; empty: both do


RTA = "RTA-5042-1996-1400-1577-RTA"
NO_AGE = "a page for everyone states no age that anybody is refused by; a low label would stand for a check"
FREE_TEXT = "yt-dlp knows five ratings only; the word or the age is as plain as those"
STATEMENTS = [
    Statement("rating", RTA, 18, 18),
    Statement("rating", RTA.lower(), 18, 18),
    Statement("rating", "14 years", 14, 14),
    Statement("rating", "mature", 17, 17),
    Statement("rating", "Mature", 17, 17),
    Statement("rating", "restricted", 19, 19),
    Statement("rating", "RESTRICTED", 19, 19),
    Statement("rating", "everyone", None, None),
    Statement("rating", "5", None, None),
    Statement("rating", "4.7", None, None),
    Statement("rating", "", None, None),
    Statement("rating", "general", None, 8, NO_AGE),
    Statement("rating", "safe for kids", None, 0, NO_AGE),
    Statement("rating", "adult", 18, None, FREE_TEXT),
    Statement("rating", "16+", 16, None, FREE_TEXT),
    Statement("rating", "12 years", 12, None, FREE_TEXT),
    Statement("rating", f"adult {RTA}", 18, None, "the token means one thing wherever it stands in the content"),
    Statement("isFamilyFriendly", "false", 18, 18),
    Statement("isFamilyFriendly", "False", 18, 18),
    Statement("isFamilyFriendly", "0", 18, 18),
    Statement("isFamilyFriendly", "maybe", None, None),
    Statement("isFamilyFriendly", "true", None, 0, NO_AGE),
    Statement("isFamilyFriendly", "1", None, 0, NO_AGE),
    Statement("isFamilyFriendly", "no", 18, None, "yt-dlp knows true, false, 1 and 0; pages write no as well"),
]
MARKUP = "yt-dlp's pattern has no room for blanks around the equals sign; HTML has"
WRONG_KEY = "no standard lets this attribute name a rating"
FORMS = [
    Way('<meta {key}="{name}" content="{content}">'),
    Way('<meta  {key}="{name}"\n content="{content}" />'),
    Way('<META {key}="{name}" CONTENT="{content}">'),
    Way("<meta {key}={name} content='{content}'>"),
    Way("<meta content='{content}' {key}='{name}'>"),
    Way("<meta data-x=1 {key}='{name}' content=\"{content}\">"),
    Way("<meta content = '{content}' {key} = '{name}'>", they_read=False, reason=MARKUP),
    Way(
        "<meta {key}='&{entity};{rest}' content='{content}'>",
        they_read=False,
        reason="yt-dlp compares names as they are written",
    ),
    Way("<meta id={name} content='{content}'>", we_read=False, reason=WRONG_KEY),
]
# yt-dlp knows the RTA token in one form only; other forms are legal HTML and read by us.
RTA_FORMS = FORMS[:3]
DEAD = "the element does not exist for a browser: yt-dlp sees its characters"
PLACES = [
    Way("<!doctype html><html><head>{}</head><body><p>Text</p></body></html>"),
    Way("<title>5 > 3</title>{}<p>rating: mature</p>"),
    Way('<meta name="description" content="mature content">{}<meta name="viewport" content="width=device-width">'),
    Way("<p>Text</p><table><tr><td>{}</td></tr></table>"),
    Way("<p title='<meta'>It's here</p>{}"),
    Way("<!-- {} --><p>Text</p>", we_read=False, reason=DEAD),
    Way("<textarea>{}</textarea>", we_read=False, reason=DEAD),
    Way("<title>{}</title>", we_read=False, reason=DEAD),
    Way("<template>{}</template>", we_read=False, reason=DEAD),
    Way("<noscript>{}</noscript>", we_read=False, reason=DEAD),
    Way("<script>var a = `{}`</script>", we_read=False, reason=DEAD),
]


def _element(statement: Statement, form: Way) -> str:
    name = statement.name
    key = "name" if name == "rating" else "itemprop"
    first = f"#{ord(name[0])}"
    return form.text.format(key=key, name=name, content=statement.content, entity=first, rest=name[1:])


def _they_read(statement: Statement, form: Way) -> bool:
    return form in RTA_FORMS if statement.content.upper() == RTA else form.they_read


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.sampled_from(STATEMENTS), st.sampled_from(FORMS), st.sampled_from(PLACES))
def test_the_two_agree_but_for_named_differences(statement: Statement, form: Way, place: Way) -> None:
    html = place.text.format(_element(statement, form))
    assert ours(html) == (statement.ours if form.we_read and place.we_read else None), html
    assert theirs(html) == (statement.theirs if _they_read(statement, form) and place.they_read else None), html


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: f"{statement.name} {statement.content}")
def test_each_statement_in_its_usual_form(statement: Statement) -> None:
    html = PLACES[0].text.format(_element(statement, FORMS[0]))
    assert (ours(html), theirs(html)) == (statement.ours, statement.theirs)


@pytest.mark.parametrize("way", [*FORMS, *PLACES], ids=lambda way: way.text)
def test_each_form_and_each_place(way: Way) -> None:
    mature = next(statement for statement in STATEMENTS if statement.content == "mature")
    form, place = (way, PLACES[0]) if way in FORMS else (FORMS[0], way)
    html = place.text.format(_element(mature, form))
    assert (ours(html), theirs(html)) == (17 if way.we_read else None, 17 if way.they_read else None)


def test_every_difference_has_a_reason_and_only_differences_have_one() -> None:
    for statement in STATEMENTS:
        assert (statement.ours != statement.theirs) == bool(statement.reason), statement
    for way in (*FORMS, *PLACES):
        assert (way.we_read and way.they_read) == (not way.reason), way


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(st.lists(st.sampled_from([s for s in STATEMENTS if s.name == "rating" and len(s.content) < 20]), min_size=2))
def test_of_several_ratings_the_strictest_counts_and_not_the_first(statements: list[Statement]) -> None:
    html = "".join(_element(statement, FORMS[0]) for statement in statements)
    assert ours(html) == max((s.ours for s in statements if s.ours is not None), default=None)
    assert theirs(html) == next((s.theirs for s in statements if s.content), None)


# What yt-dlp looks for in the text of a page: html, our age, its age, and why they differ.
NOTICES = [
    (
        '<p>Proudly Labeled <a href="http://www.rtalabel.org/" title="Restricted to Adults">RTA</a></p>',
        18,
        18,
        "",
    ),
    ("<p>18 U.S.C. 2257</p>", 18, 18, ""),
    ("<p>18 USC §§ 2257 statement</p>", 18, 18, ""),
    ("<p>Title 225</p>", None, None, ""),
    ("<p>2257</p>", None, 18, "a bare number is a price, a year or a count as often as it is the act"),
    (
        "<p>By entering you acknowledge you are at least 21 years old</p>",
        None,
        21,
        "terms of service of shops and banks say it too: an agreement of the visitor, no label of the page",
    ),
    ("<footer><p>18 U.S.C. 2257 Record-Keeping Requirements</p></footer>", 18, 18, ""),
]


@pytest.mark.parametrize(("html", "our_age", "their_age", "reason"), NOTICES, ids=[html for html, *_ in NOTICES])
def test_notices_in_the_text(html: str, our_age: int | None, their_age: int | None, reason: str) -> None:
    assert (ours(html), theirs(html)) == (our_age, their_age), reason
    assert (our_age != their_age) == bool(reason)
