"""The limits of PICS labels, and the pieces of one; what they mean is in tests/cases/labels/heads/pics.yaml."""

import pytest

from gateway.document.document import UnreadableReason
from gateway.document.url import canonical
from gateway.edge.ruling import label_data
from gateway.labels.from_pics import PicsSaid, read_pics
from gateway.labels.label import Scope, Trust
from gateway.labels.pics import LONGEST, MOST_LABELS, MOST_VALUES, PicsLabel, PicsTooLong, is_pics, parse_pics
from gateway.labels.reader import Blocked, Note

PAGE = canonical("https://site.test/page")
SERVICE = "http://www.rsac.org/ratingsv01.html"


def test_a_label_is_taken_apart() -> None:
    text = f'(PICS-1.1 "{SERVICE}" gen true l for "http://a.test" r (n 4 v (1 3) x s 2:3))'
    assert parse_pics(text) == [
        PicsLabel(
            service=SERVICE,
            address="http://a.test",
            generic=True,
            values=(("n", 4), ("v", 1), ("v", 3), ("x", None), ("s", 2), ("s", 3)),
            raw=text[len("(PICS-1.1 ") : -1],
        )
    ]


def test_options_after_the_word_labels_hold_for_one_label() -> None:
    labels = parse_pics(f'(PICS-1.1 "{SERVICE}" l gen true for "http://a.test" r (n 1) r (n 2))')
    assert [(label.address, label.generic) for label in labels] == [("http://a.test", True), (None, False)]


@pytest.mark.parametrize("text", ["", "for all ages", "PICS", "(ICRA-1.1 l r (n 4))"])
def test_what_does_not_name_the_format_is_not_of_it(text: str) -> None:
    assert not is_pics(text)


def test_a_label_past_the_limits_is_refused() -> None:
    rating = "r (n 4) "
    for text in ("x" * (LONGEST + 1), f"(PICS-1.1 {SERVICE} l {rating * (MOST_LABELS + 1)}"):
        with pytest.raises(PicsTooLong):
            parse_pics(text)
    with pytest.raises(PicsTooLong):
        parse_pics(f"(PICS-1.1 {SERVICE} l r ({'n 4 ' * (MOST_VALUES + 1)}))")


def test_a_label_past_the_limits_makes_the_reading_unreadable() -> None:
    found = list(read_pics("(PICS-1.1 " + "x" * LONGEST, PAGE, label_data()))
    assert [type(each) for each in found] == [Blocked]
    assert isinstance(found[0], Blocked)
    assert found[0].reason is UnreadableReason.MALFORMED


def test_a_caller_without_an_address_reads_labels_that_name_none() -> None:
    plain, addressed = (f'(PICS-1.1 "{SERVICE}" l {option} r (s 4))' for option in ("", 'gen true for "http://a.test"'))
    said = list(read_pics(plain, None, label_data()))
    assert len(said) == 1
    assert isinstance(said[0], PicsSaid)
    assert (said[0].mark.min_age, said[0].trust, said[0].scope) == (18, Trust.C, None)
    assert [type(each) for each in read_pics(addressed, None, label_data())] == [Note]


def test_a_generic_label_of_the_whole_host_speaks_for_the_site() -> None:
    said = list(
        read_pics(f'(PICS-1.1 "{SERVICE}" l gen true for "https://www.site.test/" r (s 4))', PAGE, label_data())
    )
    assert isinstance(said[0], PicsSaid)
    assert said[0].scope is Scope.SITE
