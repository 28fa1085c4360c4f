"""Reading what a person wrote: every fault at its place."""

import os
import threading
import time
from pathlib import Path

import pytest

from gateway.policy.parse import MAX_BYTES
from gateway.problems import Problem, ProblemsFound
from gateway.store.files import read_policy_files, source_line, try_policy_files, with_named


def problems_of(*paths: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        read_policy_files(paths)
    return [problem.show() for problem in found.value.problems]


def test_a_file_and_a_folder_are_read_by_the_names_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("home.yaml").write_text("people: {}\n")
    (Path("school") / "b" / ".git").mkdir(parents=True)
    for name in ("b/2.yml", "a.yaml", ".hidden.yaml", "b/.git/x.yaml", "note.txt", "a.yaml~"):
        (Path("school") / name).write_text(name)
    assert read_policy_files([Path("home.yaml"), Path("school")]) == {
        "home.yaml": "people: {}\n",
        "school/a.yaml": "a.yaml",
        "school/b/2.yml": "b/2.yml",
    }


def test_what_is_missing_is_said_with_all_else_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "latin.yaml").write_bytes("people:\n  ұл: Ж".encode() + b"\xe9\n")
    assert problems_of(tmp_path / "no.yaml", tmp_path / "empty", tmp_path / "latin.yaml") == [
        f"{tmp_path}/no.yaml:1:1: the file or folder is missing\n    hint: name one that exists",
        f"{tmp_path}/empty:1:1: the folder has no file that ends in .yaml or .yml",
        f"{tmp_path}/latin.yaml:2:8: the byte 0xe9 here is not UTF-8\n    hint: save the file as UTF-8",
    ]


def test_a_file_of_the_longest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    fits, longer = tmp_path / "fits.yaml", tmp_path / "longer.yaml"
    fits.write_bytes(b"#" * MAX_BYTES)
    longer.write_bytes(b"#" * (MAX_BYTES + 1))
    assert len(read_policy_files([fits])[str(fits)]) == MAX_BYTES
    assert f"longer than {MAX_BYTES} bytes" in problems_of(longer)[0]


def test_a_named_pipe_does_not_hang_the_gateway(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert problems_of(tmp_path / "pipe.yaml") == [f"{tmp_path}/pipe.yaml:1:1: this is not a plain file"]


def test_a_device_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    assert "not a plain file" in problems_of(tmp_path)[0]


def test_a_link_that_leads_nowhere_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "home.yaml").symlink_to("gone.yaml")
    assert "No such file" in problems_of(tmp_path)[0]


def test_folders_that_link_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "a" / "home.yaml").write_text("x")
    assert list(read_policy_files([tmp_path])) == [f"{tmp_path}/a/home.yaml"]


@pytest.mark.parametrize(("line", "shown"), [(1, "one"), (2, "two"), (3, "three"), (5, None), (0, None)])
def test_the_line_above_the_caret(tmp_path: Path, line: int, shown: str | None) -> None:
    file = tmp_path / "home.yaml"
    file.write_bytes(b"one\ntwo\r\nthree\n")
    assert source_line(Problem(str(file), line, 1, "x")) == shown


def test_the_line_of_a_file_that_is_gone_is_not_shown(tmp_path: Path) -> None:
    assert source_line(Problem(str(tmp_path / "no.yaml"), 1, 1, "x")) is None


def test_files_and_folders_that_files_name_come_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (Path("op") / "t" / "deep").mkdir(parents=True)
    Path("base.yaml").write_text("extends: far/base.yaml\n")
    Path("op/op.yaml").write_text("extends: ../base.yaml\ntenant-files: [t, missing]\n")
    Path("op/t/a.yaml").write_text("extends: ../../secret.yaml\n")
    Path("op/t/deep/b.yaml").write_bytes(b"\xff")
    Path("secret.yaml").write_text("people: {}\n")
    read = try_policy_files([Path("op/op.yaml")])
    assert sorted(read.texts) == ["base.yaml", "op/op.yaml", "op/t/a.yaml"]
    assert list(read.unread) == ["op/t/deep/b.yaml"]
    assert with_named([Path("op/op.yaml")]) == (
        Path("op/op.yaml"),
        Path("op/t"),
        Path("op/missing"),
        Path("base.yaml"),
        Path("far/base.yaml"),
    )
    assert set(try_policy_files([Path("op"), Path("op/op.yaml")]).texts) == set(read.texts)


def test_a_folder_of_too_many_files_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.files.MOST_FILES", 1)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("people: {}\n")
    assert problems_of(tmp_path) == [f"{tmp_path}:1:1: the folder has more than 1 policy files"]


def test_a_file_that_is_being_written_is_read_when_it_rests(tmp_path: Path) -> None:
    """An editor that empties the file before it fills it must not leave a house without its policy for a moment."""
    file = tmp_path / "home.yaml"
    file.write_text("people: {}\n")
    with file.open("w") as emptied:
        emptied.flush()

        def fill() -> None:
            emptied.write("extends: home\n")
            emptied.flush()

        threading.Timer(0.02, fill).start()
        assert read_policy_files([file]) == {str(file): "extends: home\n"}


def test_a_file_that_never_rests_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\n")
    ahead = time.time() + 3_600
    os.utime(file, (ahead, ahead))  # by a clock that is wrong
    assert read_policy_files([file]) == {str(file): "extends: home\n"}
