"""The short way to a ClientHello's name: it finds what mitmproxy's parser finds, or nothing."""

import ssl
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.proxy.layers.tls import parse_client_hello

from gateway.edge.mitm.client_hello import plain_name


def hello(name: str | None) -> bytes:
    """The first flight of OpenSSL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.set_alpn_protocols(["h2", "http/1.1"])
    sent = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name).do_handshake()
    return sent.read()


def extension(kind: int, body: bytes) -> bytes:
    return struct.pack("!HH", kind, len(body)) + body


def names(*entries: tuple[int, bytes]) -> bytes:
    listed = b"".join(struct.pack("!BH", kind, len(name)) + name for kind, name in entries)
    return extension(0, struct.pack("!H", len(listed)) + listed)


def made(*extensions: bytes, version: int = 0x0301, kind: int = 22, message: int = 1, cut: int = 0) -> bytes:
    """A ClientHello by hand, in one record (RFC 8446, sections 4.1.2 and 5.1); `cut` splits it over two."""
    laid = b"".join(extensions)
    body = b"\x03\x03" + bytes(32) + b"\x00" + b"\x00\x02\x13\x01" + b"\x01\x00" + struct.pack("!H", len(laid)) + laid
    whole = bytes([message]) + len(body).to_bytes(3) + body
    parts = [whole[:cut], whole[cut:]] if cut else [whole]
    return b"".join(struct.pack("!BHH", kind, version, len(part)) + part for part in parts)


ONE = names((0, b"kids.test"))
ALPN = extension(16, b"\x00\x03\x02h2")
ODD = {
    "no extension": made(),
    "another extension": made(ALPN),
    "the extension twice": made(ONE, names((0, b"adult.test"))),
    "two names": made(names((0, b"kids.test"), (0, b"adult.test"))),
    "a name of another kind": made(names((1, b"kids.test"))),
    "a name longer than its list": made(extension(0, b"\x00\x0c\x00\x00\xffkids.test")),
    "a list longer than the extension": made(extension(0, b"\x00\xff\x00\x00\x09kids.test")),
    "bytes behind the list": made(extension(0, b"\x00\x0c\x00\x00\x09kids.testx")),
    "an extension longer than the message": made(ALPN, struct.pack("!HH", 0, 500) + b"kids.test"),
    "a name that is not ASCII": made(names((0, "дети.test".encode()))),
    "an empty list": made(extension(0, b"")),
    "another message": made(ONE, message=2),
    "another record": made(ONE, kind=23),
    "another protocol": made(ONE, version=0x0201),
    "two records": made(ONE, cut=20),
    "nothing": b"",
    "a record without its body": made(ONE)[:5],
    "half a record": made(ONE)[:-1],
}


@pytest.mark.parametrize("name", ["kids.test", "a.b.c.kids.test", "xn--80aaxitdbjk.test", "A" * 60 + ".test"])
def test_a_plain_one_is_read(name: str) -> None:
    assert plain_name(hello(name)) == name
    assert plain_name(hello(name) + b"early data") == name


def test_without_a_name_there_is_none() -> None:
    assert plain_name(hello(None)) is None


@pytest.mark.parametrize("place", [0, 1])
def test_the_name_may_stand_anywhere(place: int) -> None:
    laid = [ALPN, extension(43, b"\x02\x03\x04")]
    laid.insert(place, ONE)
    assert plain_name(made(*laid)) == "kids.test"


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_an_odd_one_goes_the_long_way(data: bytes) -> None:
    assert plain_name(data) is None


def test_every_beginning_of_a_record_waits() -> None:
    whole = hello("kids.test")
    assert {plain_name(whole[:end]) for end in range(len(whole))} == {None}


@given(data=st.data())
def test_whatever_is_changed_it_never_names_another_host_than_mitmproxy(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from([made(ALPN, ONE), hello("kids.test"), *ODD.values()])))
    for _ in range(data.draw(st.integers(0, 4)) if changed else 0):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    name = plain_name(bytes(changed))
    if name is None:
        return
    try:
        theirs = parse_client_hello(bytes(changed))
    except ValueError:
        return  # it stumbles over what stands beside the name, which is the origin's to judge
    assert theirs is not None
    # What is no host at all, mitmproxy does not tell, and nobody's tunnel leads there.
    assert theirs.sni in (name, None)
