"""0: fine; 1: the answer is no, or problems were found; 2: wrong usage. Data on stdout, messages on stderr."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py

# words, status, what stdout says, what stderr says
WORDS = [
    ("--version", 0, "qorgan ", ""),
    ("--help", 0, "by age", ""),
    ("nonsense", 2, "", "No such command 'nonsense'"),
    ("law --day", 2, "", "requires an argument"),
    ("check", 2, "", "Missing argument"),
    ("check /there/is/none", 1, "", "/there/is/none:1:1: the file or folder is missing"),
    ("schema", 0, '"$schema"', ""),
    ("schema more", 2, "", "unexpected extra argument"),
    ("where", 0, "policies", ""),
    ("where addons", 0, "addons", ""),
    ("where nowhere", 2, "", "there is no shipped folder 'nowhere'; there are policies and addons"),
    ("law", 0, "kz.169-VI.16.3", ""),
    ("law 16.3", 0, "Art. 16(3)", ""),
    ("law kz/169-vi", 0, "kz.169-VI.16.3", ""),
    ("law 17.9", 1, "", "there is no article '17.9' in kz/169-vi"),
    ("law kz/169-v", 1, "", "there is no such law pack hint: did you mean kz/169-vi?"),
    ("law --pack kz/169-v", 1, "", "there is no such law pack hint: did you mean kz/169-vi?"),
    ("law --pack kz/169-vi --pack kz/draft-18-viii-10-1", 0, "18-VIII", ""),
    ("law 10-1 --pack kz/draft-18-viii-10-1", 0, "Nobody under sixteen", ""),
    ("law --list", 0, "ru/436-fz  [RU]  in force since 2012-09-01", ""),
    ("law --list --day 2026-05-31", 0, "my/onsa  [MY]  not yet in force; it begins on 2026-06-01", ""),
    ("law", 0, "Other packs, which hold only where a policy names them: au/smma,", ""),
    ("law kz.draft.18-VIII.10-1", 0, "Nobody under sixteen", ""),
    ("law 63C", 0, "au.smma.63C", ""),
    ("law --pack ru/436-fz --pack kz/169-vi", 0, "Acts of 2 countries hold (RU, KZ)", ""),
    ("law --day 2019-01-11", 0, "shown for 2019-01-11", ""),
    ("law --day 0001-01-01", 0, "shown for 0001-01-01", ""),
    ("law --day 9999-12-31", 0, "shown for 9999-12-31", ""),
    ("law --day tomorrow", 2, "", "--day 'tomorrow' is no day; write it as 2026-12-01"),
    ("law --day 2026-02-30", 2, "", "is no day"),
    ("decide", 2, "", "add --jsonl"),
    ("decide --jsonl /there/is/none", 2, "", "cannot read /there/is/none: No such file"),
    ("decide --jsonl --policy /there/is/none", 1, "", "the file or folder is missing"),
    ("labels /there/is/none", 2, "", "cannot read /there/is/none: No such file"),
    ("labels --jsonl /there/is/none", 2, "", "cannot read /there/is/none: No such file"),
    ("labels --url nowhere", 2, "", "--url: 'nowhere' is not an address"),
    ("labels -", 0, "unlabelled", ""),
    ("explain", 2, "", "Missing argument"),
    ("explain https://site.test/", 2, "", "Missing option '--as'"),
    ("explain nowhere --as aigerim", 2, "", "'nowhere' is not an address"),
    ("explain ftp://site.test/ --as aigerim", 2, "", "only http, https"),
    ("explain https://site.test/ --as aigrim", 2, "", "nobody called 'aigrim'; did you mean aigerim?"),
    ("explain https://site.test/ --as aigerim --at noon", 2, "", "--at 'noon' is no moment"),
    ("explain https://site.test/ --as aigerim --config /there/is/none", 1, "", "the file or folder is missing"),
    ("explain https://site.test/ --as aigerim --data /there/is/none", 1, "", "start the gateway once (qorgan run)"),
    ("run --config /there/is/none", 1, "", "/there/is/none:1:1: the file or folder is missing"),
    ("status --config /there/is/none", 1, "", "/there/is/none:1:1: the file or folder is missing"),
    ("status --data /there/is/none", 1, "", "start the gateway once (qorgan run)"),
    ("ca --config /there/is/none", 1, "", "the file or folder is missing"),
    ("ca --data /proc/none", 1, "", "/proc/none cannot be made"),
    ("password", 2, "", "no password was given"),
]


@pytest.mark.parametrize(("words", "status", "out", "err"), WORDS, ids=[words for words, *_ in WORDS])
def test_status_and_streams(qorgan: Qorgan, words: str, status: int, out: str, err: str) -> None:
    done = qorgan(*words.split())
    assert done.status == status, done.err
    assert out in done.out
    assert err in plain(done.err)
    assert bool(done.out) == bool(out), "data when there is an answer, and only then"
    assert bool(done.err) == bool(err), "a message when there is a fault, and only then"


def test_without_a_command_the_help_is_shown(qorgan: Qorgan) -> None:
    done = qorgan()
    assert done.status == 2
    assert "Usage: " in done.out + done.err


@pytest.mark.parametrize(
    "at", ["0001-01-01", "9999-12-31T23:59:59", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"]
)
def test_a_moment_at_the_end_of_the_calendar(qorgan: Qorgan, tmp_path: Path, at: str) -> None:
    config = tmp_path / "home.yaml"
    config.write_text("people: {aigerim: {age: 8}}\nprobe: {enabled: false}\n")
    done = qorgan("explain", "https://site.test/", "--as", "aigerim", "--config", config, "--at", at)
    assert (done.status == 2) == ("is no moment" in done.err), done.err
    assert done.status in (0, 1, 2)


def test_the_words_of_a_command_are_the_same_wherever_it_is_started(typed: Qorgan, tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    done = typed("nonsense", cwd=tmp_path, env={"PYTHONPATH": str(root), "PATH": "/nowhere"})
    assert done.status == 2
    assert "Usage: qorgan " in done.err


def plain(text: str) -> str:
    """Without the frame that usage errors are shown in."""
    return " ".join(text.replace("│", " ").split())
