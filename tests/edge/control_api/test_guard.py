"""What a browser of another site, a confused proxy client or a liar gets: nothing."""

import asyncio
import gzip
import logging

import pytest

from gateway.edge.control_api import routes
from gateway.edge.control_api.console import Health
from gateway.edge.reload import Reloaded
from gateway.problems import Problem
from gateway.store.fault import StoreFault

PEOPLE = "/api/v1/people"


async def raw(port: int, head: str, body: bytes = b"") -> tuple[int, bytes]:
    """Bytes as they are: status and everything that came back until the server closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.replace("\n", "\r\n").encode("utf-8", "surrogateescape") + b"\r\n" + body)
    content = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return int(content.split(b" ", 2)[1]), content


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:{port}", "127.0.0.1", "[::1]:{port}", "gate.home", "Gate.Home:81"]
)
async def test_the_servers_own_names_are_served(served, client, host: str) -> None:
    headers = {**served.bearer, "Host": host.format(port=served.port)}
    async with client.get(served.url + PEOPLE, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example",
        "gate.home.evil.example",
        "localhost@evil.example",
        "localhost, evil.example",
        "localhost.",
        "127.1",
        "[::ffff:127.0.0.1]",
        "192.0.2.1",
        "",
    ],
)
@pytest.mark.parametrize("path", [PEOPLE, "/", "/ca.pem", "/health"])
async def test_another_name_is_misdirected(served, host: str, path: str) -> None:
    head = f"GET {path} HTTP/1.1\nHost: {host.format(port=served.port)}\nAuthorization: Bearer {served.token}\n"
    status, content = await raw(served.port, head + "Connection: close\n")
    assert status in (400, 421)
    assert b"12-13" not in content


@pytest.mark.parametrize(
    "head",
    [
        "GET http://127.0.0.1:{port}/api/v1/people HTTP/1.1\nHost: localhost",
        "GET http://evil.example/api/v1/people HTTP/1.1\nHost: localhost",
        "CONNECT 127.0.0.1:{port} HTTP/1.1\nHost: localhost",
        "OPTIONS * HTTP/1.1\nHost: localhost",
        "GET /api/v1/people HTTP/1.1\nHost: localhost\nProxy-Connection: keep-alive",
        "GET /api/v1/people HTTP/1.1\nHost: localhost\nHost: evil.example",
        "GET /api/v1/people HTTP/1.1",
        "GET /api/v1/people HTTP/1.1\nHost : localhost",
        "BREW /api/v1/people HTTP/1.1\nHost: localhost",
        "GET /api/v1/people HTTP/9.9\nHost: localhost",
        "\x16\x03\x01",
    ],
)
async def test_what_is_meant_for_a_proxy_or_malformed_is_refused(
    served, head: str, caplog: pytest.LogCaptureFixture
) -> None:
    head = head.format(port=served.port) + f"\nAuthorization: Bearer {served.token}\nConnection: close\n"
    status, content = await raw(served.port, head)
    assert 400 <= status < 500
    assert b"12-13" not in content
    assert b"Traceback" not in content
    assert caplog.text == ""  # anybody may send this: it must not fill the log


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "https://127.0.0.1:{port}"}, 200),
    ],
)
async def test_pages_of_other_sites_are_refused(served, client, headers: dict[str, str], status: int) -> None:
    sent = {name: value.format(port=served.port) for name, value in headers.items()}
    async with client.get(served.url + PEOPLE, headers={**served.bearer, **sent}) as response:
        assert response.status == status
        assert not any(name.startswith("Access-Control") for name in response.headers)
    async with client.post(served.url + "/api/v1/reload", headers={**served.bearer, **sent}, json={}) as response:
        assert response.status == status
    assert (("reload",) in served.gateway.asked) == (status == 200)


async def test_a_link_elsewhere_may_lead_to_the_certificate(served, client) -> None:
    async with client.get(served.url + "/", headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 200


@pytest.mark.parametrize("path", ["/", PEOPLE, "/nothing"])
async def test_every_answer_carries_the_security_headers(served, client, path: str) -> None:
    for headers in ({}, served.bearer):
        async with client.get(served.url + path, headers=headers) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert response.headers["Server"] == "qorgan"
            assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("application/json", b"{}", 200),
        ("application/json; charset=utf-8", b" {} ", 200),
        ("text/plain", b"{}", 415),
        ("application/x-www-form-urlencoded", b"{}", 415),
        ("multipart/form-data; boundary=x", b"{}", 415),
        ("", b"{}", 415),
        ("application/json", b"", 400),
        ("application/json", b"{", 400),
        ("application/json", b"\xff", 400),
        ("application/json", b"[" * 60_000, 400),
        ("application/json", b"[]", 422),
        ("application/json", b"null", 422),
        ("application/json", b'{"what": 1}', 422),
        ("application/json", b" " * (64 * 1024 + 1), 413),
    ],
)
async def test_orders_are_json_and_small(served, client, media_type: str, body: bytes, status: int) -> None:
    headers = {**served.bearer, "Content-Type": media_type}
    async with client.post(served.url + "/api/v1/reload", headers=headers, data=body) as response:
        assert response.status == status
        assert response.content_type == ("application/json" if status == 200 else "application/problem+json")
    assert (("reload",) in served.gateway.asked) == (status == 200)


async def test_a_packed_order_is_refused(served, client) -> None:
    headers = {**served.bearer, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with client.post(
        served.url + "/api/v1/reload", headers=headers, data=gzip.compress(b" " * 10_000_000)
    ) as response:
        assert response.status == 415


async def test_health_tells_strangers_one_word(served, client) -> None:
    served.gateway.health = Health(ok=False, details={"dropped": 7, "fault": "disk full"})
    for path in ("/health", "/api/v1/health"):
        async with client.get(served.url + path) as response:
            assert (response.status, await response.json()) == (200, {"status": "degraded"})
    async with client.get(served.url + "/api/v1/health", headers=served.bearer) as response:
        assert await response.json() == {"status": "degraded", "dropped": 7, "fault": "disk full"}


async def test_the_journal_is_asked_for_as_many_lines_as_wanted(served, client) -> None:
    for query, count in (("", 100), ("?n=1", 1), ("?n=1000", 1000)):
        async with client.get(f"{served.url}/api/v1/journal{query}", headers=served.bearer) as response:
            assert response.status == 200
            assert (await response.json())["lines"][0]["times"] == 3
        assert served.gateway.asked[-1] == ("journal", count)
    for text in ("0", "1001", "-1", "1.5", "", "١", "1e2", "0x1", "9" * 400):
        async with client.get(f"{served.url}/api/v1/journal", params={"n": text}, headers=served.bearer) as response:
            assert response.status == 422, text


EXPLAIN = "/api/v1/explain"


async def test_explain_asks_with_the_canonical_address(served, client) -> None:
    given = {"url": "HTTPS://Tube.Example:443/%7Ea#x", "as": "ana", "at": "2026-11-22T21:30:00+05:00"}
    async with client.get(served.url + EXPLAIN, params=given, headers=served.bearer) as response:
        answer = await response.json()
    assert answer["text"] == "because of Art. 16(3)"
    told = {"kind": "age", "change": "from the age of 18", "action": "block", "reason": "label", "write": ""}
    assert answer["otherwise"] == [told]
    assert (
        answer["verdict"]["grounds"][0] | {"says": "block", "cites": ["Art. 16(3)"]} == answer["verdict"]["grounds"][0]
    )
    assert answer["verdict"]["evidence"][0]["trust"] == "A"
    (_, href, person, moment) = served.gateway.asked[0]
    assert (href, person, moment.isoformat()) == ("https://tube.example/~a", "ana", "2026-11-22T21:30:00+05:00")


@pytest.mark.parametrize(
    ("given", "status", "detail"),
    [
        ({"as": "ana"}, 422, "url: is missing"),
        ({"url": "https://a.example/"}, 422, "as: is missing"),
        ({"url": "javascript:alert(1)", "as": "ana"}, 422, "url: "),
        ({"url": "file:///etc/passwd", "as": "ana"}, 422, "url: "),
        ({"url": "http://u@a.example/", "as": "ana"}, 422, "url: "),
        ({"url": "no address", "as": "ana"}, 422, "url: "),
        ({"url": "https://a.example/", "as": "eve"}, 404, "as: "),
        ({"url": "https://a.example/", "as": "ana", "at": "noon"}, 422, "at: "),
        ({"url": "https://a.example/", "as": "ana", "at": "2026-11-22T21:30:00"}, 422, "at: says no offset"),
        ({"url": "https://a.example/", "as": "ana", "at": "9" * 3000}, 422, "at: "),
    ],
)
async def test_explain_says_what_is_wrong_with_a_question(served, client, given, status: int, detail: str) -> None:
    async with client.get(served.url + EXPLAIN, params=given, headers=served.bearer) as response:
        assert response.status == status
        assert (await response.json(content_type=None))["detail"].startswith(detail)


async def test_a_reload_that_finds_problems_lists_them(served, client) -> None:
    served.gateway.reloaded = Reloaded(4, (Problem("home.yaml", 2, 3, "this is broken", "mend it"),))
    async with client.post(served.url + "/api/v1/reload", headers=served.bearer, json={}) as response:
        assert response.status == 422
        answer = await response.json(content_type="application/problem+json")
    assert answer["revision"] == 4
    assert answer["problems"] == [
        {"file": "home.yaml", "line": 2, "column": 3, "message": "this is broken", "hint": "mend it"}
    ]


@pytest.mark.parametrize(
    ("fault", "status", "shown"),
    [(StoreFault("qorgan.db: database is locked"), 503, "is locked"), (RuntimeError("secret inside"), 500, "its log")],
)
async def test_a_fault_is_a_problem_without_its_inside(
    served, client, monkeypatch, caplog, fault: Exception, status: int, shown: str
) -> None:
    def fail(_line: object) -> None:
        raise fault

    monkeypatch.setattr(routes, "line_json", fail)
    with caplog.at_level(logging.ERROR):
        async with client.get(served.url + "/api/v1/journal", headers=served.bearer) as response:
            assert response.status == status
            content = await response.text()
    assert shown in content
    assert "secret" not in content
    assert str(fault) in caplog.text


async def test_head_needs_the_token_as_get_does(served, client) -> None:
    async with client.head(served.url + PEOPLE) as response:
        assert response.status == 401
    async with client.head(served.url + PEOPLE, headers=served.bearer) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/%70eople", "/api/v1/./people", "/health/../api/v1/people", "/api/v1/people?"]
)
async def test_no_spelling_of_a_path_is_a_way_around_the_token(served, path: str) -> None:
    status, content = await raw(served.port, f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close\n")
    assert status == 401
    assert b"12-13" not in content
