"""gateway.document.address: the edges of the blocks, and the standard library's opinion."""

from ipaddress import ip_address, ip_network

import pytest

from gateway.document.address import is_public_address

CLOSED = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "2001:db8::/32", "3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip


@pytest.mark.parametrize("net", CLOSED)
def test_a_block_is_closed_from_its_first_to_its_last_address(net: str) -> None:
    block = ip_network(net)
    assert not is_public_address(str(block[0]))
    assert not is_public_address(str(block[-1]))


@pytest.mark.parametrize(
    "text", ["9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.0", "223.255.255.255", "2001:200::", "2003::"]
)
def test_the_neighbours_of_closed_blocks_are_open(text: str) -> None:
    assert is_public_address(text)


def test_every_form_that_carries_an_address_agrees_with_the_address_itself() -> None:
    for text in ("8.8.8.8", "127.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.169.254", "93.184.216.34"):
        value = int(ip_address(text))
        carriers = [
            ip_address(0xFFFF << 32 | value),
            ip_address(0x64FF9B << 96 | value),
            ip_address(0x2002 << 112 | value << 80),
            ip_address(0x20010000 << 96 | int(ip_address("8.8.8.8")) << 64 | value ^ 0xFFFFFFFF),
        ]
        assert {is_public_address(str(carrier)) for carrier in carriers} == {is_public_address(text)}
