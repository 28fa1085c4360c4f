"""Laws of gateway.document that hold for every input."""

import gzip
import zlib
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

import brotli
import pytest
import webencodings
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.document.address import is_public_address
from gateway.document.coding import CodingFault, remove_codings
from gateway.document.document import Document, Headers, Unreadable, UnreadableReason
from gateway.document.read import read_document
from gateway.document.url import canonical, canonical_host

bounded = settings(max_examples=100, deadline=None, derandomize=True, database=None)
PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
codings = st.lists(st.sampled_from(sorted(PACK)), min_size=1, max_size=2)
pages = st.binary(max_size=2_000) | st.text(max_size=2_000).map(str.encode)
labels = st.from_regex(r"[a-z]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
hosts = st.lists(labels, min_size=2, max_size=4).map(".".join).filter(lambda host: "xn--" not in host)


def given_or_refused[T](make: Callable[[str], T], text: str) -> T | None:
    """What `make` makes of the text; None when it refuses it with a sentence. Anything else it raises is a fault."""
    try:
        return make(text)
    except ValueError as refused:
        sentence = str(refused)
    assert " " in sentence
    assert len(sentence) > 20
    return None


def pack(body: bytes, names: list[str]) -> bytes:
    for name in names:
        body = PACK[name](body)
    return body


@st.composite
def spellings(draw: st.DrawFn, host: str) -> str:
    """Another way to write the same host in an address."""
    letters = [
        draw(
            st.sampled_from(
                [letter, letter.upper(), f"%{ord(letter):02x}", f"%{ord(letter):02X}", chr(ord(letter) + 0xFEE0)]
                if letter.isalnum()
                else [letter, "\u3002", "\uff0e", "\uff61", "%2e"]
                if letter == "."
                else [letter]
            )
        )
        + draw(st.sampled_from(["", "", "\u00ad", "\u200b"]))
        for letter in host
    ]
    return "".join(letters) + draw(st.sampled_from(["", ".", "\u3002"]))


@bounded
@given(data=st.data(), host=hosts, scheme=st.sampled_from(["http", "https", "HTTP", "Https", "wss"]))
def test_any_spelling_of_a_host_is_the_same_host(data: st.DataObject, host: str, scheme: str) -> None:
    spelling = data.draw(spellings(host))
    port = {"http": ":80"}.get(scheme.lower(), ":443")
    written = f"{scheme}://{spelling}{data.draw(st.sampled_from(['', port, ':']))}/"
    assert canonical(written) == canonical(f"{scheme}://{host}/")
    assert canonical_host(spelling) == canonical(written).host == host


@bounded
@given(st.ip_addresses(v=4), st.data())
def test_any_spelling_of_an_ipv4_address_is_the_same_host(address: IPv4Address, data: st.DataObject) -> None:
    value = int(address)
    a, b, c, d = address.packed
    whole = [str(address), f"{address}.", str(value), hex(value), f"0{value:o}"]
    parts = [f"{a}.{value & 0xFFFFFF}", f"{a}.{b}.{c << 8 | d}", f"0{a:o}.0x{b:X}.{c}.{d}"]
    spelling = data.draw(
        st.sampled_from([*whole, *parts, f"[::ffff:{address}]", f"[::ffff:{value >> 16:x}:{value & 0xFFFF:X}]"])
    )
    assert canonical(f"http://{spelling}/").host == canonical_host(spelling) == str(address)


@bounded
@given(st.ip_addresses(v=6).filter(lambda address: address.ipv4_mapped is None), st.data())
def test_any_spelling_of_an_ipv6_address_is_the_same_host(address: IPv6Address, data: st.DataObject) -> None:
    spelling = data.draw(st.sampled_from([str(address), address.exploded, address.exploded.upper()]))
    host = canonical(f"http://[{spelling}]/").host
    assert host == canonical_host(spelling) == canonical_host(str(address))
    assert IPv6Address(host) == address


@bounded
@given(st.text(max_size=60) | st.text("htps:/\\@.%aA1[]?#:;=& \t", max_size=40).map("http://e".__add__))
def test_canonical_is_its_own_canonical_form(text: str) -> None:
    url = given_or_refused(canonical, text)
    if url is None:
        return
    assert canonical(url.href) == url
    assert canonical_host(url.host) == url.host
    assert url.host.endswith(url.site)


@bounded
@given(st.text(max_size=60))
def test_any_text_as_a_host_is_refused_with_a_sentence_or_its_own_canonical_form(text: str) -> None:
    host = given_or_refused(canonical_host, text)
    if host is None:
        return
    assert canonical_host(host) == host == canonical(f"https://{f'[{host}]' if ':' in host else host}/").host


@bounded
@given(st.ip_addresses())
def test_no_address_is_public_that_the_standard_library_knows_as_special(address: IPv4Address | IPv6Address) -> None:
    # The library judges a Teredo address by its block; here the addresses inside it count.
    teredo = isinstance(address, IPv6Address) and address.teredo
    if not teredo and (not address.is_global or address.is_multicast):
        assert not is_public_address(str(address))


@bounded
@given(pages, codings)
def test_what_was_packed_is_read_back(body: bytes, names: list[str]) -> None:
    headers = Headers([("Content-Encoding", ", ".join(names)), ("Content-Type", "image/x")])
    assert remove_codings(headers, pack(body, names)) == body


@bounded
@given(pages, codings, st.data())
def test_a_prefix_gives_a_prefix(body: bytes, names: list[str], data: st.DataObject) -> None:
    headers = Headers([("Content-Encoding", ", ".join(names))])
    packed = pack(body, names)
    cut = data.draw(st.integers(0, len(packed)))
    assert body.startswith(remove_codings(headers, packed[:cut], complete=False))


@bounded
@given(pages.filter(len), codings, st.data())
def test_a_cut_body_is_never_taken_for_a_whole_one(body: bytes, names: list[str], data: st.DataObject) -> None:
    packed = pack(body, names)
    cut = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(CodingFault) as caught:
        remove_codings(Headers([("Content-Encoding", ", ".join(names))]), packed[:cut])
    assert caught.value.reason is UnreadableReason.DAMAGED


@bounded
@given(
    body=pages | st.tuples(st.sampled_from([b"<meta charset=", b"<?xml encoding='", b"\xfe\xff"]), pages).map(b"".join),
    content_type=st.text(max_size=40) | st.sampled_from(sorted(webencodings.LABELS)).map("text/html;charset={}".format),
    coding=st.sampled_from(["", "gzip", "deflate", "br", "zstd", "rot13", "gzip,br"]),
    complete=st.booleans(),
    url=st.just("https://example.kz/") | st.text(max_size=20),
)
def test_garbage_is_a_document_or_unreadable(
    body: bytes, content_type: str, coding: str, complete: bool, url: str
) -> None:
    headers = Headers([("Content-Type", content_type), ("Content-Encoding", coding)])
    read = read_document(url=url, status=200, headers=headers, body=body, complete=complete)
    assert isinstance(read, Document | Unreadable)
    assert not (isinstance(read, Unreadable) and read.reason == "fault"), read


@bounded
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]), codings)
def test_the_text_is_the_same_however_it_travels(text: str, encoding: str, names: list[str]) -> None:
    mark = "\ufeff".encode(encoding)
    headers = Headers([("Content-Type", "text/html; charset=koi8-r"), ("Content-Encoding", ", ".join(names))])
    body = pack(mark + text.encode(encoding), names)
    read = read_document(url="https://example.com/", status=200, headers=headers, body=body)
    assert isinstance(read, Document)
    assert read.text == text


@bounded
@given(st.text(max_size=200), st.sampled_from([None, "utf-8", "shift_jis", "gb18030", "windows-1251"]), st.data())
def test_the_text_of_a_prefix_is_a_prefix_of_the_text(text: str, charset: str | None, data: st.DataObject) -> None:
    body = text.encode("cp932" if charset == "shift_jis" else charset or "utf-8", "ignore")
    headers = Headers([("Content-Type", f"text/html; charset={charset}" if charset else "text/html")])
    cut = data.draw(st.integers(0, len(body)))
    whole = read_document(url="https://example.com/", status=200, headers=headers, body=body)
    part = read_document(url="https://example.com/", status=200, headers=headers, body=body[:cut], complete=False)
    assert isinstance(whole, Document)
    assert isinstance(part, Document)
    assert (whole.text or "").startswith(part.text or "")
