"""Patterns as ECMAScript writes them. That they mean the same is asked of a browser in tests/browser."""

import pytest

from gateway.labels.to_ecmascript import to_ecmascript

SPACE = r"[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("abc", "abc"),
        (r"\w", r"[\p{L}\p{N}_]"),
        (r"\W", r"[^\p{L}\p{N}_]"),
        (r"\d{1,3}?", r"[\p{Nd}]{1,3}?"),
        (r"\s*", f"{SPACE}*"),
        (r"(?<!\w)(?P<age>18|16)(?!\w)", r"(?<![\p{L}\p{N}_])(?<age>18|16)(?![\p{L}\p{N}_])"),
        (r"[\w+.-]", r"[\p{L}\p{N}_\+\.\x2d]"),
        (r"[^\W\d_]", r"[^[^\p{L}\p{N}_]\p{Nd}_]"),
        (r"[a-z0-9]+", "[a-z0-9]+"),
        (r"[]x]", r"[\]x]"),
        ("a.b", r"a[^\n]b"),
        (r"\.\-\ \#", r"\.\x2d\x20\x23"),
        ("u-v&&w", r"u\x2dv\x26\x26w"),
        ("(?:a|b)$", r"(?:a|b)(?=\n?$)"),
        ("a{", r"a\{"),
        (r"\x1f\u20ac", r"\x1f\u20ac"),
        ("жас", "жас"),
    ],
)
def test_a_pattern_is_written_out(pattern: str, written: str) -> None:
    assert to_ecmascript(pattern) == written


@pytest.mark.parametrize("pattern", [r"\bword", "a*+b", "(?>a|b)", "(?i:a)", r"(a)\1", r"a\Z", "(?i)a"])
def test_what_has_no_certain_counterpart_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot be written for ECMAScript"):
        to_ecmascript(pattern)
