"""How a host stands in compiled lists: turned round, with a dot at its end, so that a prefix is a name above.

`b.a.kz` is `zk.a.b.`, which begins with `zk.a.`. What follows the dot says what an entry covers: nothing, for the name
and all below it; one of three characters that no host holds (WHATWG URL, "forbidden host code point"); or a path.
"""

from collections.abc import Callable, Iterator
from typing import Final

type Keys = Callable[[], Iterator[tuple[str, int]]]  # keys in order with the numbers of their sets, at every call

# Above the tab and below all that may stand in a host, so that lines and keys have one order.
ONLY, BELOW, HAS_PATHS = "\x0e", "\x0f", "\x10"
MARKS: Final = frozenset((ONLY, BELOW, HAS_PATHS))
EXCEPTION: Final = "!"  # said of a key by which a list takes back what it says


def key_of(host: str) -> str:
    """The key under which a host stands with all below it."""
    return host[::-1] + "."


def host_in(key: str) -> str:
    """The host of a key, whatever it covers."""
    return key.partition("/")[0].rstrip(ONLY + BELOW + HAS_PATHS).removesuffix(".")[::-1]
