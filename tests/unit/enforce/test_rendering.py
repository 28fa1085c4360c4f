"""The style: readable colours, and a policy that allows exactly this style."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from gateway.decision.verdict import Reason
from gateway.enforce.rendering import STYLE, STYLE_SOURCE, drawing_of
from gateway.shipped import package_texts

_IN_THE_DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{((?:[^{}]+\{[^}]*\})+)\}")
LIGHT, DARK = _IN_THE_DARK.sub("", STYLE), "".join(_IN_THE_DARK.findall(STYLE))


def colours(css: str, selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r"\{([^}]*)\}", css)
    assert block, selector
    return dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", block[1]))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("css", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("voice", [":root", ".local,.estimate", ".system"])
def test_text_stands_out_from_its_ground_by_seven_to_one(css: str, voice: str) -> None:
    found = colours(css, ":root") | colours(css, voice)
    for text, ground in [
        ("ink", "sheet"),
        ("quiet", "sheet"),
        ("quiet", "ground"),
        ("voice", "sheet"),
        ("on-voice", "voice"),
    ]:
        assert contrast(found[text], found[ground]) >= 7, (text, ground)


def test_the_policy_allows_the_style_that_is_sent() -> None:
    assert f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'" == STYLE_SOURCE


def test_the_style_asks_for_nothing_and_cannot_end_its_element() -> None:
    for word in ("url(", "@import", "<", "expression", "/*", "*/"):
        assert word not in STYLE


def test_removing_layout_keeps_every_declaration() -> None:
    texts = package_texts("enforce/templates")
    css = re.sub(r"/\*.*?\*/", "", texts["base.css"] + texts["page.css"], flags=re.DOTALL)
    assert re.sub(r"\s", "", css) == re.sub(r"\s", "", STYLE)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_drawing(reason: Reason) -> None:
    assert re.fullmatch(r"[MLHVAaqvZ0-9 .-]+", drawing_of(reason))
