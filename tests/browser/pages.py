"""Pages at random out of what labels stand in, which both languages must read alike; the same in every run.

No select and no svg: parsers of today do not build the same tree of what stands wrongly in them.
"""

import random
from functools import cache
from typing import Any, Final

from gateway.hosts.record import HostRecord
from gateway.labels.jsonl import as_json, read_line
from tests.runners.labels import data

MOST: Final = 300
_SEED: Final = 169
_URLS: Final = ("https://site.test/page", "https://site.test/", "https://dala.test.kz/a", "https://kino.test.ru/film/7")
_KINDS: Final = (None, None, None, "online-publication")
_MARKS: Final = (
    *("18+", "16+", "12+", "6-", "0+", "6+", "+18", "🔞", "(16+)", "◊12+◊", "18 +", "2018+", "$18+", "1.18+", "PG-13"),
    *("Возрастное ограничение: 16+", "Жас шектеуі: 18+", "для детей старше 12 лет", "Сетевое издание «А» · 18+"),
    *(
        "Android 6+",
        "Возрастное ограничение",
        "от 16 лет",
        "Film 18+",
        "© 2024 News · 16+ · Almaty",
        "no mark",
        "24 лет",
    ),
)
_INLINE: Final = ("b", "span", "span class=age", "sup", "a href=/film/7", "a href=/x class=age", "em", "small", "td")
_BLOCKS: Final = (
    *(
        "p",
        "div",
        "div class=card",
        "div class=card",
        "li",
        "li",
        "article",
        "section",
        "footer",
        "header",
        "main",
        "ul",
    ),
    *("div class=site-footer", "div class='age-limit'", "div class=comments", "div hidden", "aside", "nav", "h1", "h2"),
    *("h3", "table", "tr", "td", "th", "dl", "dt", "dd", "form", "blockquote", "div style='display:none'", "body"),
    *("div class=romb", "div id=footer", "button", "label", "pre", "template", "noscript"),
    *("div itemscope itemtype=https://schema.org/Movie", "div vocab=https://schema.org/ typeof=Movie", "figure"),
)
_WHOLE: Final = (
    *("<img src=/i/18plus.png alt='18+'>", "<img src=/a.jpg alt=Film>", "<br>", "<hr>", "<a href=/film/8>Film</a>"),
    *(
        "<meta name=rating content=adult>",
        "<meta itemprop=contentRating content='16+'>",
        "<h2><a href=/x>Film</a></h2>",
    ),
    *("<meta property=contentRating content=12+>", "<meta name=rating content='RTA-5042-1996-1400-1577-RTA'>"),
    *(
        "<span itemprop=contentRating>18+</span>",
        "<span title='16+'>x</span>",
        "<i class=icon-18plus></i>",
        "<!-- 18+ -->",
    ),
    *("<a href=http://www.rtalabel.org/><img src=/rta.gif></a>", "<p>18 U.S.C. 2257 Record-Keeping Requirements</p>"),
    '<script type=application/ld+json>{"@type":"Movie","url":"/film/7","contentRating":"FSK 16"}</script>',
    '<script type=application/ld+json>[{"@type":"Movie","url":"/x","typicalAgeRange":"7-9"}]</script>',
)


@cache
def pages() -> list[dict[str, Any]]:
    """Responses with labels in all kinds of places, well formed and not."""
    chance = random.Random(_SEED)
    return [_page(chance) for _ in range(MOST)]


def _page(chance: random.Random) -> dict[str, Any]:
    language = chance.choice(("", " lang=ru", " lang=kk", " lang=en"))
    body = "".join(_fragment(chance, 4) for _ in range(chance.randint(2, 9)))
    return {
        "url": chance.choice(_URLS),
        "kind": chance.choice(_KINDS),
        "headers": {"Content-Type": "text/html; charset=utf-8"},
        "body": f"<!doctype html><html{language}><body>{body}",
    }


def _fragment(chance: random.Random, depth: int) -> str:
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return chance.choice(_MARKS) + chance.choice(("", " ", "\n", ", "))
    if kind < 0.45:
        return chance.choice(_WHOLE)
    tag = chance.choice(_INLINE if kind < 0.6 else _BLOCKS)
    inside = "".join(_fragment(chance, depth - 1) for _ in range(chance.randint(1, 4)))
    again = chance.choice((1, 1, 1, 2, 3))
    end = f"</{tag.split()[0]}>" if chance.random() < 0.95 else ""
    return f"<{tag}>{inside}{end}" * again


def read(page: dict[str, Any]) -> dict[str, Any]:
    """What Python reads in a page."""
    response = {key: value for key, value in page.items() if key != "kind"}
    host = HostRecord(host="site.test", kind=page["kind"]) if page["kind"] else None
    return as_json(read_line(response, data(), host=host))


KEYS: Final = ("scale", "mark", "min_age", "scope", "trust", "carrier", "place")


def comparable(reading: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    """What must be the same of the readings of a page: all but the notes, which are for people."""
    # Lines and evidence are cut after so many characters here, and there after so many units of UTF-16.
    raw = 100 if max(page["body"]) <= "\uffff" else 0
    labels = [(*(label[key] for key in KEYS), label["raw"][:raw]) for label in reading["labels"]]
    return {
        **{key: reading[key] for key in ("status", "min_age", "category")},
        "labels": sorted(labels),
        "flags": sorted(reading["flags"]),
    }
