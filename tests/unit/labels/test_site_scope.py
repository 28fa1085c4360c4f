"""Scopes of site files."""

import pytest

from gateway.document.url import canonical
from gateway.labels.site_scope import matches, scope_of

FILE = canonical("https://www.site.test/age-de.xml")


@pytest.mark.parametrize(
    ("pattern", "url", "covered"),
    [
        ("*.site.test/*", "https://site.test/", True),
        ("*.site.test/*", "https://a.b.site.test/x", True),
        ("*site.test/*", "https://a.site.test/x", True),
        ("site.test/*", "https://www.site.test/x", False),
        ("www.site.test", "https://www.site.test/x", True),
        ("SITE.TEST/*", "https://site.test/x", True),
        ("site.test:443/*", "https://site.test/x", True),
        ("*.site.test/a/*", "https://site.test/a/b", True),
        ("*.site.test/a/*", "https://site.test/a", False),
        ("*.site.test/*.html", "https://site.test/x/y.html", True),
        ("*.site.test/x?id=*", "https://site.test/x?id=7", True),
        ("/a*", "https://www.site.test/ab", True),
        ("*", "https://deep.www.site.test/ab", True),
    ],
)
def test_what_a_pattern_covers(pattern: str, url: str, covered: bool) -> None:
    scope = scope_of(pattern, FILE)
    assert scope is not None
    assert scope.covers(canonical(url)) is covered


@pytest.mark.parametrize("pattern", ["", "   ", "*.test/*", "*.other.test/*", "evilsite.test/*", "a" * 2_000, "*" * 40])
def test_what_is_no_scope_of_the_site(pattern: str) -> None:
    assert scope_of(pattern, FILE) is None


def test_many_stars_take_linear_time() -> None:
    assert not matches("a*" * 16 + "b", "a" * 200_000)
