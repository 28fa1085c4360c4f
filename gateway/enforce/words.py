"""The words of the block page in Kazakh, Russian and English: gettext catalogues, compiled in memory at import.

The catalogues stay readable text in the repository (locale/*.po). They are package data, read once through
`gateway.shipped`, the only pure-side door to files. A catalogue that cannot be read stops the start of the program.
"""

from datetime import datetime
from gettext import GNUTranslations
from io import BytesIO
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gateway.enforce.languages import LANGUAGES
from gateway.shipped import package_texts


class Words:
    """The words of one language. A key without words raises LookupError: a page with a hole in it is never sent."""

    __slots__ = ("_locale", "_translations", "language")

    def __init__(self, language: str, catalogue: str) -> None:
        """`language` is `kk`, `ru` or `en`; `catalogue` is the text of a .po file."""
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(catalogue.encode()), locale=language, abort_invalid=True))
        compiled.seek(0)
        self.language = language
        self._translations = GNUTranslations(compiled)
        self._locale = Locale.parse(language)

    def say(self, key: str, **values: str) -> str:
        """The words for `key`, with the values filled in. Plain text: whoever puts it into HTML escapes it."""
        return self._found(key, self._translations.gettext(key)).format(**values)

    def count(self, key: str, count: int) -> str:
        """The words for `key` in the plural form that `count` (0 or more) takes in this language."""
        return self._found(key, self._translations.ngettext(key, key, count)).format(count=count)

    def moment(self, moment: datetime) -> str:
        """Weekday, day and time of `moment` in the zone that it carries; it must be aware."""
        return format_datetime(moment, "EEEE, d MMMM, HH:mm", tzinfo=moment.tzinfo, locale=self._locale)

    def _found(self, key: str, text: str) -> str:
        if text == key:  # gettext answers with the key itself when it has no words
            raise LookupError(f"locale/{self.language}.po has no words for {key!r}")
        return text


def _read() -> dict[str, Words]:
    catalogues = package_texts("enforce/locale")
    return {language: Words(language, catalogues[f"{language}.po"]) for language in LANGUAGES}


WORDS: Final = MappingProxyType(_read())
