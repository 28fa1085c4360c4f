"""A host and the names above it."""

import pytest

from gateway.hosts.suffix import suffixes


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("a.b.kz", ["a.b.kz", "b.kz", "kz"]),
        ("localhost", ["localhost"]),
        ("", [""]),
        ("10.0.0.1", ["10.0.0.1"]),
        ("fd00::1", ["fd00::1"]),
        ("2001:db8::a", ["2001:db8::a"]),
        ("4.kz", ["4.kz", "kz"]),
    ],
)
def test_every_name_above_a_host(host: str, names: list[str]) -> None:
    assert list(suffixes(host)) == names
