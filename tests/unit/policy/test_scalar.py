"""Unquoted scalars by the 1.2 core schema."""

import pytest

from gateway.policy.scalar import Scalar, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("nUll", "nUll"),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("18", 18),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        ("1e", "1e"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("12+", "12+"),
        ("6-", "6-"),
        ("+", "+"),
        (".", "."),
        ("1.2.3", "1.2.3"),
        ("192.168.1.20", "192.168.1.20"),
        ("08:30", "08:30"),
        ("2026-01-01", "2026-01-01"),
        ("१२", "१२"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, value: Scalar) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    ["012", "-012", "00", "007", "01.5", "0x1F", "0o17", ".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1e999", "9" * 19],
)
def test_a_form_that_people_misread_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number"):
        resolve(text)


def test_the_largest_number_is_exact() -> None:
    assert resolve("9" * 18) == 10**18 - 1
