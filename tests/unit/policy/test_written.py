"""Values as people write them, where a case in YAML would be unreadable."""

import pytest

from gateway.policy.faults import Fault
from gateway.policy.written import device_of, network_of, path_of


def test_a_path_longer_than_any_address_is_refused() -> None:
    with pytest.raises(Fault, match="longer than"):
        path_of("/" + "x" * 65_536)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.168.1.20", "192.168.1.20/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("fd00::1", "fd00::1/128"),
        ("FD00::/64", "fd00::/64"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
        ("::/0", "::/0"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_a_network_is_written_in_one_form(text: str, network: str) -> None:
    assert network_of(text) == network


def test_a_device_is_written_in_one_form() -> None:
    assert device_of("3C-22-FB-01-02-03") == "3c:22:fb:01:02:03"
