"""Members of an archive by name: bounded, and as far as the bytes at hand go."""

import io
import zipfile

import pytest

from gateway.labels.archive_member import LARGEST_MEMBER, MOST_COPIES, MemberTooLarge, members


def archive_of(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_member_is_found_by_its_whole_name() -> None:
    archive = archive_of(("sub/a.xml", b"inner"), ("a.xml", b"outer"), ("a.xml.bak", b"old"))
    assert list(members(archive, "a.xml")) == [b"outer"]
    assert list(members(archive, "b.xml")) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_cut_archive_gives_the_beginning_of_its_member(method: int) -> None:
    content = bytes(range(256)) * 8
    archive = archive_of(("a", content), method=method)
    for end in range(len(archive)):
        for found in members(archive[:end], "a"):
            assert content.startswith(found)


def test_methods_that_nobody_needs_are_not_unpacked() -> None:
    assert list(members(archive_of(("a", b"x" * 99), method=zipfile.ZIP_BZIP2), "a")) == []
    assert list(members(archive_of(("a", b"x" * 99), method=zipfile.ZIP_LZMA), "a")) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_that_grows_too_large_is_refused(method: int) -> None:
    assert len(next(members(archive_of(("a", bytes(LARGEST_MEMBER)), method=method), "a"))) == LARGEST_MEMBER
    with pytest.raises(MemberTooLarge, match="a unpacks to more"):
        list(members(archive_of(("a", bytes(LARGEST_MEMBER + 1)), method=method), "a"))


def test_only_so_many_members_of_one_name_are_read() -> None:
    archive = b"".join(archive_of(("a", b"%d" % number)) for number in range(MOST_COPIES + 3))
    assert list(members(archive, "a")) == [b"%d" % number for number in range(MOST_COPIES)]
