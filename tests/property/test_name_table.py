"""A table of names answers as a dictionary does that is asked for each suffix, whatever the names, sets and seed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.hosts.key import ONLY, key_of
from gateway.hosts.suffix import suffixes
from gateway.hosts.table import NameTable, written

type Said = tuple[int | None, int | None]  # of all below a name, of the name itself

# Few labels, so that names often stand above one another; some that only look like a part of others.
labels = st.sampled_from(["a", "b", "aa", "ab", "a-b", "-a", "x_y", "xn--e1afmkfd", "kz", "com", "n" * 63])
names = st.lists(labels, min_size=1, max_size=5).map(".".join)
hosts = names | st.sampled_from(["192.0.2.7", "2.7.0.0", "2001:db8::7", "::1"])
sets = st.integers(0, 5)
said = st.tuples(sets, st.none()) | st.tuples(st.none(), sets) | st.tuples(sets, sets)


def table(known: dict[str, Said], seed: int) -> NameTable:
    keys = [(key_of(host), below) for host, (below, _) in known.items() if below is not None]
    keys += [(key_of(host) + ONLY, itself) for host, (_, itself) in known.items() if itself is not None]
    keys.sort()
    return NameTable.of(*written(lambda: iter(keys), seed), sets=6)


def spoken(known: dict[str, Said], host: str) -> list[tuple[str, bool, int]]:
    """All that is said of a host, the nearest and narrowest first."""
    found = []
    for name in suffixes(host):
        below, itself = known.get(name, (None, None))
        if itself is not None and name == host:
            found.append((name, True, itself))
        if below is not None:
            found.append((name, False, below))
    return found


@given(st.dictionaries(hosts, said, max_size=30), st.lists(hosts, max_size=20), st.integers(0, (1 << 64) - 1))
@settings(max_examples=200, deadline=None)
def test_a_table_answers_as_a_dictionary_over_suffixes(known: dict[str, Said], asked: list[str], seed: int) -> None:
    found = table(known, seed)
    assert len(found) == len(known)
    for host in {*asked, *known, *(f"www.{name}" for name in known if not name[-1].isdigit())}:
        wanted = spoken(known, host)
        assert list(found.speaking(host)) == wanted[::-1]
        assert found.nearest(host) == ((wanted[0][0], wanted[0][2]) if wanted else None)
