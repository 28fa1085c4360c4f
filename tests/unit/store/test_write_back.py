"""Writing a file that a person edits: whole, with its mode and owner, never over another change, with a backup."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.store.fault import DataFault
from gateway.store.write_back import MOST_BACKUPS, Changed, backups_of, digest_of, write_back

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OLD, NEW = b"zone: Asia/Almaty\r\n", "zone: Азия\n".encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "home.yaml"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


def test_the_new_content_is_there_and_the_old_one_in_the_backup(file: Path) -> None:
    backup = write_back(file, NEW, instead_of=digest_of(OLD), moment=NOW)
    assert file.read_bytes() == NEW
    assert backup.read_bytes() == OLD
    assert backup.name == ".home.yaml.20261122T090000000000Z.bak"
    assert sorted(each.name for each in file.parent.iterdir()) == [backup.name, "home.yaml"]


def test_mode_and_owner_stay(file: Path) -> None:
    if os.geteuid() == 0:
        os.chown(file, 12, 34)
    before = file.stat()
    backup = write_back(file, NEW, instead_of=digest_of(OLD), moment=NOW)
    for path in (file, backup):
        after = path.stat()
        assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o640, before.st_uid, before.st_gid)


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    link = tmp_path / "other" / "link.yaml"
    link.symlink_to(file)
    write_back(link, NEW, instead_of=digest_of(OLD), moment=NOW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert list((tmp_path / "other").iterdir()) == [link]


def test_a_file_that_was_changed_meanwhile_stays(file: Path) -> None:
    with pytest.raises(Changed):
        write_back(file, NEW, instead_of=digest_of(b"what was read"), moment=NOW)
    assert file.read_bytes() == OLD
    assert backups_of(file) == []


def test_only_the_last_backups_are_kept(file: Path) -> None:
    content = OLD
    for number in range(MOST_BACKUPS + 3):
        after = b"zone: Asia/Almaty # %d\n" % number
        write_back(file, after, instead_of=digest_of(content), moment=NOW + timedelta(seconds=number))
        content = after
    kept = backups_of(file)
    assert len(kept) == MOST_BACKUPS
    assert kept[-1].read_bytes() == b"zone: Asia/Almaty # %d\n" % (MOST_BACKUPS + 1)


def test_what_a_killed_process_left_is_no_hindrance(file: Path) -> None:
    (file.parent / ".home.yaml.new").write_bytes(b"half")
    write_back(file, NEW, instead_of=digest_of(OLD), moment=NOW)
    assert file.read_bytes() == NEW


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(DataFault, match=r"gone\.yaml cannot be written: No such file"):
        write_back(tmp_path / "gone.yaml", NEW, instead_of=digest_of(OLD), moment=NOW)
    assert list(tmp_path.iterdir()) == []


def test_when_writing_fails_the_file_is_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataFault, match="No space left on device"):
        write_back(file, NEW, instead_of=digest_of(OLD), moment=NOW)
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]
