"""Whose scripts may ask: extensions, and nobody's pages; and no name that is not the server's."""

import pytest

from tests.edge.verdict_api.conftest import Device, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXTENSION = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
FIREFOX = "moz-extension://4f6a1c0e-6f0b-4a55-9d6c-0a7b3c1d2e3f"
PAGES = [
    "https://evil.example",
    "null",
    "file://",
    "chrome-extension://a.b",
    "chrome-extension://a/b",
    "http://127.0.0.1",
]
BODY = {"url": "https://tube.example/"}


@pytest.mark.parametrize("origin", [EXTENSION, FIREFOX])
async def test_an_extension_may_ask_and_read_without_cookies(child: Device, origin: str) -> None:
    asked = {"Origin": origin, "Sec_Fetch_Site": "cross-site"}
    answer = await child.served.ask("POST", "/addon/v1/verdict", BODY, child.token, **asked)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, origin)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    refused = await child.served.ask("POST", "/addon/v1/verdict", BODY, "x", **asked)
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, origin)


@pytest.mark.parametrize("origin", PAGES)
@pytest.mark.parametrize("path", ["/addon/v1/verdict", "/addon/v1/pair"])
async def test_a_page_may_not_even_with_a_token(child: Device, origin: str, path: str) -> None:
    answer = await child.served.ask("POST", path, BODY, child.token, Origin=origin)
    assert answer.status == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_the_preflight_of_an_extension_is_answered_and_nobody_elses(served: Served) -> None:
    wanted = {
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Headers": "authorization,content-type",
        "Access_Control_Request_Private_Network": "true",
    }
    answer = await served.ask("OPTIONS", "/addon/v1/verdict", **wanted, Origin=EXTENSION)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for path, origin in (("/addon/v1/verdict", "https://evil.example"), ("/api/v1/people", EXTENSION)):
        refused = await served.ask("OPTIONS", path, **wanted, Origin=origin)
        assert refused.status in (401, 403)
        assert "Access-Control-Allow-Origin" not in refused.headers


async def test_a_name_that_is_not_the_servers_is_refused(child: Device) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example"):
        assert (await child.served.ask("POST", "/addon/v1/verdict", BODY, child.token, Host=host)).status == 421
        assert (await child.served.ask("GET", "/addon/pair", Host=host)).status == 421


async def test_who_asks_too_often_must_wait(served: Served) -> None:
    device = await served.device("sanzhar")
    answers = [await device.post("ask", host="a.example") for _ in range(7)]
    assert [each.status for each in answers] == [200] * 6 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert (await device.post("verdict", **BODY)).status == 200


async def test_the_add_on_is_served_as_it_was_built(served: Served) -> None:
    types = {
        "update.xml": "application/xml",
        "qorgan.crx": "application/x-chrome-extension",
        "updates.json": "application/json",
        "qorgan.xpi": "application/x-xpinstall",
    }
    for name, media_type in types.items():
        missing = await served.ask("GET", f"/addon/{name}")
        assert (missing.status, "qorgan addon build" in missing.body["detail"]) == (404, True)
        (served.data / "addon").mkdir(exist_ok=True)
        (served.data / "addon" / name).write_bytes(b"{}")
        found = await served.ask("GET", f"/addon/{name}")
        assert (found.status, found.headers["Content-Type"]) == (200, media_type)
    (served.data / "addon" / "qorgan.crx").unlink()
    (served.data / "addon" / "qorgan.crx").symlink_to(served.data / "admin-token")
    assert (await served.ask("GET", "/addon/qorgan.crx")).status == 404
    assert (await served.ask("GET", "/addon/admin-token")).status == 401


async def test_the_page_of_the_qr_code_has_no_script_and_three_languages(served: Served) -> None:
    page = await served.ask("GET", "/addon/pair", Accept_Language="ru")
    text = page.body.decode()
    assert page.headers["Content-Language"].startswith("ru")
    assert all(word in text for word in ("Құрылғыны шлюзге қосу", "Подключение устройства", "Pair a device"))
    assert "<script" not in text
    assert "script-src" not in page.headers["Content-Security-Policy"]
