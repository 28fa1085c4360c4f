"""The words of the block page, as the catalogues have them: the page that the add-on shows says the same."""

from functools import cache
from io import BytesIO
from typing import Any, Final

from babel.messages.pofile import read_po

from gateway.enforce.languages import LANGUAGES
from gateway.shipped import package_texts

# The plural forms of a catalogue by their names in CLDR, which Intl.PluralRules answers with.
_FORMS: Final = {"kk": ("one", "other"), "ru": ("one", "few", "many"), "en": ("one", "other")}


@cache
def word_values() -> dict[str, Any]:
    """Language → key → text with its names in braces; of what is counted, its plural forms."""
    catalogues = package_texts("enforce/locale")
    return {language: _words(language, catalogues[f"{language}.po"]) for language in LANGUAGES}


def _words(language: str, text: str) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for message in read_po(BytesIO(text.encode()), locale=language, abort_invalid=True):
        if isinstance(message.id, str):
            if message.id:
                words[message.id] = message.string
        else:
            words[message.id[0]] = dict(zip(_FORMS[language], message.string or (), strict=True))
    return words
