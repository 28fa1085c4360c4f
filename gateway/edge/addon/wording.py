"""The words of the add-on's pages as one module: those of its _locales, and those of the gateway's block page.

Browsers speak only their own language to an add-on, and Chromium has no Kazakh one. With the words as a module, a page
chooses its language itself, needs no request for it, and says what the block page says.
"""

import re
from collections.abc import Mapping
from json import JSONDecodeError, dumps, loads
from typing import Final

from gateway.bundle.from_words import word_values
from gateway.enforce.languages import LANGUAGES

_NAME: Final = re.compile(r"\$([A-Z]+)\$")
_PLURAL: Final = re.compile(r"(?P<key>\w+)_(?P<form>one|few|many|other)")


def words_module(files: Mapping[str, bytes]) -> bytes:
    """JavaScript: `WORDS`, language → name → text with names in braces; of what is counted, its plural forms.

    Raises ValueError when a catalogue is missing or cannot be read, or when both sides use a name.
    """
    block_page = word_values()
    words = {}
    for language in LANGUAGES:
        own = _own_words(f"_locales/{language}/messages.json", files)
        if both := sorted(set(own) & set(block_page[language])):
            raise ValueError(
                f"_locales/{language}/messages.json says {both[0]}, and the block page's words have it too"
            )
        words[language] = {**block_page[language], **own}
    return f"export const WORDS = {dumps(words, ensure_ascii=False, sort_keys=True)};\n".encode()


def _own_words(name: str, files: Mapping[str, bytes]) -> dict[str, object]:
    try:
        texts = {key: _NAME.sub(_braced, each["message"]) for key, each in loads(files[name]).items()}
    except KeyError as fault:
        raise ValueError(f"{name} is missing or has a message without a text ({fault})") from None
    except (JSONDecodeError, UnicodeDecodeError) as fault:
        raise ValueError(f"{name} is no JSON: {fault}") from None
    words: dict[str, object] = {}
    for key, text in texts.items():
        plural = _PLURAL.fullmatch(key)
        if plural is None:
            words[key] = text
        else:
            forms = words.setdefault(plural["key"], {})
            assert isinstance(forms, dict)
            forms[plural["form"]] = text
    return words


def _braced(found: re.Match[str]) -> str:
    return f"{{{found[1].lower()}}}"
