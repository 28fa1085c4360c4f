"""Pieces of a text by their number and their place."""

import pytest

from gateway.labels.pieces import JOINT, Pieces

TEXTS = [
    ["a"],
    ["a", "bc", "def"],
    [f"{number} piece" for number in range(100)],
    ["x" * 300, *"abcdefgh", "y" * 300],
]


@pytest.mark.parametrize("pieces", TEXTS, ids=len)
@pytest.mark.parametrize("asked_before", [0, 40])
def test_each_place_is_in_its_piece(pieces: list[str], asked_before: int) -> None:
    text = JOINT.join(pieces)
    place = 0
    for number, piece in enumerate(pieces):
        for at in (place, place + len(piece) - 1, place + len(piece)):
            asked = Pieces(text)
            for _ in range(asked_before):
                asked.number_at(at)
            assert asked.count == len(pieces)
            if at < len(text):
                assert asked.number_at(at) == number
            assert asked.start_of(number) == place
        place += len(piece) + 1


def test_an_empty_text_has_no_pieces() -> None:
    assert Pieces("").count == 0
