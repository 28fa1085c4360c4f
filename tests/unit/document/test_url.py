"""gateway.document.url: what the cases in tests/cases/document do not say."""

from dataclasses import FrozenInstanceError

import pytest

from gateway.document.url import LONGEST_HOST_SPELLING, LONGEST_URL, canonical, canonical_host, site_of


def test_a_url_cannot_be_changed() -> None:
    url = canonical("https://example.com/")
    with pytest.raises(FrozenInstanceError):
        url.host = "adult.example"  # type: ignore[misc]


def test_two_spellings_are_one_key() -> None:
    assert len({canonical("HTTP://Example.com.:80"), canonical("http://example.com/#top")}) == 1


def test_an_address_longer_than_a_request_head_is_refused() -> None:
    start = "https://example.com/"
    assert canonical(start + "a" * (LONGEST_URL - len(start))).host == "example.com"
    with pytest.raises(ValueError, match="longer than 65536"):
        canonical(start + "a" * (LONGEST_URL - len(start) + 1))
    with pytest.raises(ValueError, match="longer than 65536"):  # each letter becomes six characters
        canonical(start + "ж" * (LONGEST_URL // 2))


def test_a_host_in_a_longer_spelling_than_any_name_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 1024"):
        canonical_host("a." * LONGEST_HOST_SPELLING)


def test_a_name_of_253_characters_is_the_longest() -> None:
    longest = "a." * 126 + "a"
    assert canonical_host(longest) == longest
    with pytest.raises(ValueError, match="253 in all"):
        canonical_host(longest + "a")


def test_a_lone_surrogate_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="not an address that a browser would open"):
        canonical("https://example.com/\ud800")
    with pytest.raises(ValueError, match="not a host"):
        canonical_host("\ud800.example")


def test_a_message_quotes_the_beginning_of_a_long_address() -> None:
    with pytest.raises(ValueError, match="user name") as caught:
        canonical("https://" + "a" * 5_000 + "@example.com/")
    assert len(str(caught.value)) < 250


@pytest.mark.timeout(10)
@pytest.mark.parametrize("hostile", [" " * 65_000, ":" * 65_000, "/" * 65_000, "a:" + "\\" * 65_000, "%" * 65_000])
def test_hostile_shapes_take_linear_time(hostile: str) -> None:
    with pytest.raises(ValueError, match="is"):
        canonical(hostile)


def test_the_site_of_a_name_under_an_unknown_top_level_domain() -> None:
    assert site_of("a.b.unheard-of") == "b.unheard-of"
