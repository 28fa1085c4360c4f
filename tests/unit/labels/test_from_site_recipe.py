"""The reader of site recipes where a case cannot say it: what it costs, caps, and what makes a page unreadable."""

import json

import pytest

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.document.url import canonical
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.from_site_recipe import SiteRecipeReader
from gateway.labels.label import Reading, Status
from gateway.labels.page import Page
from gateway.labels.read import read_with
from gateway.labels.recipe_file import read_recipe
from gateway.labels.recipe_samples import with_recipe
from gateway.shipped import texts

WATCH = "https://www.youtube.com/watch?v=abcdefghijk"
RECIPE = """
site: Site
hosts: [site.test]
source: a test
checked: 2026-11-22
declares:
  - {says: each film has an age, source: a test, verified: false, state: STATE, pointer: /films/*/age, trust: B}
samples:
  - {url: "https://site.test/", reads: []}
"""


@pytest.fixture(scope="module")
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def document_of(html: str, url: str) -> Document:
    headers = Headers([("Content-Type", "text/html; charset=utf-8")])
    read = read_document(url=url, status=200, headers=headers, body=html.encode())
    assert isinstance(read, Document)
    return read


def reading_of(html: str, url: str, data: LabelData) -> Reading:
    return read_with((SiteRecipeReader(),), document_of(html, url), data)


def own(data: LabelData) -> LabelData:
    return with_recipe(data, read_recipe(RECIPE, "site.yaml", data.scales)[0])


@pytest.mark.parametrize("url", ["https://site.test/", "https://com/", "https://127.0.0.1/", "https://[::1]/"])
def test_a_host_without_a_recipe_is_not_looked_at(url: str, data: LabelData) -> None:
    assert SiteRecipeReader().reach(Page(document_of("<script>ytInitialPlayerResponse</script>", url), data)) is None


def test_a_page_without_the_name_of_the_state_is_not_parsed(data: LabelData) -> None:
    assert SiteRecipeReader().reach(Page(document_of("<p>a</p>", WATCH), data)) is None


def test_a_recipe_of_a_host_is_one_of_those_below_it(data: LabelData) -> None:
    for host in ("youtube.com", "m.youtube.com", "a.b.youtube.com"):
        assert data.sites.at(canonical(f"https://{host}/watch"))
    assert not data.sites.at(canonical("https://xyoutube.com/watch"))


def test_a_state_nested_past_every_sense_makes_the_page_unreadable(data: LabelData) -> None:
    html = "<script>var ytInitialPlayerResponse = " + "[" * 200_000 + "</script>"
    assert reading_of(html, WATCH, data).status is Status.UNREADABLE


def test_a_state_assigned_past_every_sense_makes_the_page_unreadable(data: LabelData) -> None:
    html = "<script>" + "ytInitialPlayerResponse = {};" * 100 + "</script>"
    assert reading_of(html, WATCH, data).status is Status.UNREADABLE


def test_a_state_with_very_many_entries_makes_the_page_unreadable(data: LabelData) -> None:
    state = json.dumps({"films": [{"age": 6}] * 20_000})
    assert reading_of(f"<script>STATE={state}</script>", "https://site.test/", own(data)).status is Status.UNREADABLE


def test_what_many_entries_say_alike_is_one_label(data: LabelData) -> None:
    state = json.dumps({"films": [{"age": 6}, {"age": 16}] * 2_000})
    reading = reading_of(f"<script>STATE={state}</script>", "https://site.test/", own(data))
    assert [label.min_age for label in reading.labels] == [6, 16]


@pytest.mark.parametrize(
    "script",
    [
        "STATE = '",
        "STATE = 'a",
        "STATE = 'a\\",
        'STATE = "\\u12"',
        'STATE = JSON.parse(\'{"films":[{"age":"\\x3\')',
        "STATE = {",
        "STATE = [][0]",
        "STATE = JSON.parse(STATE = {})",
    ],
)
def test_no_script_is_too_odd(script: str, data: LabelData) -> None:
    reading = reading_of(f"<script>{script}</script>", "https://site.test/", own(data))
    assert reading.status is Status.UNLABELLED


OTHERS = """
site: Site
hosts: [site.test]
source: a test
checked: 2026-11-22
declares:
  - {says: DECLARATION
    source: a test, verified: false, trust: B}
samples:
  - {url: "https://site.test/", reads: []}
"""


@pytest.mark.parametrize(
    ("declaration", "before"),
    [
        ("each film has an age, css: b.age,", "<b class=age>x</b>"),
        ("a script tells, script: script.age, pointer: /age,", "<script class=age>{}</script>"),
        ("a state tells, state: STATE, pointer: /age,", "<script>STATE = {}</script>"),
    ],
    ids=["elements", "scripts", "states"],
)
def test_an_age_behind_thousands_of_others_is_not_passed_over(declaration: str, before: str, data: LabelData) -> None:
    own = with_recipe(data, read_recipe(OTHERS.replace("DECLARATION", declaration), "site.yaml", data.scales)[0])
    reading = reading_of(before * 3_000, "https://site.test/", own)
    assert reading.status is Status.UNREADABLE
    assert any("more than" in note for note in reading.notes)


def test_a_state_behind_hundreds_of_other_scripts_is_read(data: LabelData) -> None:
    html = "<script>var a</script>" * 3_000 + '<script>STATE={"films":[{"age":18}]}</script>'
    assert reading_of(html, "https://site.test/", own(data)).min_age == 18


REDDIT = "https://www.reddit.com/r/pics/"


def test_a_part_tells_of_what_stands_in_it_however_deep(data: LabelData) -> None:
    inside = "<shreddit-post id=a><p>x</p>" + "<i>" * 300 + "<shreddit-post nsfw id=b>y</shreddit-post>"
    (label,) = reading_of(f"<shreddit-post id=c>{inside}", REDDIT, data).labels
    assert (label.part, label.raw) == ("#b", "y")


def test_a_thousand_posts_have_a_label_each(data: LabelData) -> None:
    post = '<shreddit-post nsfw id="t{n}"><h3>Post {n}</h3>' + "<p>x <b>y</b></p>" * 2 + "</shreddit-post>"
    reading = reading_of("".join(post.format(n=n) for n in range(1_000)), REDDIT, data)
    assert {label.part for label in reading.labels} == {f"#t{n}" for n in range(1_000)}


def test_posts_in_each_other_past_every_sense_make_the_page_unreadable(data: LabelData) -> None:
    reading = reading_of('<shreddit-post nsfw>"x"' * 500, REDDIT, data)
    assert reading.status is Status.UNREADABLE
    assert "elements in each other" in reading.notes[0]
    assert reading.min_age == 18


def test_a_selector_is_not_followed_deeper_than_browsers_nest(data: LabelData) -> None:
    reading = reading_of(
        "<shreddit-post id=a>" + "<i>" * 600 + "<shreddit-post nsfw id=b>y</shreddit-post>", REDDIT, data
    )
    assert reading.status is Status.UNREADABLE
    assert any("deep in each other" in note for note in reading.notes)
