"""Sentences at random out of what signs are made of, which both languages must read alike; the same in every run."""

import random
from functools import cache
from typing import Any, Final

from gateway.labels.signs import Sign
from tests.runners.labels import data

MOST: Final = 4_000
_SEED: Final = 169
_PIECES: Final = (
    *("18+", "16 +", "+18", "6-", "6–", "0+", "12+", "21+", "14", "18 лет", "шестнадцати лет", "6", "(18+)", "<16+>"),
    *("18＋", "１８+", "🔞", "◊12+◊", "🔶16+🔷", "18\u00ad+", "18\u200b +", "1.18+", "$18+", "18+%", "2018+", "18+1"),
    *("Возрастное ограничение", "Возрастная категория:", "Жас санаты", "Жас шектеуі", "Age rating", "Рейтинг:"),
    *("для детей старше", "не достигших", "достигших возраста", "лицам", "запрещено", "балаларға", "жастан асқан"),
    *("Сетевое издание", "Интернет-издание", "Желілік басылым", "© 2024", "Android", "iOS", "от", "лет", "жас", "for"),
    *("·", "|", "—", ",", ";", ":", "(", ")", "«", "»", "\x1f", "\xa0", "\n", "И", "ё", "Ə", "ҚАЗАҚ", "İ", "ſ"),
    *("PG-13", "FSK 16", "R", "TV-MA", "Rated", "US:", "DE-", "18 years", "ab 12", "adult", "mature", "everyone"),
    *("12/16", "Title", "years"),
)


@cache
def sentences() -> list[str]:
    """Texts with signs, titles, guards, separators and the odd letters of three scripts."""
    chance = random.Random(_SEED)
    joints = ("", " ", " ", " ", ", ", " · ")
    found = []
    for _ in range(MOST):
        words = [chance.choice(_PIECES) for _ in range(chance.randint(1, 7))]
        found.append("".join(word + chance.choice(joints) for word in words))
    return found


def read(sentence: str) -> dict[str, Any]:
    """What Python reads in a sentence: its signs, its mark, and whether it is a title, a guard, an imprint."""
    label_data = data()
    mark = label_data.scales.find(sentence)
    return {
        "signs": [_sign(sign, sentence) for sign in label_data.signs.read(sentence)],
        "mark": None if mark is None else [mark.scale, mark.mark, mark.min_age],
        "title": label_data.signs.language_of_title(sentence),
        "guard": label_data.signs.is_guarded(sentence),
        "imprint": label_data.signs.is_imprint(sentence),
        "everyone": label_data.scales.means_everyone(sentence),
    }


def _sign(sign: Sign, line: str) -> list[Any]:
    flags = [sign.warning, sign.rhombus, sign.led, sign.in_years]
    return [sign.mark, sign.min_age, line[sign.start : sign.end], int(sign.fit), sign.language, *flags]
