"""Listing texts and privacy statement: three languages that say the same, and what the manifest says."""

import json
import re

import pytest

from gateway.shipped import shipped

FOLDER = shipped("addons") / "browser"
SHORTEST, LONGEST_SUMMARY = 600, 132  # characters; Chrome Web Store, "description" of a manifest


def text(name: str) -> str:
    return (FOLDER / "store" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["listing", "privacy"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_languages_have_the_same_parts(kind: str, language: str) -> None:
    ours, english = text(f"{kind}.{language}.md"), text(f"{kind}.en.md")
    assert len(ours) > SHORTEST
    for mark in (r"^#+ ", r"^\* "):
        assert len(re.findall(mark, ours, re.MULTILINE)) == len(re.findall(mark, english, re.MULTILINE)), mark


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_summary_is_the_manifest_s(language: str) -> None:
    messages = json.loads((FOLDER / "_locales" / language / "messages.json").read_text(encoding="utf-8"))
    summary = messages["description"]["message"]
    assert len(summary) <= LONGEST_SUMMARY
    assert summary in " ".join(text(f"listing.{language}.md").split())


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_every_permission_has_its_reason(browser: str) -> None:
    manifest = json.loads((FOLDER / f"manifest.{browser}.json").read_text(encoding="utf-8"))
    for permission in manifest["permissions"]:
        assert f"`{permission}`" in text("README.md"), permission


def test_firefox_is_told_what_leaves_the_browser() -> None:
    """Words of the manifest key: Extension Workshop, Firefox built-in consent for data collection, taxonomy."""
    manifest = json.loads((FOLDER / "manifest.firefox.json").read_text(encoding="utf-8"))
    required = manifest["browser_specific_settings"]["gecko"]["data_collection_permissions"]["required"]
    assert required == ["browsingActivity", "websiteContent"]
    said = " ".join(text("README.md").split())
    assert "browsing activity (addresses) and website content (the words of labels)" in said
