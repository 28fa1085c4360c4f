"""The label cases read by the add-on's readers in Chromium: as in Python, or with a reason that is written down."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import pages, sentences
from tests.browser.label_cases import (
    Run,
    cases_of_documents,
    cases_of_spelling,
    every_case,
    intended,
    not_run,
    run_in_browser,
)


@pytest.mark.timeout(300)  # for a machine that does much else; no limit of the readers
def test_pages_and_sentences_are_read_in_the_browser_as_in_python() -> None:
    """One test, because it is one run of one browser: some fifteen seconds for 1 400 cases and all that is random."""
    assert len(cases_of_documents()) >= 1_000
    assert len(cases_of_spelling()) >= 300
    run = run_in_browser()
    faults, reasons = run.faults(), intended()
    unlisted = [f"{case}\n    {fault}" for case, fault in faults.items() if case not in reasons]
    assert not unlisted, "read otherwise than the case says:\n" + "\n".join(unlisted)
    gone = sorted((reasons.keys() - faults.keys()) | (not_run().keys() - {case.id for case in every_case()}))
    assert not gone, f"intended_differences.yaml lists what is no difference: {gone}"
    _leave_traces(run)
    _are_alike("sentences", sentences.sentences(), run.sentences, sentences.read)
    read = [pages.comparable(reading, page) for reading, page in zip(run.pages, pages.pages(), strict=True)]
    _are_alike("pages", pages.pages(), read, lambda page: pages.comparable(pages.read(page), page))


def _leave_traces(run: Run) -> None:
    """What says something has traces; a page without any is not read at all."""
    readings = [
        *run.readings.items(),
        *zip((page["body"] for page in pages.pages()), run.pages, strict=True),
    ]
    telling = [
        (name, each) for name, each in readings if each["status"] != "unlabelled" or each["labels"] or each["flags"]
    ]
    assert len(telling) >= 700
    lost = [f"{name}\n    {reading}" for name, reading in telling if not reading["hasTraces"]]
    assert not lost, f"{len(lost)} pages with labels would not be read:\n" + "\n".join(lost[:20])
    assert all(each["status"] == "unlabelled" for each in run.honest)
    passed_over = [not each["hasTraces"] for each in run.honest]
    assert sum(passed_over) >= 0.9 * len(passed_over), passed_over


def _are_alike[Text](kind: str, texts: list[Text], said: list[Any], read: Callable[[Text], Any]) -> None:
    pairs = ((text, browser, read(text)) for text, browser in zip(texts, said, strict=True))
    unlike = [f"{text!r}\n    browser {one}\n    python  {other}" for text, one, other in pairs if one != other]
    assert not unlike, f"{len(unlike)} of {len(texts)} {kind} are read otherwise:\n" + "\n".join(unlike[:5])
