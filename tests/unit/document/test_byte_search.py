"""Patterns looked for at once: all of them found, many of them told, and no thread in another's way."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.document.byte_search import ByteSearch


def test_each_pattern_is_told_with_each_of_its_ends() -> None:
    search = ByteSearch([rb"a+b", rb"(?i)\xd0[\x90\xb0]|X", b"."])
    assert sorted(search.matches_in("abА\nx".encode(), 20) or ()) == [
        *((0, 2), (1, 4), (1, 6)),
        *((2, end) for end in range(1, 7)),
    ]


def test_once_only_the_first_end_is_told() -> None:
    found = ByteSearch([b"ab", b"b"], once=True).matches_in(b"abab" * 1_000, 2)
    assert sorted(found or ()) == [(0, 2), (1, 2)]


@pytest.mark.parametrize(("most", "count"), [(0, None), (2, None), (3, 3), (4, 3)])
def test_more_matches_than_wanted_are_none(most: int, count: int | None) -> None:
    found = ByteSearch([b"ab"]).matches_in(b"ababab", most)
    assert (found if found is None else len(found)) == count


def test_in_nothing_there_is_nothing() -> None:
    assert ByteSearch([b"ab"]).matches_in(b"", 0) == []


def test_threads_search_at_the_same_time() -> None:
    search = ByteSearch([b"ab"])
    texts = [b"ab" * count + b"x" * 100_000 for count in range(200)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: search.matches_in(text, 1_000), texts))
    assert [len(each or ()) for each in found] == list(range(200))
