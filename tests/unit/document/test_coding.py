"""gateway.document.coding: bounds that hold whatever the body is."""

import gzip
import os
import tracemalloc
import zlib

import brotli
import pytest
import zstandard

from gateway.document.coding import FREE_BODY, LARGEST_BODY, CodingFault, remove_codings
from gateway.document.document import Headers, UnreadableReason

PACK = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstandard.ZstdCompressor().compress,
}
RANDOM = os.urandom(1_000)
PACKED_BOMBS = {coding: pack(bytes(64_000_000)) for coding, pack in PACK.items()}


def headers(coding: str) -> Headers:
    return Headers([("Content-Encoding", coding)])


@pytest.mark.parametrize("coding", PACK)
def test_a_bomb_is_stopped_before_it_takes_memory(coding: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CodingFault) as caught:
            remove_codings(headers(coding), PACKED_BOMBS[coding])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.reason in {UnreadableReason.BOMB, UnreadableReason.TOO_LARGE}
    # The limit and one piece; an unbounded decoder would have taken 64 MB.
    assert peak < LARGEST_BODY + FREE_BODY


@pytest.mark.parametrize("coding", PACK)
def test_past_the_cap_a_body_is_too_large_whatever_its_ratio(coding: str) -> None:
    incompressible = os.urandom(200_000)
    at_the_cap = incompressible + bytes(LARGEST_BODY - len(incompressible))
    assert remove_codings(headers(coding), PACK[coding](at_the_cap)) == at_the_cap
    with pytest.raises(CodingFault) as caught:
        remove_codings(headers(coding), PACK[coding](at_the_cap + b"a"))
    assert caught.value.reason is UnreadableReason.TOO_LARGE


def test_a_second_layer_is_no_second_allowance() -> None:
    twice = gzip.compress(gzip.compress(bytes(50_000_000)))
    with pytest.raises(CodingFault) as caught:
        remove_codings(headers("gzip, gzip"), twice)
    assert caught.value.reason is UnreadableReason.BOMB


@pytest.mark.timeout(20)
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_many_members_take_no_quadratic_time(coding: str) -> None:
    with pytest.raises(CodingFault, match="more than 128 members"):
        remove_codings(headers(coding), PACK[coding](b"") * 300_000)


def test_a_gzip_file_of_128_members_is_read() -> None:
    assert remove_codings(headers("gzip"), gzip.compress(RANDOM) * 128) == RANDOM * 128


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_prefix_gives_what_it_holds(coding: str) -> None:
    body = b"".join(b"<p>line %d of a page that goes on</p>\n" % n for n in range(3_000))
    packed = PACK[coding](body)
    part = remove_codings(headers(coding), packed[: len(packed) // 2], complete=False)
    assert len(part) > len(body) // 4
    assert body.startswith(part)


def test_a_zstd_window_larger_than_browsers_grant_is_refused() -> None:
    wide = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=27))
    stream = wide.compressobj()
    packed = stream.compress(b"<p>18+") + stream.flush()
    with pytest.raises(CodingFault) as caught:
        remove_codings(headers("zstd"), packed)
    assert caught.value.reason is UnreadableReason.DAMAGED


def test_a_zstd_frame_that_is_to_be_skipped_is_skipped() -> None:
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"note"  # RFC 8878, section 3.1.2
    assert remove_codings(headers("zstd"), skippable + PACK["zstd"](b"<p>")) == b"<p>"


def test_a_wrapped_stream_that_breaks_late_is_not_taken_for_a_bare_one() -> None:
    packed = bytearray(zlib.compress(b"<p>18+</p>" * 100))
    packed[-1] ^= 1  # the checksum
    with pytest.raises(CodingFault, match="not deflate"):
        remove_codings(headers("deflate"), bytes(packed))


def test_a_long_name_of_a_coding_is_cut_in_the_message() -> None:
    with pytest.raises(CodingFault) as caught:
        remove_codings(headers("x" * 10_000), b"a")
    assert len(caught.value.detail) < 120
