"""`python -m tests.browser.report [firefox]`: which label cases a document gives as Python reads them; why not all."""

import sys
from collections import Counter

from tests.browser import pages, sentences
from tests.browser.label_cases import (
    Case,
    Run,
    cases_of_documents,
    cases_of_spelling,
    every_case,
    intended,
    not_run,
    run_in_browser,
)


def main() -> int:
    """Prints the report; 1 when a difference has no reason."""
    run = run_in_browser(*sys.argv[1:2])
    faults, reasons = run.faults(), intended()
    documents, spellings = cases_of_documents(), cases_of_spelling()
    _print_families([*documents, *spellings], faults)
    apart = len(every_case()) - len(documents) - len(spellings) - len(not_run())
    print(
        f"\n{apart} cases are of responses that are no page: feeds, media, site files, JSON; the page tier reads them"
    )
    _print_random(run)
    for reason in dict.fromkeys(reasons.values()):
        print(f"\nintended: {reason}")
        for case in (case for case, why in reasons.items() if why == reason):
            print(f"  {case}{'' if case in faults else '  (no difference any more)'}")
    for case, reason in not_run().items():
        print(f"\nnot run: {reason}\n  {case}")
    unlisted = {case: fault for case, fault in faults.items() if case not in reasons}
    for case, fault in unlisted.items():
        print(f"\nnot intended: {case}\n  {fault}")
    return 1 if unlisted or reasons.keys() - faults.keys() else 0


def _print_families(cases: list[Case], faults: dict[str, str]) -> None:
    every = Counter(case.family for case in cases)
    other = Counter(case.family for case in cases if case.id in faults)
    own = Counter(case.family for case in cases if case.case.get("seen_by") == "document")
    print(f"{'family':36}{'cases':>7}{'agree':>7}{'differ':>8}{'document alone':>16}")
    for family, count in sorted(every.items()):
        print(f"{family:36}{count:>7}{count - other[family]:>7}{other[family] or '':>8}{own[family] or '':>16}")
    total = every.total()
    print(f"{'all':36}{total:>7}{total - other.total():>7}{other.total():>8}{own.total():>16}")


def _print_random(run: Run) -> None:
    texts, responses = sentences.sentences(), pages.pages()
    alike = sum(found == sentences.read(text) for text, found in zip(texts, run.sentences, strict=True))
    print(f"{alike} of {len(texts)} sentences at random are read alike")
    alike = sum(
        pages.comparable(found, response) == pages.comparable(pages.read(response), response)
        for response, found in zip(responses, run.pages, strict=True)
    )
    print(f"{alike} of {len(responses)} pages at random are read alike")


if __name__ == "__main__":
    raise SystemExit(main())
