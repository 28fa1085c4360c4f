"""A real client behind each demo person's port gets the right page or the right block, over HTTP/1.1 and HTTP/2."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Running = Any  # tests/edge/conftest.py

HTTP = pytest.mark.parametrize("http", ["--http1.1", "--http2"])
# person, host, path → status, what the body must hold, what it must not hold
PAGES = [
    ("adult", "adult.demo.test", "/", 200, "CANARY-ADULT", None),
    ("teen", "adult.demo.test", "/", 451, "18+", "CANARY-ADULT"),
    ("child", "adult.demo.test", "/", 451, "18+", "CANARY-ADULT"),
    ("child", "adult.demo.test", "/deep.html", 451, "18+", "CANARY-ADULT"),
    ("child", "adult.demo.test", "/picture.svg", 451, None, "CANARY-ADULT"),
    ("adult", "news.demo.test", "/", 200, "CANARY-TWELVE", None),
    ("teen", "news.demo.test", "/", 200, "CANARY-TWELVE", None),
    ("child", "news.demo.test", "/", 451, "12+", "CANARY-TWELVE"),
    ("teen", "films.demo.test", "/", 451, "16+", "CANARY-SIXTEEN"),
    ("child", "films.demo.test", "/", 451, "16+", "CANARY-SIXTEEN"),
    ("adult", "films.demo.test", "/", 200, "CANARY-SIXTEEN", None),
    ("adult", "parts.demo.test", "/", 200, "CANARY-PART", None),
    ("teen", "parts.demo.test", "/", 200, "PART-TWELVE", "CANARY-PART"),
    ("child", "parts.demo.test", "/", 200, "PART-SIX", "CANARY-PART"),
    ("child", "parts.demo.test", "/", 200, "PART-SIX", "PART-TWELVE"),
    ("child", "blog.demo.test", "/", 200, "PLAIN-PAGE", None),
    ("child", "demo.test", "/", 200, "Qorgan demo", None),
]


@HTTP
@pytest.mark.parametrize(("person", "host", "path", "status", "holds", "lacks"), PAGES)
def test_each_person_gets_what_is_theirs(
    demo: Running, http: str, person: str, host: str, path: str, status: int, holds: str | None, lacks: str | None
) -> None:
    answer = demo.curl(person, demo.url(host, path), http)
    assert answer.status == status, answer.body[:500]
    assert answer.version == ("2" if http == "--http2" else "1.1")
    assert holds is None or holds in answer.body
    assert lacks is None or lacks not in answer.body


def test_a_block_names_label_article_and_who_blocks(demo: Running) -> None:
    answer = demo.curl("child", demo.url("adult.demo.test"), "-H", "Accept-Language: en")
    assert "16(3)" in answer.body
    assert "RTA-5042-1996-1400-1577-RTA" in answer.body
    assert re.search(r'(?mi)^link: <[^>]+>; *rel="?blocked-by', answer.headers)
    assert re.search(r"(?mi)^cache-control: no-store", answer.headers)
    for language in ("kk", "ru", "en"):
        assert f'lang="{language}"' in answer.body


def test_the_journal_knows_the_block_but_not_the_address(demo: Running, eventually: Callable[..., bool]) -> None:
    demo.curl("child", demo.url("adult.demo.test", "/deep.html?secret=1"))
    assert eventually(lambda: "aigerim" in str(demo.api("/api/v1/journal?n=50")))
    text = str(demo.api("/api/v1/journal?n=50"))
    assert "label" in text
    assert "secret" not in text
    assert "deep.html" not in text


def test_the_explanation_says_what_decided(demo: Running) -> None:
    url = demo.url("adult.demo.test")
    by_api = str(demo.api(f"/api/v1/explain?url={url}&as=aigerim"))
    assert "16(3)" in by_api
    assert "block" in by_api


def test_loopback_is_not_reachable_through_the_proxy(demo: Running) -> None:
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
        for person in ("child", "adult"):
            answer = demo.curl(person, f"http://{host}:{demo.ports['admin']}/health")
            assert answer.status >= 400, (host, person)
            assert '"status"' not in answer.body, (host, person)


def test_an_adult_is_not_opened(demo: Running) -> None:
    """The adult's connection carries the origin's own certificate, which our CA does not vouch for."""
    url = demo.url("adult.demo.test")
    site, ours = ["--cacert", str(demo.folder / "data" / "demo" / "demo-ca.pem")], ["--cacert", str(demo.ca)]
    assert [demo.curl("adult", url, *trusted).status for trusted in (site, ours)] == [200, 0]
    assert [demo.curl("teen", url, *trusted).status for trusted in (site, ours)] == [0, 451]


def test_chromium_shows_the_page_or_the_block(demo: Running, tmp_path: Path) -> None:
    assert "CANARY-TWELVE" in demo.browse("teen", demo.url("news.demo.test"))
    blocked = demo.browse("child", demo.url("news.demo.test"), tmp_path / "block.png")
    assert "12+" in blocked
    assert "CANARY" not in blocked
    masked = demo.browse("child", demo.url("parts.demo.test"))
    assert "PART-SIX" in masked
    assert "CANARY-PART" not in masked


def test_a_second_start_keeps_ca_and_token(launch: Callable[..., Running], tmp_path: Path) -> None:
    first = launch(tmp_path)
    kept = first.ca.read_bytes(), (tmp_path / "data" / "admin-token").read_bytes()
    assert first.stop() == 0, first.said()
    second = launch(tmp_path, first.ports)
    assert (second.ca.read_bytes(), (tmp_path / "data" / "admin-token").read_bytes()) == kept
    assert second.curl("child", second.url("adult.demo.test")).status == 451
    assert second.stop() == 0
