"""The tags that the cost of a page hangs on: the same as found by looking at each tag by itself."""

import random
import re

import pytest

from gateway.document.telling_tags import telling_tags
from tests.unit.document.test_parse_cost import COSTLY, ORDINARY

PILING = "b i s u em tt big code font nobr small strike strong html body"
DROPPED = "html head body form frame frameset"
PARTS = "caption col colgroup tbody td tfoot th thead tr"
NAMES = (
    f"{PILING} {DROPPED} {PARTS} a p div h1 h2 header select option section template span img bdi button foot".split()
)
ATTRIBUTES = ("", " ", " a", "/", "/ ", " a=b", '\ta="c"', "\n", "\fx", "\r/y")


def named(names: str) -> str:
    return "|".join(names.split())


def test_each_kind_of_tag_is_told() -> None:
    found = telling_tags(b"<B class=x>1</b ><td id=a></td\ta><TR><form\ta><Select><html lang=ru><colgroup/x></p/><th >")
    assert dict(found.piling) == {b"<B class=x": 1, b"<html lang=ru": 1}
    assert (found.dropped, found.parts, found.select) == (3, 2, True)


def test_a_page_of_other_tags_has_none() -> None:
    found = telling_tags(b"<div class=a><h2><a href=/x>x</a></h2><p>y</p></div><header><section a><bdi><footer b><t>")
    assert (found.piling.total(), found.dropped, found.parts, found.select) == (0, 0, 0, False)


def soups() -> dict[str, str]:
    made = random.Random(1)
    tags = [f"<{slash}{name}{more}>" for name in NAMES for slash in ("", "/") for more in ATTRIBUTES]
    tags += [tag.upper() for tag in tags]
    return {str(number): "".join(made.choices([*tags, "<", ">", "</", " ", "x", "'"], k=400)) for number in range(40)}


@pytest.mark.parametrize("count", [1, 31, 32, 33, 200])
def test_many_tags_are_told_as_few_are(count: int) -> None:
    """Few are found by their beginnings, many by a pattern."""
    tags = "<b <i>x</b><em id={n}><td x></p a><frameset/x><captions a><bod><html lang={n}><form >"
    found = telling_tags("".join(tags.format(n=n) for n in range(count)).encode())
    assert found.piling == {
        b"<b <i": count,
        **{tag.format(n=n).encode(): 1 for tag in ("<em id={n}", "<html lang={n}") for n in range(count)},
    }
    assert (found.parts, found.select) == (count, False)
    assert found.dropped >= 3 * count


@pytest.mark.parametrize("page", soups().values(), ids=soups())
def test_what_is_found_by_beginnings_is_what_the_pattern_finds(page: str) -> None:
    """Behind many tags, those of a small piece are found in the other way."""
    many = "<b>" * 40
    for start in range(0, len(page), 150):
        few, told = (telling_tags((before + page[start : start + 150]).encode()) for before in ("", many))
        assert told.piling - few.piling == {b"<b": 40}
        assert few.piling - told.piling == {}
        assert (told.parts, told.select, told.dropped) == (few.parts, few.select, few.dropped)


PAGES = {name: page[: page.rfind(">", 0, 20_000) + 1] for name, page in {**ORDINARY, **COSTLY, **soups()}.items()}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_it_is_never_told_too_low(page: str) -> None:
    found = telling_tags(page.encode())
    tags = [tag.lower() for tag in re.findall(r"<[^<>]*", page, re.ASCII)]
    attribute = r"[\t\n\f\r /]+[^\t\n\f\r />]"
    piling = [tag for tag in tags if re.match(rf"<(?:{named(PILING)})(?:[\t\n\f\r />]|\Z)", tag)]
    assert found.piling.total() >= len(piling)
    assert found.parts >= sum(re.match(rf"<(?:{named(PARTS)}){attribute}", tag) is not None for tag in tags)
    assert found.dropped >= sum(
        re.match(rf"<(?:{named(DROPPED)}|/[a-z0-9]+){attribute}", tag) is not None for tag in tags
    )
    assert found.select or "<select" not in page.lower()
