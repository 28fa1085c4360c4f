"""The label cases read by the add-on's readers in Chromium: as in Python, or with a reason that is written down."""

from tests.browser import sentences
from tests.browser.label_cases import cases_of_documents, cases_of_spelling, intended, run_in_chromium


def test_documents_and_sentences_are_read_in_the_browser_as_in_python() -> None:
    """One test, because it is one run of one browser: some fifteen seconds for some fourteen hundred cases."""
    assert len(cases_of_documents()) >= 1_000
    assert len(cases_of_spelling()) >= 300
    run = run_in_chromium()
    faults, reasons = run.faults(), intended()
    unlisted = [f"{case}\n    {fault}" for case, fault in faults.items() if case not in reasons]
    assert not unlisted, "read otherwise than the case says:\n" + "\n".join(unlisted)
    gone = sorted(reasons.keys() - faults.keys())
    assert not gone, f"intended_differences.yaml lists what is no difference: {gone}"
    pairs = zip(sentences.sentences(), run.sentences, strict=True)
    unlike = [
        f"{sentence!r}\n    browser {said}\n    python  {python}"
        for sentence, said in pairs
        if said != (python := sentences.read(sentence))
    ]
    assert not unlike, f"{len(unlike)} sentences are read otherwise:\n" + "\n".join(unlike[:5])
