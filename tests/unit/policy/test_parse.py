"""The YAML door: places, limits, and what stays text."""

import pytest

from gateway.policy.parse import Node, as_plain, find, locate, parse
from gateway.problems import Problem, ProblemsFound

TEXT = "people:\n  aigerim:\n    age: 8\n    logins: [a, b]\nzone: Asia/Almaty\n"


def problems_of(text: str, **limits: int) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        parse(text, "f.yaml", **limits)
    return list(found.value.problems)


def test_a_node_knows_where_it_and_its_key_stand() -> None:
    root = parse(TEXT, "f.yaml")
    age = root.entries["people"].entries["aigerim"].entries["age"]
    assert age == Node(8, 3, 10, (3, 5))
    assert (root.line, root.column, root.key) == (1, 1, None)


def test_a_plain_value_has_dicts_lists_and_scalars() -> None:
    assert as_plain(parse(TEXT, "f.yaml")) == {
        "people": {"aigerim": {"age": 8, "logins": ["a", "b"]}},
        "zone": "Asia/Almaty",
    }


@pytest.mark.parametrize(
    ("path", "place", "key_place"),
    [
        ((), (1, 1), (1, 1)),
        (("people", "aigerim", "age"), (3, 10), (3, 5)),
        (("people", "aigerim", "logins", 1), (4, 17), (4, 17)),
        (("zone",), (5, 7), (5, 1)),
        (("people", "nobody", "age"), (2, 3), (1, 1)),
        (("people", "aigerim", "logins", 7), (4, 13), (4, 5)),
        (("people", "aigerim", "logins", -1), (4, 13), (4, 5)),
        (("zone", 0), (5, 7), (5, 1)),
    ],
)
def test_a_path_leads_to_its_place_as_far_as_it_goes(
    path: tuple[str | int, ...], place: tuple[int, int], key_place: tuple[int, int]
) -> None:
    root = parse(TEXT, "f.yaml")
    assert locate(root, path) == place
    assert locate(root, path, key=True) == key_place


def test_find_gives_the_node_itself() -> None:
    assert find(parse(TEXT, "f.yaml"), ("zone",)).value == "Asia/Almaty"


def test_entries_and_items_are_empty_for_other_values() -> None:
    root = parse(TEXT, "f.yaml")
    assert root.items == ()
    assert root.entries["zone"].entries == {}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff", "~\n"])
def test_an_empty_file_is_a_node_without_a_value(text: str) -> None:
    assert parse(text, "f.yaml").value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("22:00", "22:00"),
        ("1_8", "1_8"),
        ("2027-03-02", "2027-03-02"),
        ("=", "="),
        ("'012'", "012"),
        ('"true"', "true"),
        ("|\n  012\n", "012\n"),
        (">\n  a\n  b\n", "a b\n"),
        ("a #b", "a"),
        ("қорған", "қорған"),
    ],
)
def test_what_a_person_wrote_stays_text(text: str, value: str) -> None:
    assert as_plain(parse("k: " + text, "f.yaml")) == {"k": value}


def test_keys_are_text_as_written() -> None:
    root = parse("14: a\nNO: b\ntrue: c\n'': d\n22:00: e\n", "f.yaml")
    assert as_plain(root) == {"14": "a", "NO": "b", "true": "c", "": "d", "22:00": "e"}


@pytest.mark.parametrize("key", ["null", "Null", "NULL", "~"])
def test_a_key_without_a_word_is_a_problem(key: str) -> None:
    assert [problem.message for problem in problems_of(f"{key}: a\n")] == ["a key is missing here"]


def test_a_key_that_is_a_refused_number_is_a_problem() -> None:
    assert problems_of("012: a\n")[0].message.startswith("the number 012 begins with a zero")


def test_a_null_under_a_key_keeps_its_place() -> None:
    assert parse("a:\nb: 1\n", "f.yaml").entries["a"] == Node(None, 1, 3, (1, 1))


def test_the_size_is_counted_in_bytes_before_anything_is_read() -> None:
    assert parse("a: ққ", "f.yaml", max_bytes=7)
    [problem] = problems_of("a: ққ", max_bytes=6)
    assert problem.message == "the file has 7 bytes; at most 6 are read"


def test_the_depth_is_bounded() -> None:
    assert parse("[[[a]]]", "f.yaml", max_depth=3)
    [problem] = problems_of("[[[[a]]]]", max_depth=3)
    assert (problem.line, problem.column) == (1, 4)


def test_a_million_brackets_end_at_once() -> None:
    assert len(problems_of("[" * 1_000_000)) == 1


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ufffe", "\ud800"])
def test_an_invisible_character_is_shown_with_its_place(character: str) -> None:
    [problem] = problems_of(f"a: 1\nb: x{character}y\n")
    assert (problem.line, problem.column) == (2, 5)
    assert f"U+{ord(character):04X}" in problem.message


def test_a_byte_order_mark_inside_a_file_is_refused() -> None:
    assert problems_of("a: \ufeffb")[0].column == 4


def test_every_problem_is_collected_but_not_without_end() -> None:
    assert len(problems_of("a: 012\nb: 013\nc: 014\n")) == 3
    assert len(problems_of("\n".join(f"k{n}: 012" for n in range(200)))) == 50
    assert len(problems_of("\x07" * 200)) == 50


def test_a_syntax_error_comes_after_what_was_found_before_it() -> None:
    messages = [problem.message for problem in problems_of("a: 012\nb: c: d\n")]
    assert messages == [
        "the number 012 begins with a zero; write it without, or as text",
        "a ':' stands where no key can be",
    ]


def test_lines_are_counted_with_windows_line_ends() -> None:
    assert problems_of("a: b\r\nc: 012\r\n")[0].line == 2


def test_an_error_that_is_not_known_is_shown_as_the_parser_says_it() -> None:
    assert problems_of('a: "\\q"')[0].message.startswith("this is not valid YAML: ")


def test_directives_of_yaml_1_2_are_fine() -> None:
    assert as_plain(parse("%YAML 1.2\n---\na: 1\n", "f.yaml")) == {"a": 1}


def test_a_tag_that_says_nothing_is_still_a_tag() -> None:
    assert problems_of("a: ! b\n")[0].message == "the tag ! is not read"
