"""The small language of warnings."""

import pytest

from gateway.labels.warning_form import compile_form, required_words

NUMBERS = {"шести": 6, "он екі": 12}


@pytest.mark.parametrize(
    ("form", "text", "age"),
    [
        ("для детей достигших {age} лет", "для детей, достигших 12 лет", "12"),
        ("для детей достигших {age} лет", "для детей\n достигших   шести лет", "шести"),
        ("[информация] для детей {age}", "для детей 6", "6"),
        ("[информация] для детей {age}", "информация для детей 6", "6"),
        ("для [всех] детей {age} [лет]", "для детей 6 лет", "6"),
        ("(для|от) {age}", "от 6", "6"),
        ("[(сайт|фильм)] для {age}", "фильм для 6", "6"),
        ("салын* {age}", "салынғандарға 6", "6"),
        ("{age} жас", "он  екі жас", "он  екі"),
    ],
)
def test_a_form_matches_what_it_says(form: str, text: str, age: str) -> None:
    match = compile_form(form, NUMBERS).fullmatch(text)
    assert match is not None
    assert match["age"] == age


@pytest.mark.parametrize("text", ["для детейX 6", "для дети 6", "для 6", "для детей"])
def test_a_form_does_not_match_what_it_does_not_say(text: str) -> None:
    assert compile_form("для детей {age}", NUMBERS).search(text) is None


@pytest.mark.parametrize("form", ["для [детей", "для [a [b]]", "[all] [optional]", "a(b"])
def test_a_form_that_is_none_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="the form"):
        compile_form(form, NUMBERS)


def test_the_words_that_must_be_there() -> None:
    assert required_words("[информация] для (лиц|детей) салын* {age} лет") == {"для", "салын", "лет"}


def test_a_long_text_is_searched_in_linear_time() -> None:
    pattern = compile_form("[a] [b] [c] x {age} y", NUMBERS)
    assert pattern.search("a " * 100_000) is None
    assert pattern.search("x," * 100_000) is None
