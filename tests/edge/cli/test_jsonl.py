"""JSON lines that no golden case can hold: huge, deep, endless; and every word that the contract names."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from gateway.edge import json_lines

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
COMMANDS = pytest.mark.parametrize("command", ["labels", "decide"])
FINE = b'{"id": "next", "age": 10, "url": "https://site.test/"}'


def answers(qorgan: Qorgan, command: str, *lines: bytes) -> tuple[list[dict[str, Any]], Any]:
    done = qorgan(command, "--jsonl", stdin=b"\n".join(lines))
    return [json.loads(line) for line in done.out.splitlines()], done


@COMMANDS
@pytest.mark.parametrize("depth", [100, 900, 1_400, 1_490, 1_500, 5_000, 100_000])
def test_depth(qorgan: Qorgan, command: str, depth: int) -> None:
    """Whatever depth the parser can follow or not, the line is answered and the next one too."""
    deep = b'{"age": 10, "url": "https://site.test/", "id": ' + b"[" * depth + b"]" * depth + b"}"
    found, done = answers(qorgan, command, deep, FINE)
    assert [answer["id"] for answer in found[1:]] == ["next"]
    assert (found[0]["id"] is None) == (done.status == 1)
    assert done.status == 0 or done.err == "-:1:1: this line is nested too deeply\n"


@COMMANDS
def test_a_line_of_five_megabytes(qorgan: Qorgan, command: str) -> None:
    long = json.dumps({"id": "long", "age": 10, "url": "https://site.test/", "body": "<p>18" * 1_000_000}).encode()
    found, done = answers(qorgan, command, long, FINE)
    assert done.status == 0
    assert [answer["id"] for answer in found] == ["long", "next"]


@COMMANDS
def test_a_line_without_an_end(qorgan: Qorgan, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Of a line that is too long only its beginning is kept; the line after it is found."""
    monkeypatch.setattr(json_lines, "LONGEST", 100)
    found, done = answers(qorgan, command, b'{"id": "long", "x": "' + b"a" * 1_000 + b'"}', FINE)
    assert [answer["id"] for answer in found] == [None, "next"]
    assert done.err == "-:1:1: this line is no JSON: it is longer than 100 bytes\n"


@COMMANDS
@pytest.mark.parametrize(
    ("line", "place"),
    [
        (b'{"id": "\xff"}', "1:9: this line is no JSON: the byte 0xff is not UTF-8"),
        ('{"id": "ә'.encode() + b'\xff"}', "1:10: this line is no JSON: the byte 0xff is not UTF-8"),
        (b'{"id": 1\0}', "1:9: this line is no JSON: "),
        (b'{"id": ' + b"9" * 5_000 + b"}", "1:1: this line is no JSON: a number in it has too many digits"),
        (b"'single'", "1:1: this line is no JSON: expecting value"),
        (b"\x00\x00", "1:1: this line is no JSON: "),
    ],
)
def test_what_is_no_json_is_told_with_its_place(qorgan: Qorgan, command: str, line: bytes, place: str) -> None:
    found, done = answers(qorgan, command, line, FINE)
    assert [answer["id"] for answer in found] == [None, "next"]
    assert done.err.startswith(f"-:{place}")
    assert len(done.err.splitlines()) == 1
    assert done.status == 1


@COMMANDS
def test_lone_surrogates_come_back_as_they_went(qorgan: Qorgan, command: str) -> None:
    line = rb'{"id": "\ud800", "age": 10, "url": "https://site.test/\udfff", "body": "\udc00<p>\ud800"}'
    found, _ = answers(qorgan, command, line, FINE)
    assert [answer["id"] for answer in found] == ["\ud800", "next"]


@COMMANDS
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_ends_of_lines(qorgan: Qorgan, command: str, end: bytes) -> None:
    done = qorgan(command, "--jsonl", stdin=FINE + b"\r\n" + FINE + end)
    assert done.status == 0
    assert len(done.out.splitlines()) == 2


KINDS = """online-publication internet-resource video-page film series cartoon tv-channel tv-simulcast-on-web
    video-hosting social-network forum messenger online-game web-shop search help-line private"""
TOPICS = "induces-self-harm provokes-illegal sexual-erotic sexual-violence obscene-vocabulary"
EXEMPT = "scientific scientific-methodical educational educational-methodical statistical cultural-value"
WORDS = [
    *({"kind": kind} for kind in KINDS.split()),
    *({"topics": [topic]} for topic in (*TOPICS.split(), "adult", "gambling")),
    *({"exempt": ground} for ground in EXEMPT.split()),
    *({"action": action} for action in ("view", "register", "search")),
    *({"channel": channel} for channel in ("internet", "broadcast")),
    *({"audience": audience} for audience in ("public", "limited")),
    *({"stances": {"base": base}} for base in ("default", "strict", "lenient")),
    *({"preset": preset} for preset in ("home", "school", "isp", "strict")),
    *({"packs": packs} for packs in ([], ["kz/169-vi"], ["kz/169-vi", "kz/draft-18-viii-10-1"])),
]


def test_every_word_of_the_contract_is_understood(qorgan: Qorgan) -> None:
    hyphens = [json.dumps({"age": 10, **word}) for word in WORDS]
    underscores = [json.dumps({"age": 10, **word}).replace("-", "_") for word in WORDS if "packs" not in word]
    done = qorgan("decide", "--jsonl", stdin="\n".join(hyphens + underscores).encode())
    assert done.err == ""
    found = [json.loads(line) for line in done.out.splitlines()]
    kept = [answer for answer, word in zip(found, WORDS, strict=False) if "packs" not in word]
    assert kept == found[len(WORDS) :]


def test_the_topics_have_their_effect(qorgan: Qorgan) -> None:
    """A topic that is not known would be passed over in silence: each of these must speak."""
    found, _ = answers(
        qorgan, "decide", *(json.dumps({"age": 10, "topics": [topic]}).encode() for topic in TOPICS.split())
    )
    assert [answer["reason"] for answer in found] == ["topic"] * 5
