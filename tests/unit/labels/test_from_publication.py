"""What an archive may unpack to, which no case can write out."""

import zipfile
from io import BytesIO

import pytest

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, build_label_data
from gateway.labels.from_publication import FREE_UNPACKED, LONGEST_CONTAINER
from gateway.labels.label import Reading, Status
from gateway.labels.read import read_labels
from gateway.shipped import texts

DATA = build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})
CONTAINER = '<container><rootfiles>{}<rootfile full-path="a.opf"/></rootfiles></container>'
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata>{}'
    '<meta property="schema:typicalAgeRange">18+</meta></metadata></package>'
)


def reading_of(container: str, package: str) -> Reading:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", container)
        book.writestr("a.opf", package)
    headers = Headers([("Content-Type", "application/epub+zip")])
    url = "https://site.test/book.epub"
    return read_labels(read_document(url=url, status=200, headers=headers, body=archive.getvalue()), DATA)


def test_a_book_says_its_age() -> None:
    reading = reading_of(CONTAINER.format(""), PACKAGE.format(""))
    assert (reading.status, reading.min_age) == (Status.RATED, 18)


@pytest.mark.parametrize(
    ("container", "package"),
    [
        (CONTAINER.format("<rootfile/>" * (LONGEST_CONTAINER // 11)), PACKAGE.format("")),
        (CONTAINER.format(""), PACKAGE.format("<meta/>" * (FREE_UNPACKED // 7))),
    ],
    ids=["the list of packages", "a package"],
)
def test_an_archive_that_unpacks_to_much_is_not_guessed_at(container: str, package: str) -> None:
    assert reading_of(container, package).status is Status.UNREADABLE
