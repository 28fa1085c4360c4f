"""Values of feeds that no case can write out."""

import pytest

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, build_label_data
from gateway.labels.label import Status
from gateway.labels.read import read_labels
from gateway.shipped import texts

DATA = build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})
CATALOGUE = '<yml_catalog><shop><offers><offer id="1"><age{unit}>{age}</age></offer></offers></shop></yml_catalog>'


@pytest.mark.parametrize("unit", ["", ' unit="year"', ' unit="month"'])
@pytest.mark.parametrize("age", ["1" * 5_000, "0" * 5_000, "\u0661" * 5_000])
def test_an_age_of_thousands_of_digits_is_no_age_and_no_fault(age: str, unit: str) -> None:
    """Python refuses to make a number of more than 4,300 digits."""
    headers = Headers([("Content-Type", "text/xml; charset=utf-8")])
    body = CATALOGUE.format(unit=unit, age=age).encode()
    reading = read_labels(read_document(url="https://shop.test/yml.xml", status=200, headers=headers, body=body), DATA)
    assert (reading.status, reading.min_age) == (Status.UNLABELLED, None)
    assert len(reading.notes) == 1
