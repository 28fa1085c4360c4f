"""How clues are compared."""

import pytest

from gateway.profiles.clue import ClueIndex, Clues, address_of, device_key, login_key


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.20", "192.168.1.20"),
        ("::ffff:192.168.1.20", "192.168.1.20"),
        ("::FFFF:C0A8:0114", "192.168.1.20"),
        ("fe80::1%wlan0", "fe80::1"),
        ("::1", "::1"),
        ("", None),
        ("192.168.1.20:8080", None),
        ("[::1]", None),
        ("192.168.1", None),
    ],
)
def test_an_address_is_compared_in_one_form(text: str, address: str | None) -> None:
    found = address_of(text)
    assert (str(found) if found else None) == address


def test_names_and_devices_are_compared_in_one_form() -> None:
    assert login_key(" Айгерім ") == "айгерім"
    assert device_key("3C-22-FB-01-02-03") == "3c:22:fb:01:02:03"


def test_an_index_that_is_empty_knows_nobody() -> None:
    clues = Clues(listener="kids", address="10.0.0.1", login="a", token="t", device="d")
    assert ClueIndex().person_for(clues) is None
