"""Translators, archives and caches: the address that an address carries is judged as well."""

from collections.abc import Iterator

import pytest

from tests.edge.mitm.origin import Page
from tests.edge.mitm.world import POLICY, World, ruling_of

CARRIERS = """
about: test
checked: 2026-11-28
carriers:
  - {host: blog.test, path: [/web/*/], query: [u], source: test}
"""
BLOCKED = POLICY + "block: [{host: adult.test}, {host: chat.test, path: /rooms}]\n"


@pytest.fixture
def archived(world: World) -> Iterator[World]:
    world.origin.pages.update(
        {("blog.test", path): Page(b"<!doctype html>copy") for path in ("/show", "/web/2020/https://kids.test/")}
    )
    with world.ruled_by(ruling_of(BLOCKED, carriers={"carriers/test.yaml": CARRIERS})):
        yield world


@pytest.mark.parametrize(
    "path",
    [
        "/web/2020*/http://adult.test/",
        "/web/2020/https:/adult.test/x",
        "/web/2020/ADULT.test./x",
        "/web/2020/https%3A%2F%2Fadult.test%2F",
        "/show?u=https://adult.test/",
        "/show?U=adult.test",
        "/show?x=1&u=%61dult.test/page",
        "/show?u=https://blog.test/web/2020/http://adult.test/",
        "/show?u=chat.test/rooms/1",
        "/show?u=http://user@kids.test/&u=http://adult.test/",
    ],
)
@pytest.mark.parametrize("http2", [False, True])
def test_a_blocked_address_is_blocked_in_another(archived: World, path: str, http2: bool) -> None:
    assert archived.get("teen", f"blog.test{path}", http2=http2).status_code == 403
    assert not archived.origin.asked


@pytest.mark.parametrize("path", ["/show?u=https://kids.test/", "/show", "/show?u=", "/show?u=chat.test/"])
def test_another_address_passes(archived: World, path: str) -> None:
    assert archived.get("teen", f"blog.test{path}").status_code == 200


def test_what_is_allowed_inside_opens_nothing(archived: World) -> None:
    archived.origin.pages["adult.test", "/show"] = Page(b"<!doctype html>x")
    assert archived.get("teen", "adult.test/show?u=https://kids.test/").status_code == 403
