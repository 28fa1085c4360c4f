from datetime import date

import pytest

from gateway.law.build import build_codex
from gateway.law.pack import read_pack
from gateway.law.print import show_codex, show_packs
from gateway.shipped import texts


@pytest.fixture(scope="module")
def codex():
    return build_codex(texts("law"), ["kz/169-vi", "kz/draft-18-viii-10-1"], date(2026, 11, 22))


def test_every_pack_and_article_is_shown(codex):
    shown = show_codex(codex)
    for pack in codex.packs:
        assert f"{pack.id}: {pack.act.title}" in shown
        for article in pack.articles:
            assert f"\n{article.id}  [{article.kind}]" in shown
            assert all(cite in shown for cite in article.cites)


def test_one_article_with_all_that_is_known_of_it(codex):
    assert show_codex(codex, "16.3").splitlines() == [
        "kz.169-VI.16.3  [restricted]",
        "  On the Internet the access of children to 18+ is restricted by technical and other methods",
        "  cites     Law 169-VI Art. 16(3)",
        "  binds     nobody by name (passive voice)",
        "  since     2019-01-11 (adilet Z1800000169, Art. 16(3), second sentence)",
        "  category: 18+",
        "  channel: internet",
        "  effect: restrict",
        "  except    kz.169-VI.2.1",
        "  except    kz.169-VI.2.2",
        "  note      Not outlawed but restricted; a block page with an adult's override is one such method.",
        f"  checked   2026-11-22; {codex.packs[0].places['kz.169-VI.16.3']}",
    ]


def test_an_unknown_article_is_a_sentence_with_a_hint(codex):
    with pytest.raises(
        LookupError, match=r"there is no article 'kz\.169-VI\.16\.33' in kz/169-vi, kz/draft-.*; did you mean"
    ):
        show_codex(codex, "kz.169-VI.16.33")


def test_an_unknown_article_that_is_near_none():
    codex = build_codex(texts("law"), ["kz/169-vi"], date(2026, 11, 22))
    with pytest.raises(LookupError, match="there is no article 'qqqqqqqqqqqq' in kz/169-vi"):
        show_codex(codex, "qqqqqqqqqqqq")


def test_the_packs_that_there_are():
    packs = [read_pack(text, path) for path, text in sorted(texts("law").items())]
    shown = show_packs(packs, date(2026, 5, 31), ["kz/169-vi"]).splitlines()
    assert len(shown) == 3 * len(packs)
    lines = dict(zip(shown[::3], shown[2::3], strict=True))
    assert lines["kz/169-vi  [KZ]  in force since 2019-01-11"].endswith(
        "articles, 1 of them disabled; holds unless a policy names others"
    )
    off = "one article; off unless a policy names it"
    assert lines["kz/draft-18-viii-10-1  [KZ]  a draft, not in force"] == f"  {off}"
    assert lines["my/onsa  [MY]  not yet in force; it begins on 2026-06-01"] == f"  {off}"
    assert lines["uz/child-info  [UZ]  in force; since when was not found"] == f"  {off}"
    assert shown[1] == f"  {packs[0].act.title}"
