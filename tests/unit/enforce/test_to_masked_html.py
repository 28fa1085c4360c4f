"""Hostile and large pages: refused or masked, never slow, never half hidden."""

import pytest

from gateway.decision.verdict import Reason
from gateway.document.document import Document, Headers
from gateway.document.url import Url
from gateway.enforce.answer import Answer
from gateway.enforce.to_error import system_verdict
from gateway.enforce.to_masked_html import to_masked_html
from gateway.labels.label import Label, Scope, Trust


def mask(page: str, part: str = "#x") -> Answer | None:
    url = Url("https://a.example/", "https", "a.example", 443, "/", "")
    document = Document(
        url=url, status=200, headers=Headers(), media_type="text/html", body=b"", text=page, charset="utf-8"
    )
    label = Label(
        scale="kz",
        mark="18+",
        min_age=18,
        scope=Scope.PART,
        trust=Trust.B,
        carrier="sign",
        raw="18+",
        place="",
        part=part,
    )
    return to_masked_html(document, [label], system_verdict(Reason.LABEL))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["<a b=\"'>", "<a ", "<!--", "<!", "<script>", "<a ='", "<a ='\"' ", "</", "<p", "&", "<div>"]
)
def test_repeated_openings_cost_no_more_than_their_length(piece: str) -> None:
    # A quadratic reading of these 300 kB would take minutes.
    answer = mask("<body><p id=x>secret</p>" + piece * (300_000 // len(piece)))
    assert answer is None or b"secret" not in answer.body


@pytest.mark.timeout(20)
def test_thousands_of_nested_parts_are_one_part() -> None:
    answer = mask("<body>" + "<div>" * 3000 + "secret" + "</div>" * 3000 + "<p>free</p>", "div")
    assert answer is not None
    assert answer.body.count(b"<svg") == 1
    assert b"secret" not in answer.body


def test_a_page_beyond_the_cap_is_refused() -> None:
    page = "<body><p id=x>a</p>" + "b" * 2_000_000
    assert mask(page) is None
    assert mask(page[:2_000_000]) is not None


def test_more_elements_than_anybody_hides_one_by_one_are_refused() -> None:
    assert mask("<body>" + "<p>a</p>" * 200, "p") is not None
    assert mask("<body>" + "<p>a</p>" * 201, "p") is None


def test_a_part_with_more_texts_than_can_be_looked_for_is_refused() -> None:
    texts = "".join(f"<p>a text of its own, number {number}</p>" for number in range(1001))
    assert mask(f"<body><div id=x>{texts}</div></body>") is None


def test_the_page_is_sent_as_utf8() -> None:
    answer = mask("<body><p id=x>a</p>қазақ</body>")
    assert answer is not None
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert "қазақ" in answer.body.decode("utf-8")


@pytest.mark.parametrize(
    "page",
    [
        "<body><p id=x>secret</p>" + "<div>" * 40_000,
        "<body><p id=x>secret</p><p>" + "".join(f"<b id={n}>" for n in range(300)) + "<p>x" * 3_000,
        "<body><p id=x>secret</p><div " + " ".join(f"a{n}=1" for n in range(20_000)) + ">",
    ],
)
def test_a_page_too_costly_to_parse_is_not_masked(page: str) -> None:
    assert mask(page) is None


def test_the_brothers_of_an_element_are_not_counted_without_end() -> None:
    rows = "<body><table>" + "<tr><td>secret</td></tr>" * 25_000 + "</table>"
    assert mask(rows, "tr:nth-of-type(5)") is None


def test_what_is_chosen_in_a_select_stands_in_it_once() -> None:
    chosen = "<select><button><selectedcontent></selectedcontent></button><option selected>Almaty</option></select>"
    answer = mask(f"<body><p id=x>secret</p>{chosen}</body>")
    assert answer is not None
    assert answer.body.count(b"Almaty") == 1
