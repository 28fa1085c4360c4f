"""Letters whose case makes no difference, in the bytes of a page: upper and lower case become the same bytes."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_LETTERS: Final = (
    "abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһ"  # і: its cases would merge too much
)


def _folding() -> bytes:
    """A byte table after which upper and lower case of Latin, Russian and Kazakh letters are the same UTF-8 bytes.

    Bytes in which the two cases of a letter differ become one; other letters may fall together with that, which
    costs nothing but a needless look. Latin letters become small ones.
    """
    folded = list(range(256))
    for letter in _LETTERS:
        for one, other in zip(letter.encode(), letter.upper().encode(), strict=True):
            low, high = sorted((folded[one], folded[other]))
            folded = [high if byte == low else byte for byte in folded]
    return bytes(folded)


FOLDED: Final = _folding()
_WAYS: Final = [[byte for byte in range(256) if FOLDED[byte] == folded] for folded in range(256)]


@lru_cache(maxsize=1_024)
def fold(text: str) -> bytes:
    """`text` as it stands in folded bytes."""
    return text.encode().translate(FOLDED)


def unfolded(word: bytes) -> bytes:
    """A pattern of all bytes that become the folded `word`."""
    return b"".join(_any_of(_WAYS[byte]) for byte in word)


def in_any_case(text: str) -> bytes:
    """A pattern of the UTF-8 bytes of `text` in whatever case, and of little else."""
    return b"".join(map(_letter_in_any_case, text))


def _letter_in_any_case(letter: str) -> bytes:
    ways = [way.encode() for way in {letter, letter.lower(), letter.upper()}]
    if len({len(way) for way in ways}) > 1:
        return b"(?:" + b"|".join(b"".join(_any_of([byte]) for byte in way) for way in ways) + b")"
    # Byte by byte: hyperscan looks for that faster, and what else it fits costs nothing but a needless look.
    return b"".join(map(_any_of, zip(*ways, strict=True)))


def _any_of(bytes_: Iterable[int]) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % byte for byte in sorted(set(bytes_))) + b"]"
