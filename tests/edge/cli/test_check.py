"""`qorgan check`: what is wrong, where, and what to write instead, for one file, several, and whole folders."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
ROOT = Path(__file__).parents[3]


def test_a_problem_is_shown_with_its_line_a_caret_and_a_hint(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\npeople:\n  aigerim: {agee: 8}\n")
    done = qorgan("check", file)
    assert done.status == 1
    assert done.err == dedent(f"""\
        {file}:3:13: the key 'agee' is not known here
              aigerim: {{agee: 8}}
                        ^
            hint: did you mean age?
        1 problem
        """)


@pytest.mark.parametrize(
    ("text", "column", "under"),
    [
        ("people: {әлия: {agee: 8}}", 17, "a"),  # letters of two bytes
        ("people: {𐐀: {agee: 8}}", 14, "a"),  # a letter of two UTF-16 units
        ("people: {a: {age:\t'x'}}", 19, "'"),  # a tab is one column and is shown as one space
        ("people: {a: {age: -1}}", 19, "-"),
        ("zone: Nowhere/Land", 7, "N"),
        ("? people\n: {a: {agee: 1}}", 8, "a"),
    ],
)
def test_the_caret_stands_below_the_fault(qorgan: Qorgan, tmp_path: Path, text: str, column: int, under: str) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(text, encoding="utf-8")
    place, source, caret, *_ = qorgan("check", file).err.splitlines()
    assert place.startswith(f"{file}:{text.count(chr(10)) + 1}:{column}: ")
    assert source[caret.index("^")] == under


def test_of_a_long_line_what_stands_near_the_fault_is_shown(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    people = ", ".join(f"p{number}: {{age: 8}}" for number in range(1_000))
    file.write_text(f"people: {{{people}, last: {{agee: 8}}}}\n")
    _, source, caret, *_ = qorgan("check", file).err.splitlines()
    assert source[caret.index("^") :].startswith("agee: 8")
    assert len(source) <= 120


def test_a_terminal_is_told_nothing_by_a_file(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("zone: \x1b]0;owned\x07\n")
    done = qorgan("check", file)
    assert done.status == 1
    assert "\x1b" not in done.err
    assert "\x07" not in done.err


def test_all_problems_of_all_files_are_shown_at_once(qorgan: Qorgan, tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(f"people: {{{name}: {{age: 8, x: 1}}}}\ny: 1\n")
    done = qorgan("check", tmp_path / "b.yaml", tmp_path / "a.yaml")
    places = [line.split(": ")[0] for line in done.err.splitlines() if line.startswith(str(tmp_path))]
    assert places == [f"{tmp_path}/{place}" for place in ("a.yaml:1:22", "a.yaml:2:1", "b.yaml:1:22", "b.yaml:2:1")]
    assert done.err.endswith("4 problems\n")


def test_files_that_are_missing_are_all_named(qorgan: Qorgan, tmp_path: Path) -> None:
    done = qorgan("check", tmp_path / "a.yaml", tmp_path / "b")
    assert done.err.count("the file or folder is missing") == 2


def test_the_files_of_a_folder_are_one_policy(qorgan: Qorgan, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("extends: home\npeople: {aigerim: {age: 8}}\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "rules.yml").write_text("block: [{host: site.test, for: [aigerim]}]\n")
    (tmp_path / ".hidden.yaml").write_text("nonsense\n")
    (tmp_path / "notes.txt").write_text("nonsense\n")
    assert (qorgan("check", tmp_path).status, qorgan("check", tmp_path).err) == (0, "no problems\n")
    alone = qorgan("check", tmp_path / "deep")
    assert alone.status == 1
    assert "aigerim" in alone.err


def test_a_file_that_is_named_twice_is_one_file(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\nzone: Asia/Almaty\npeople: {aigerim: {age: 8}}\n")
    assert qorgan("check", file, tmp_path, tmp_path / "." / "home.yaml", file).err == "no problems\n"


def test_the_policies_that_an_installation_names_come_with_it(qorgan: Qorgan, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "block.yaml").write_text("block: [{host: site.test, for: [aigerim]}]\n")
    file = tmp_path / "qorgan.yaml"
    file.write_text("people: {aigerim: {age: 8}}\npolicy: [rules]\nlisteners: {home: {port: 8080}}\n")
    assert qorgan("check", file).err == "no problems\n"
    (tmp_path / "rules" / "block.yaml").write_text("block: [{host: site.test, for: [aigrim]}]\n")
    done = qorgan("check", file)
    assert done.status == 1
    assert f"{tmp_path}/rules/block.yaml:1:33: " in done.err
    assert "did you mean aigerim?" in done.err
    file.write_text("people: {aigerim: {age: 8}}\npolicy: [rulse]\n")
    assert f"{tmp_path}/rulse:1:1: the file or folder is missing" in qorgan("check", file).err


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("listeners: {home: {prot: 8080}}", "1:20", "the key 'prot' is not known here"),
        ("listeners: {home: {port: 99999}}", "1:26", "this must be at most 65535"),
        ("listeners: {home: {port: '8080'}}", "1:26", "this must be a whole number"),
        ("listeners: {Home: {port: 8080}}", "1:13", "'Home' cannot name a listener"),
        ("listeners: {home: {address: localhost, port: 80}}", "1:29", "'localhost' is no IP address"),
        ("network: {allow-private: ['10.0.0.1']}", "1:27", "'10.0.0.1' is not `address:port`"),
        ("network: {hosts: {'a b': 10.0.0.1}}", "1:19", "'a b' is no host name"),
        ("logins: {dana: secret}", "1:16", "this is no password hash"),
        ("retention: {journal-days: -1}", "1:27", "this must be at least 0"),
        ("probe: {seconds: .nan}", "1:18", ""),
        ("data: ~nobodyofthatname/data", "1:7", "begins with a user whom this machine does not know"),
        ("admin: {port: 8080}\nlisteners: {home: {port: 8080}}", "2:26", "admin listens on 127.0.0.1:8080 already"),
        ("listeners: {a: {port: 81}, b: {port: 81}}", "1:38", "a listens on 127.0.0.1:81 already"),
        ("listeners: {a: {port: 8088}}", "1:23", "admin listens on 127.0.0.1:8088 already"),
        ("listeners: {a: {port: 8443}}\ndemo: {}", "1:23", "demo listens on 127.0.0.1:8443 already"),
    ],
)
def test_the_keys_of_an_installation_are_checked_too(
    qorgan: Qorgan, tmp_path: Path, text: str, place: str, message: str
) -> None:
    file = tmp_path / "qorgan.yaml"
    file.write_text(text + "\n")
    for done in (qorgan("check", file), qorgan("run", "--config", file, "--data", tmp_path / "data")):
        assert done.status == 1
        assert f"{file}:{place}: " in done.err
        assert message in done.err
        assert "    " + text.splitlines()[int(place[0]) - 1] + "\n" in done.err


def test_what_is_accepted_but_better_written_otherwise_is_a_note(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("people:\n  aigerim: {born: 2018-03-04}\n")
    done = qorgan("check", file)
    assert done.status == 0
    place, source, caret, hint, end = done.err.splitlines()
    assert place == f"{file}:2:19: note: the birth date is not kept"
    assert source[caret.index("^") :].startswith("2018-03-04")
    assert hint.startswith("    hint: write ")
    assert end == "no problems, 1 note"


@pytest.mark.parametrize("name", ["policies/demo/qorgan.yaml", "docker/home/qorgan.yaml"])
def test_the_files_that_are_shipped_have_no_problems(qorgan: Qorgan, name: str) -> None:
    assert (qorgan("check", ROOT / name).status, qorgan("check", ROOT / name).err) == (0, "no problems\n")


@pytest.mark.parametrize("path", sorted((ROOT / "policies" / "presets").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_policy_of_nothing_but_a_preset_has_no_problems(qorgan: Qorgan, tmp_path: Path, path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(f"extends: {path.stem}\n")
    assert qorgan("check", file).err == "no problems\n"
    assert qorgan("check", path).status == 0
