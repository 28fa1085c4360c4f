"""gateway.document.charset: every encoding of the WHATWG standard, and what no encoding may do."""

import pytest
import webencodings

from gateway.document.charset import UnknownCharset, decode_text

NAMES = sorted(set(webencodings.LABELS.values()))
OF_BYTES = [name for name in NAMES if name not in {"utf-16le", "utf-16be", "replacement"}]


def text_of(body: bytes, label: str | None, *, complete: bool = True) -> str:
    return decode_text(body, essence="text/html", label=label, host="example.com", complete=complete).characters


@pytest.mark.parametrize("label", sorted(webencodings.LABELS))
def test_every_label_of_the_standard_is_read(label: str) -> None:
    read = decode_text(b"", essence="text/html", label=label, host="example.com")
    assert read.charset == webencodings.LABELS[label]
    assert read.characters == ""


@pytest.mark.parametrize("name", OF_BYTES)
def test_no_lead_byte_takes_a_tag_with_it(name: str) -> None:
    for lead in range(0x80, 0x100):
        for second in (b"", b"\x80", b"\x8f", b"\xa1", b"\xff"):
            text = text_of(b"a" + bytes([lead]) + second + b"<meta name=x>", name)
            assert text.endswith("<meta name=x>"), f"{lead:#x} {second!r}"


@pytest.mark.parametrize("name", NAMES)
def test_garbage_is_text_in_every_encoding(name: str) -> None:
    assert isinstance(text_of(bytes(range(256)) * 3, name), str)
    assert isinstance(text_of(bytes(range(256)) * 3, name, complete=False), str)


@pytest.mark.parametrize("label", ["utf-7", "rot13", "base64", "hex", "idna", "punycode", "unicode_escape", "cp037"])
def test_a_codec_of_python_is_no_charset(label: str) -> None:
    assert decode_text(b"18+", essence="text/html", label=label, host="example.com").charset == "utf-8"
    with pytest.raises(UnknownCharset, match=f"'{label}'"):
        text_of(b"18+ \xff", label)


def test_an_unknown_charset_is_cut_in_the_message() -> None:
    with pytest.raises(UnknownCharset) as caught:
        text_of(b"\xff", "x" * 10_000)
    assert len(str(caught.value)) < 150


def test_a_label_in_unicode_look_alikes_is_unknown() -> None:
    # The Kelvin sign becomes "k" in Unicode lower case; only ASCII letters have a case in a label.
    with pytest.raises(UnknownCharset):
        text_of(b"\xff", "\u212aoi8-r")


def test_a_prefix_leaves_out_the_half_of_a_character() -> None:
    whole = "жас".encode()
    assert text_of(whole[:3], "utf-8", complete=False) == "ж"
    assert text_of("年齢".encode("cp932")[:3], "shift_jis", complete=False) == "年"
