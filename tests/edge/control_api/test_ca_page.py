"""The page on which a device fetches the CA."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
import yaml

from gateway.edge.control_api.worded_page import WordedPage
from gateway.shipped import package_texts


@pytest.mark.parametrize(
    ("wanted", "order"),
    [("ru-KZ,ru;q=0.9,en;q=0.8", "ru, en, kk"), ("en", "en, kk, ru"), ("", "kk, ru, en"), ("xx,;;q=", "kk, ru, en")],
)
async def test_all_three_languages_are_there_the_wanted_first(served, client, wanted: str, order: str) -> None:
    async with client.get(served.url + "/", headers={"Accept-Language": wanted}) as response:
        page = await response.text()
        assert response.headers["Content-Language"] == order
    assert re.findall(r'<section lang="(..)"', page) == order.split(", ")
    assert page.index("<html lang=") < page.index(f'<section lang="{order[:2]}"')
    assert page.count("AB:CD:EF") == 3
    assert {"/ca.pem", "/ca.der"} == set(re.findall(r'href="([^"]+)"', page))


async def test_nothing_foreign_becomes_markup_and_the_style_is_allowed(served, client) -> None:
    async with client.get(served.url + "/") as response:
        page, policy = await response.text(), response.headers["Content-Security-Policy"]
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert "http:" not in page
    assert "https:" not in page


async def test_the_files_come_with_their_types(served, client) -> None:
    expected = {
        "/ca.pem": ("application/x-pem-file", "qorgan-ca.pem", b"-----BEGIN"),
        "/ca.der": ("application/x-x509-ca-cert", "qorgan-ca.crt", b"\x30\x82"),
    }
    for path, (media_type, name, start) in expected.items():
        async with client.get(served.url + path) as response:
            assert response.content_type == media_type
            assert f'filename="{name}"' in response.headers["Content-Disposition"]
            assert (await response.read()).startswith(start)


def test_the_three_languages_say_the_same_things() -> None:
    words = yaml.safe_load(package_texts("edge/control_api/pages")["ca.yaml"])
    assert list(words) == ["kk", "ru", "en"]
    shapes = {language: (set(said), [step["system"] for step in said["steps"]]) for language, said in words.items()}
    assert shapes["kk"] == shapes["ru"] == shapes["en"]
    for text in ("title", "what", "care", "compare", "der", "pem", "how", "never"):
        assert len({said[text] for said in words.values()}) == 3, text


def test_a_word_that_is_missing_stops_the_page_and_not_silently(gateway) -> None:
    page = WordedPage("edge/control_api/pages", "ca")
    del page._words["kk"]["title"]  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="title"):
        page.response(None, fingerprint=gateway.console().authority.fingerprint(), never_signed=())
