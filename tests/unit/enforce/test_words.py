"""Every word is there in every language, and says the same."""

import string
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from gateway.decision.verdict import Layer, Reason
from gateway.enforce.languages import LANGUAGES, NAMES
from gateway.enforce.words import WORDS, Words
from gateway.labels.label import Scope
from gateway.shipped import package_texts

CATALOGUES = {
    language: read_po(BytesIO(package_texts("enforce/locale")[f"{language}.po"].encode()), abort_invalid=True)
    for language in LANGUAGES
}


def key_of(message_id: object) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]  # type: ignore[index,no-any-return]


def texts_of(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {
        key_of(message.id): (message.string,) if isinstance(message.string, str) else tuple(message.string)
        for message in catalogue
        if message.id
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_languages_have_the_same_keys_in_the_same_order() -> None:
    keys = [list(texts_of(catalogue)) for catalogue in CATALOGUES.values()]
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_title_and_a_sentence_for_child_and_adult(language: str, reason: Reason) -> None:
    title, child, adult = (WORDS[language].say(f"{reason}.{part}") for part in ("title", "child", "adult"))
    assert title
    assert not title.endswith(".")
    assert child.endswith(".")
    assert adult.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_layer_and_scope_has_its_words(language: str) -> None:
    for key in [f"layer.{layer}" for layer in Layer] + [f"scope.{scope}" for scope in Scope]:
        assert WORDS[language].say(key)


def test_no_word_is_empty_fuzzy_or_the_same_in_two_languages_by_mistake() -> None:
    for language, catalogue in CATALOGUES.items():
        for message in catalogue:
            assert not message.fuzzy or not message.id, (language, message.id)
            assert message.string, (language, message.id)
    kk, ru, en = (texts_of(CATALOGUES[language]) for language in ("kk", "ru", "en"))
    for key in kk:
        assert key == "fact.host" or len({kk[key], ru[key], en[key]}) == 3, key


def test_the_placeholders_are_the_same_in_every_language_and_plural_form() -> None:
    for key, forms in texts_of(CATALOGUES["en"]).items():
        wanted = placeholders(forms[0])
        for catalogue in CATALOGUES.values():
            for text in texts_of(catalogue)[key]:
                assert placeholders(text) == wanted, (catalogue.locale, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_uses_the_letters_of_its_language_only(language: str) -> None:
    latin, cyrillic = set(string.ascii_letters), {chr(code) for code in range(0x400, 0x530)}
    kazakh_only = set("ӘәҒғҚқҢңӨөҰұҮүҺһІі")
    for key, forms in texts_of(CATALOGUES[language]).items():
        for text in forms:
            letters = {letter for piece, *_ in string.Formatter().parse(text) for letter in piece if letter.isalpha()}
            assert not letters & (cyrillic if language == "en" else latin), key
            assert language != "ru" or not letters & kazakh_only, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_has_as_many_plural_forms_as_its_language(language: str) -> None:
    wanted = {"kk": 2, "ru": 3, "en": 2}[language]
    assert CATALOGUES[language].num_plurals == wanted
    for message in CATALOGUES[language]:
        assert isinstance(message.string, str) or len(message.string) == wanted


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 знак"),
        (2, "2 знака"),
        (5, "5 знаков"),
        (11, "11 знаков"),
        (21, "21 знак"),
        (22, "22 знака"),
        (0, "0 знаков"),
    ],
)
def test_russian_counts(count: int, words: str) -> None:
    assert WORDS["ru"].count("more-labels", count) == f"и ещё {words}"


@pytest.mark.parametrize(("age", "words"), [(18, "с 18 лет"), (21, "с 21 года"), (1, "с 1 года"), (0, "с 0 лет")])
def test_russian_ages(age: int, words: str) -> None:
    assert WORDS["ru"].count("age", age) == words


def test_a_moment_is_told_in_its_own_zone() -> None:
    moment = datetime(2026, 3, 8, 0, 5, tzinfo=ZoneInfo("Asia/Almaty"))
    assert WORDS["kk"].moment(moment) == "жексенбі, 8 наурыз, 00:05"
    assert WORDS["ru"].moment(moment) == "воскресенье, 8 марта, 00:05"
    assert WORDS["en"].moment(moment) == "Sunday, 8 March, 00:05"


def test_a_missing_word_is_an_error_and_not_a_key_on_the_page() -> None:
    with pytest.raises(LookupError, match=r"locale/kk\.po has no words for 'no-such'"):
        WORDS["kk"].say("no-such")
    with pytest.raises(LookupError, match=r"locale/ru\.po has no words for 'no-such'"):
        WORDS["ru"].count("no-such", 2)


def test_a_catalogue_that_is_no_catalogue_is_refused() -> None:
    with pytest.raises(PoFileError, match="misformatted keyword"):
        Words("en", 'msgid "a"\nmsgstr "b"\nnonsense here\n')


def test_each_language_is_named_in_itself() -> None:
    assert dict(NAMES) == {"kk": "Қазақша", "ru": "Русский", "en": "English"}
