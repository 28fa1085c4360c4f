"""JSON with bounds: what is read, what is refused, and what a pointer leads to."""

import pytest

from gateway.labels.json_tree import MOST_VALUES, BrokenJson, Spot, TooMuch, parse_texts, shown, walk


def spots(root: object) -> list[Spot]:
    return list(walk(root))


def test_every_object_is_met_once_outer_ones_first() -> None:
    root = {"a": {"b": {"c": 1}}, "d": [{"e": 1}]}
    assert [spot.pointer() for spot in spots(root)] == ["", "/a", "/a/b", "/d/0"]


def test_an_item_of_a_list_is_known_below_it() -> None:
    met = {spot.pointer(): spot for spot in spots({"films": [{"meta": {"x": 1}}, {"y": 1}]})}
    item = met["/films/0/meta"].item
    assert item is not None
    assert item.pointer() == "/films/0"


def test_what_stands_alone_in_a_list_is_no_item() -> None:
    assert all(spot.item is None for spot in spots({"films": [{"meta": {"x": 1}}]}))


def test_values_of_a_repeated_name_have_one_pointer() -> None:
    [root] = parse_texts('{"a": {"x": 1}, "a": {"y": 2}}')
    assert [spot.pointer() for spot in spots(root)] == ["", "/a", "/a"]


def test_a_number_of_many_digits_is_no_fault() -> None:
    assert parse_texts(f'{{"n": {"9" * 5_000}, "m": 18}}') == [{"n": None, "m": 18}]


@pytest.mark.parametrize("text", ["{", '{"a":}', "[1 2]", "'a'", '{"a": 1}}', "nul", "callback({}"])
def test_what_is_no_json_is_told(text: str) -> None:
    with pytest.raises(BrokenJson, match="is no JSON"):
        parse_texts(text)


@pytest.mark.parametrize("text", ["", " \r\n\t", "\ufeff", "\x1e"])
def test_a_blank_text_is_nothing(text: str) -> None:
    assert parse_texts(text) == []


def test_texts_of_a_json_sequence_are_apart() -> None:
    assert parse_texts('\x1e{"a": 1}\n\x1e{"b": 2}\n') == [{"a": 1}, {"b": 2}]


def test_the_longest_prefix_is_taken_off() -> None:
    assert parse_texts(")]}',\n{}", [")]}'", ")]}',"]) == [{}]


@pytest.mark.parametrize("deep", [200, 5_000, 200_000])
def test_what_is_nested_deep_is_refused(deep: int) -> None:
    with pytest.raises(TooMuch, match="nested too deep"):
        for _ in walk(parse_texts("[" * deep + "1" + "]" * deep)):
            pass


def test_what_has_too_many_values_is_refused() -> None:
    with pytest.raises(TooMuch, match="more than"):
        for _ in walk([[1]] * (MOST_VALUES + 1)):
            pass


def test_a_pointer_past_all_sense_is_refused_and_costs_nothing_before() -> None:
    # With pointers made on the way this would be 50 000 texts of 100 kB each.
    met = spots({"n" * 100_000: [{"a": 1}] * 50_000})
    assert len(met) == 50_001
    with pytest.raises(TooMuch, match="behind names of more than"):
        met[-1].pointer()


def test_the_evidence_of_a_large_value_is_its_beginning() -> None:
    assert shown(["a"] * 1_000_000) == ("[" + ", ".join(['"a"'] * 100))[:200]


@pytest.mark.parametrize("text", ["1 2", "1\n2\n", '1\x1e"a"', '"a""b"', "{}[]", '{"a": 1}{}', "[1]2", "true null"])
def test_several_texts_stand_in_a_row(text: str) -> None:
    assert len(parse_texts(text)) == 2


@pytest.mark.parametrize("text", ["00", "truefalse", "1{}", "1[", 'null"a"', "[0]01"])
def test_a_number_or_a_word_needs_an_end(text: str) -> None:
    """RFC 7464, section 2.4: else nobody knows whether it is whole."""
    with pytest.raises(BrokenJson):
        parse_texts(text)
