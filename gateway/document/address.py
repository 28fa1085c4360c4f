"""Which network addresses belong to the public internet: the only ones that a page may be fetched from."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# IANA IPv4 Special-Purpose Address Registry, with RFC 5771 for multicast. An address in none of these is public.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # "this network"; connecting to 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # shared by a carrier's customers, RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, RFC 3927; cloud metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # 6to4 relays, withdrawn by RFC 7526
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)

# RFC 4291, section 2.4, and the IANA list of IPv6 address space: only 2000::/3 is global unicast. Loopback, ::/8,
# unique-local fc00::/7, link-local fe80::/10, site-local fec0::/10 and multicast ff00::/8 all lie outside it.
_GLOBAL_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, RFC 2928: benchmarks, ORCHID, anycast helpers; no site lives there
        "2001:db8::/32",  # documentation, RFC 3849
        "3fff::/20",  # documentation, RFC 9637
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 destination


@lru_cache(maxsize=8_192)
def is_public_address(text: str) -> bool:
    """Whether `text`, an IPv4 or IPv6 address as a resolver gives it, belongs to the public internet.

    An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4, Teredo) is judged by that one. Anything that is
    not an address is not public: False, never an error.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    if address.scope_id is not None:
        return False  # RFC 4007: a zone names a link of this machine
    carried = _carried_v4(address)
    if carried:
        return all(_is_public_v4(v4) for v4 in carried)
    return address in _GLOBAL_V6 and not any(address in net for net in _NOT_PUBLIC_V6)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in net for net in _NOT_PUBLIC_V4)


def _carried_v4(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Every IPv4 address that packets to `address` end up at; empty when it carries none."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:  # RFC 3056: 2002:a.b.c.d::/48
        return (address.sixtofour,)
    if address.teredo:  # RFC 4380: the server's and the client's address
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()
