"""`qorgan explain` against the demo site: first the verdict in plain words, then why, then what would change it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
Running = Any  # tests/edge/conftest.py

# person, host, path → status, how the first line begins, and lines that must be among the rest
VERDICTS = [
    ("aigerim", "adult", "/", 1, "blocked: ", ["because   its age label is above", "says      the law", "Art. 16(3)"]),
    ("daniyar", "adult", "/", 1, "blocked: ", ["RTA-5042-1996-1400-1577-RTA", "from the age of 18: allowed"]),
    ("daniyar", "adult", "/deep.html", 1, "blocked: ", ["speaks for the whole site"]),
    ("dana", "adult", "/", 0, "allowed: ", ["the person is an adult", "up to the age of 17: blocked, because its age"]),
    ("daniyar", "news", "/", 0, "allowed: ", ["because   its age label fits", "category  12+, from the age of 12"]),
    ("aigerim", "news", "/", 1, "blocked: ", ["without its labels: allowed", "with a grant by dana: allowed"]),
    ("aigerim", "blog", "/", 0, "allowed: ", ["because   it has no age label", "stance"]),
    ("aigerim", "parts", "/", 0, "shown without the parts for older people: ", ["Art. 15(3)", "a part of the page"]),
]


def arguments(demo: Running, person: str, url: str) -> list[str]:
    return ["explain", url, "--as", person, "--config", str(demo.folder / "qorgan.yaml")]


@pytest.mark.parametrize(("person", "host", "path", "status", "first", "lines"), VERDICTS)
def test_the_verdict_comes_first_in_plain_words(
    qorgan: Qorgan, demo: Running, person: str, host: str, path: str, status: int, first: str, lines: list[str]
) -> None:
    url = demo.url(f"{host}.demo.test", path)
    done = qorgan(*arguments(demo, person, url))
    assert (done.status, done.err) == (status, "")
    assert type(done.status) is int
    assert done.out.startswith(f"{first}{url} for {person} (age ")
    for line in lines:
        assert line in done.out
    assert "not seen" not in done.out
    assert not done.out.endswith("\n\n")


def test_it_agrees_with_the_gateway(qorgan: Qorgan, demo: Running) -> None:
    for person, name in (("aigerim", "child"), ("daniyar", "teen"), ("dana", "adult")):
        for host in ("adult", "news", "blog", "films"):
            url = demo.url(f"{host}.demo.test")
            assert (qorgan(*arguments(demo, person, url)).status == 0) == (demo.curl(name, url).status == 200), url


def test_the_api_says_the_same_words(qorgan: Qorgan, demo: Running) -> None:
    url = demo.url("adult.demo.test")
    text = demo.api(f"/api/v1/explain?url={url}&as=aigerim")["text"]
    assert qorgan(*arguments(demo, "aigerim", url)).out.rstrip("\n") == text


def test_a_page_that_cannot_be_visited_is_explained_by_its_host(qorgan: Qorgan, demo: Running) -> None:
    done = qorgan(*arguments(demo, "aigerim", "https://blog.demo.test:9/"))
    assert done.status == 0
    assert done.out.startswith("allowed: https://blog.demo.test:9/ for aigerim (age 8)\n")
    assert "\n  not seen  https://blog.demo.test:9/: " in done.out


def test_a_timetable_says_when_it_ends(qorgan: Qorgan, demo: Running, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    rule = '{for: [aigerim], block: daily, from: "21:30", to: "07:00"}'
    file.write_text(f"people: {{aigerim: {{age: 8}}}}\ntimetable: [{rule}]\nprobe: {{enabled: false}}\n")
    words = ["explain", "https://site.test/", "--as", "aigerim", "--config", str(file)]
    done = qorgan(*words, "--at", "2026-12-01T22:00+05:00")
    assert done.status == 1
    assert "until     2026-12-02T07:00:00+05:00" in done.out
    assert "otherwise from Wednesday 2026-12-02 at 07:00: allowed" in done.out
    assert qorgan(*words, "--at", "2026-12-01T12:00Z").status == 0


def test_nobody_and_no_policy(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\n")
    done = qorgan("explain", "https://site.test/", "--as", "aigerim", "--config", file)
    assert (done.status, done.out) == (2, "")
    assert done.err == "the policy knows nobody called 'aigerim'; it names nobody\n"
    file.write_text("people: {aigerim: {agee: 8}}\n")
    done = qorgan("explain", "https://site.test/", "--as", "aigerim", "--config", file)
    assert (done.status, done.out) == (1, "")
    assert f"{file}:1:20: the key 'agee' is not known here" in done.err


def test_the_address_of_a_sign_up_is_explained_as_one(qorgan: Qorgan, demo: Running, tmp_path: Path) -> None:
    text = (demo.folder / "qorgan.yaml").read_text(encoding="utf-8")
    file = tmp_path / "qorgan.yaml"
    file.write_text(f"packs: [kz/169-vi, kz/draft-18-viii-10-1]\n{text}", encoding="utf-8")
    for person, status, said in (
        ("daniyar", 1, "says      the household or school"),
        ("daniyar", 1, "from the age of 16: allowed"),
        ("dana", 0, "the person is an adult"),
    ):
        done = qorgan("explain", "https://vk.com/join", "--as", person, "--config", str(file))
        assert done.status == status, done.err
        assert said in done.out
    assert qorgan("explain", "https://t.me/join", "--as", "daniyar", "--config", str(file)).out.startswith("allowed")


def test_lists_are_asked_though_no_gateway_has_compiled_them(qorgan: Qorgan, tmp_path: Path) -> None:
    (tmp_path / "slots.txt").write_text("slots.example\n")
    file = tmp_path / "home.yaml"
    file.write_text(
        "people: {aru: {age: 8}}\nprobe: {enabled: false}\nblock: [{topic: slots}]\n"
        "lists:\n"
        "  - {name: mine, from: slots.txt, topics: [slots]}\n"
        "  - {name: theirs, from: 'https://lists.example/slots.txt', topics: [slots]}\n"
    )
    done = qorgan("explain", "https://www.slots.example/", "--as", "aru", "--config", file)
    assert (done.status, done.err) == (1, "")
    assert "  otherwise if the list mine did not name slots.example: allowed, " in done.out
    assert "\n  listed    mine: slots.example\n" in done.out
    assert "\n  not asked theirs: this list was not loaded yet\n" in done.out
    cases = tmp_path / "home.cases.yaml"
    cases.write_text("- a listed host: {as: aru, url: https://www.slots.example/, expect: block, reason: topic}\n")
    assert qorgan("test", tmp_path).status == 0
