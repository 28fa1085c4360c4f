"""The catalogues of the add-on's pages: every language says everything, and pages say only what is there."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from gateway.bundle.from_words import word_values
from gateway.shipped import shipped

FOLDER: Final = shipped("addons") / "browser"
LANGUAGES: Final = ("kk", "ru", "en")
# What pages put together out of a name and a value: the start of the keys, and where the values are from.
MADE: Final = ("state_", "gap_", "mend_", "contact_", "hold_", "fault_", "action_", "carrier_", "place_", "limit_")
_FORM: Final = re.compile(r"_(one|few|many|other)$")


@cache
def messages(language: str) -> dict[str, dict]:
    return json.loads((FOLDER / "_locales" / language / "messages.json").read_text(encoding="utf-8"))


def names(text: str) -> set[str]:
    return set(re.findall(r"\$([A-Z]+)\$", text))


@cache
def said() -> str:
    files = [path for name in ("options", "popup", "setup") for path in (FOLDER / name).iterdir()]
    return "".join(path.read_text(encoding="utf-8") for path in [*files, *FOLDER.glob("manifest.*.json")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_names(language: str) -> None:
    ours, english = ({_FORM.sub("", key) for key in messages(each)} for each in (language, "en"))
    assert ours == english
    for key, message in messages(language).items():
        reference = messages("en").get(key) or messages("en")[_FORM.sub("_other", key)]
        assert names(message["message"]) == names(reference["message"]), key
        assert {name.lower() for name in names(message["message"])} == set(message.get("placeholders", {})), key


def test_kazakh_and_russian_are_translated() -> None:
    for language in ("kk", "ru"):
        same = [key for key, each in messages(language).items() if each == messages("en").get(key)]
        assert same == ["name"]


def test_kazakh_plurals_and_russian_plurals_have_their_forms() -> None:
    for language, forms in {
        "kk": {"one", "other"},
        "en": {"one", "other"},
        "ru": {"one", "few", "many", "other"},
    }.items():
        assert {_FORM.search(key)[1] for key in messages(language) if _FORM.search(key)} == forms  # type: ignore[index]


def test_what_pages_say_is_there() -> None:
    known = {_FORM.sub("", key) for key in messages("en")} | set(word_values()["en"])
    literal = re.compile(
        r"""(?:words\.(?:say|count)\(\s*|data-words=|data-label=|text: |told\.\w+ = |\btell\("\w+", |__MSG_)["]?"""
        r"""([a-z]+(?:[._-][a-z]+)*)(?:"|__)"""
    )
    found = set(literal.findall(said()))
    assert len(found) > 40
    assert found - known == set()


def test_nothing_is_there_that_no_page_says() -> None:
    unsaid = [
        key
        for key in {_FORM.sub("", key) for key in messages("en")}
        if not key.startswith(MADE) and not re.search(rf"\b{key}\b", said())
    ]
    assert unsaid == []


def test_every_fault_gap_and_action_has_its_words() -> None:
    contract = (FOLDER / "background" / "messages.js").read_text(encoding="utf-8")
    for name, prefix in (("FAULTS", "fault_"), ("GAPS", "gap_")):
        values = re.findall(r'"([a-z-]+)"', re.search(rf"{name} = Object\.freeze\(\[(.*?)\]", contract, re.DOTALL)[1])  # type: ignore[index]
        assert len(values) > 3
        for value in values:
            assert prefix + value.replace("-", "_") in messages("en"), value
    for action in ("allow", "mask", "ask", "block"):
        assert f"action_{action}" in messages("en")


def carriers() -> list[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "labels").glob("*.js"))
    return sorted(set(re.findall(r'(?:carrier: |NAME = )"([a-z-]+)"', text)))


@pytest.mark.parametrize("carrier", carriers())
def test_every_carrier_of_the_readers_has_its_words(carrier: str) -> None:
    assert f"carrier_{carrier.replace('-', '_')}" in messages("en")


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*/*.html")), ids=lambda path: path.name)
def test_pages_have_no_script_and_no_style_in_them(page: Path) -> None:
    """The policy of content forbids both; a page that relied on one would be broken."""
    text = page.read_text(encoding="utf-8")
    assert re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text) is None
