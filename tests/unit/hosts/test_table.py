"""The table of names: what holds for a host, names that the hash makes alike, crowded slots, heads of other tables."""

from collections.abc import Callable
from typing import Any

import pytest
from xxhash import xxh3_64_intdigest

from gateway.hosts.key import ONLY, key_of
from gateway.hosts.table import MOST_SPELT, NameTable, Speaking, written

ALL, ALONE = "", ONLY
DIGEST = "gateway.hosts.table.xxh3_64_intdigest"


def table(*entries: tuple[str, str, int], seed: int = 7) -> NameTable:
    keys = sorted((key_of(host) + mark, number) for host, mark, number in entries)
    return NameTable.of(*written(lambda: iter(keys), seed), sets=100)


def test_the_nearest_name_holds_and_what_is_said_of_one_name_alone_holds_for_it() -> None:
    found = table(("kz", ALL, 1), ("a.kz", ALL, 2), ("a.kz", ALONE, 3), ("b.a.kz", ALONE, 4), ("free.kz", ALL, 0))
    assert found.nearest("a.kz") == ("a.kz", 3)
    assert found.nearest("b.a.kz") == ("b.a.kz", 4)
    assert found.nearest("c.b.a.kz") == ("a.kz", 2)
    assert found.nearest("x.kz") == ("kz", 1)
    assert found.nearest("www.free.kz") == ("free.kz", 0)
    assert found.nearest("kz.com") is None
    assert len(found) == 4
    assert found.spelt == ["kz", "a.kz", "b.a.kz", "free.kz"]
    assert list(found.speaking("b.a.kz")) == [
        Speaking("kz", False, 1),
        Speaking("a.kz", False, 2),
        Speaking("b.a.kz", True, 4),
    ]


def test_names_are_spelt_out_as_long_as_they_are_few() -> None:
    names = [f"n{number}.test" for number in range(MOST_SPELT + 1)]
    assert table(*((name, ALL, 1) for name in names)).spelt is None
    assert sorted(table(*((name, ALL, 1) for name in names[1:])).spelt or ()) == sorted(names[1:])


def test_names_of_one_label_are_sought_only_if_there_are_any() -> None:
    assert table(("kz", ALL, 1)).nearest("b.a.kz") == ("kz", 1)
    assert not table(("a.kz", ALL, 1)).lone
    assert table(("a.kz", ALL, 1)).nearest("b.kz") is None
    assert table().nearest("kz") is None


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7"])
def test_an_address_has_no_name_above_it(address: str) -> None:
    found = table((address, ALL, 5), ("a.kz", ALL, 6))
    assert found.nearest(address) == (address, 5)
    assert found.nearest(address.replace("7", "8")) is None
    assert [each.name for each in found.speaking(address)] == [address]


def test_the_bytes_depend_on_the_keys_and_the_seed_alone() -> None:
    keys = [(key_of(f"n{number}.test"), number) for number in range(100, 200)]
    one, again, other = (written(lambda: iter(keys), seed) for seed in (7, 7, 8))
    assert one == again
    assert one[1] != other[1]


def test_another_seed_is_taken_when_two_names_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    def digest(name: bytes, seed: int) -> int:
        return 5 if seed < 9 else int(xxh3_64_intdigest(name, seed))

    monkeypatch.setattr(DIGEST, digest)
    found = table(("a.test", ALL, 1), ("b.test", ALL, 2), seed=7)
    assert found.seed == 9
    assert found.nearest("b.test") == ("b.test", 2)


def test_a_name_that_is_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        table(("a.test", ALL, 1), ("a.test", ALL, 2))


@pytest.mark.parametrize("place", [lambda slots: slots - 1, lambda _slots: 0], ids=["at the end", "at the beginning"])
def test_names_that_want_one_slot_are_all_found(monkeypatch: pytest.MonkeyPatch, place: Callable[[int], int]) -> None:
    names = [f"n{number}.test" for number in range(50)]
    slots = 2 * len(names) | 1

    def digest(name: bytes, seed: int) -> int:
        plain = int(xxh3_64_intdigest(name, seed)) >> 1
        return plain - plain % slots + place(slots)

    monkeypatch.setattr(DIGEST, digest)
    found = table(*((name, ALL, number) for number, name in enumerate(names)))
    assert found.slots == slots
    assert [found.nearest(f"www.{name}") for name in names] == [(name, number) for number, name in enumerate(names)]
    assert found.nearest("other.test") is None
    assert list(found.speaking("other.test")) == []


@pytest.mark.parametrize(
    "change",
    [{"slots": 0}, {"slots": 9}, {"seed": -1}, {"seed": 1 << 64}, {"said": [[100, None]]}, {"said": [[None, -1]]}],
    ids=repr,
)
def test_the_head_of_another_table_is_refused(change: dict[str, Any]) -> None:
    head, body = written(lambda: iter([(key_of("a.test"), 1)]), 7)
    assert NameTable.of(head, body, 100).nearest("a.test") == ("a.test", 1)
    with pytest.raises(ValueError, match="the table of names has"):
        NameTable.of({**head, **change}, body, 100)


def test_a_body_without_an_empty_slot_at_its_end_is_refused() -> None:
    head, body = written(lambda: iter([(key_of("a.test"), 1)]), 7)
    with pytest.raises(ValueError, match="no end"):
        NameTable.of(head, memoryview(bytes(body)[:-8] + b"\1" * 8), 100)
