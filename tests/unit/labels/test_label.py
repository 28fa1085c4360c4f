"""No page makes a label longer than a person reads, and none that leads elsewhere."""

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, build_label_data
from gateway.labels.label import LONGEST_PLACE, LONGEST_RAW, Label, Scope, Trust
from gateway.labels.read import read_labels
from gateway.labels.selector import Selectors
from gateway.labels.work import Work
from gateway.shipped import texts

LABEL = Label(
    scale="kz", mark="12+", min_age=12, scope=Scope.PART, trust=Trust.B, carrier="x", raw="r", place="p", part="p"
)


def test_evidence_that_is_short_stays_as_it_is() -> None:
    assert LABEL.bounded() is LABEL


def test_evidence_without_end_is_cut() -> None:
    found = replace(LABEL, raw="r" * 50_000, place="p" * 50_000).bounded()
    assert (len(found.raw), len(found.place)) == (LONGEST_RAW, LONGEST_PLACE)
    assert found.raw.endswith("…")
    assert found.part == "p"
    assert found.scope is Scope.PART


def test_a_part_that_cannot_be_named_leaves_its_label_to_the_page() -> None:
    found = replace(LABEL, part="p" * (LONGEST_PLACE + 1)).bounded()
    assert (found.part, found.scope, found.min_age) == (None, Scope.PAGE, 12)


def test_the_name_of_an_element_makes_no_selector_long() -> None:
    tree = LexborHTMLParser("<body><" + "m" * 50_000 + "><b>x</b>")
    place = Selectors(Work()).of(tree.css("b")[0])
    assert place == "html > body > *:nth-child(1) > b:nth-of-type(1)"
    assert [node.tag for node in tree.css(place)] == ["b"]


def test_a_label_in_an_element_with_a_name_without_end_is_read() -> None:
    data = build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})
    body = "<m" + "x" * 50_000 + "><meta name=rating content=adult>"
    headers = Headers([("Content-Type", "text/html; charset=utf-8")])
    document = read_document(url="https://site.test/", status=200, headers=headers, body=body.encode())
    (found,) = read_labels(document, data).labels
    assert found.min_age == 18
    assert len(found.place) < 100
