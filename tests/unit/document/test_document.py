"""gateway.document.document: header fields."""

from gateway.document.document import Headers

FIELDS = Headers([("Rating", "general"), ("X-Other", "1"), ("rating", "adult")])


def test_names_have_no_case_and_values_keep_their_order() -> None:
    assert FIELDS.all("RATING") == ("general", "adult")
    assert FIELDS.get("rATING") == "general, adult"
    assert list(FIELDS) == [("rating", "general"), ("x-other", "1"), ("rating", "adult")]


def test_a_field_that_is_absent() -> None:
    assert FIELDS.all("content-type") == ()
    assert FIELDS.get("content-type") is None


def test_equal_fields_are_one_key() -> None:
    same = Headers([("RATING", "general"), ("X-OTHER", "1"), ("Rating", "adult")])
    assert len({FIELDS, same}) == 1
    assert Headers() != FIELDS
    assert list(FIELDS) != FIELDS
    assert repr(Headers([("A", "b")])) == "Headers([('a', 'b')])"
