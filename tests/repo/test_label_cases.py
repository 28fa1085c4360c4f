"""The label cases are meant for others too: their README names all that they use, and no sentence stands twice."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.labels.read import READERS

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "labels"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def cases() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.rglob("*.yaml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8")) or []


CASES = list(cases())
LABELS = [label for case in CASES if "response" in case for label in case["expect"].get("labels", ())]


def section(title: str) -> set[str]:
    """The keys in ticks that open the rows of one section's table."""
    text = README.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def listed(word: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", README.split(f"\n{word}: ")[1].split("\n\n")[0]))


@pytest.mark.parametrize(
    ("title", "used"),
    [
        ("A case", {key for case in CASES for key in case}),
        ("`response`", {key for case in CASES for key in case.get("response", ())}),
        ("`expect` of a response", {key for case in CASES if "response" in case for key in case["expect"]}),
        ("A label", {key for label in LABELS for key in label}),
    ],
)
def test_the_readme_says_what_every_key_holds(title: str, used: set[str]) -> None:
    assert used <= section(title)


def test_the_readme_lists_the_carriers() -> None:
    carriers = listed("Carriers")
    assert {label["carrier"] for label in LABELS if "carrier" in label} <= carriers
    assert {reader.name for reader in READERS} <= carriers


def test_the_readme_lists_the_flags() -> None:
    assert {flag for case in CASES if "response" in case for flag in case["expect"].get("flags", ())} <= listed("Flags")


def test_no_file_says_one_sentence_twice() -> None:
    for path in sorted(FOLDER.rglob("*.yaml")):
        names = Counter(case["name"] for case in yaml.safe_load(path.read_text(encoding="utf-8")))
        assert [name for name, count in names.items() if count > 1] == [], path


def test_negatives_are_many() -> None:
    negative = [case for case in CASES if case.get("expect") is None or case["expect"].get("status") == "unlabelled"]
    assert len(CASES) >= 600
    assert len(negative) >= 200
