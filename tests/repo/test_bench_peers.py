"""What `make bench-peers` says of others can be checked: each of their settings has its reason beside it."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.bench.peer_table import Figure, demands
from tests.bench.peers import SETTINGS, fill, with_changes


@pytest.mark.parametrize("file", sorted(SETTINGS.iterdir()), ids=lambda file: file.name)
def test_every_block_of_settings_begins_with_its_reason(file: Path) -> None:
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", file.read_text().strip())]
    settings = [[line for line in block if not line.startswith("[")] for block in blocks]
    assert [block for block in settings if not block[0].startswith("#")] == []


def test_a_name_without_a_value_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="SPLICING"):
        fill(tmp_path, "squid.conf", PORT=1)


def test_changes_take_the_place_of_what_debian_says() -> None:
    debian = (
        "# sslmitm = off\nsslmitm = off\n"
        "sitelist = 'name=banned,messageno=500,path=/a'\nsitelist = 'name=localexception,messageno=662,path=/b'\n"
    )
    ours = ConfigParser(interpolation=None)
    ours.read_string("[f]\nsslmitm = on\nsitelist = 'name=localexception,messageno=662,path=/c'\n")
    settings = [line for line in with_changes(debian, dict(ours["f"])).splitlines() if line and line[0] != "#"]
    assert settings == [
        "sitelist = 'name=banned,messageno=500,path=/a'",
        "sslmitm = on",
        "sitelist = 'name=localexception,messageno=662,path=/c'",
    ]


def test_demands_are_judged_by_their_bounds_and_only_where_they_were_measured() -> None:
    figures = {
        "HTTP, 100 kB HTML": {"e2guardian": Figure(20_000, 50, 0.101), "qorgan": Figure(2_020, 500, 1.0)},
        "HTTPS, 20 kB HTML": {
            "privoxy-deb": Figure(12_000, 50, 0.08),
            "privoxy": Figure(900, 800, 1.0),
            "qorgan": Figure(900, 500, 1.0),
        },
    }
    assert [(demand.ratio, demand.holds) for demand in demands(figures)] == [(0.101, False), (10, True), (0.625, False)]
