"""What the cases do not show: the policy of the page, its size, and that it fails loudly when a template does."""

from datetime import UTC, datetime
from itertools import product

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError

from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason, Verdict
from gateway.enforce import to_page as to_page_module
from gateway.enforce.languages import LANGUAGES
from gateway.enforce.to_error import last_resort_page, system_verdict
from gateway.enforce.to_page import to_frame, to_page
from gateway.labels.label import Label, Scope, Trust

HOSTILE = Label(
    scale="<b>" * 200,
    mark="&" * 300,
    min_age=13,
    scope=Scope.PAGE,
    trust=Trust.B,
    carrier="'" * 200,
    raw='"' * 5000,
    place="<" * 500,
)


def worst(reason: Reason, layer: Layer) -> Verdict:
    grounds = [
        Ground(rule='"' * 500, where="x:1", says=Action.BLOCK, cites=("&" * 200,) * 9),
        Ground(rule="'" * 500, where="x:2", says=Action.BLOCK),
        Ground(rule="<" * 500, where="gateway", says=Action.BLOCK),
    ]
    return Verdict(
        action=Action.ASK,
        reason=reason,
        effect=Effect.RESTRICT,
        layer=layer,
        category="14+",
        min_age=13,
        grounds=tuple(grounds * 3),
        evidence=(HOSTILE,) * 30,
        revision="'" * 200,
        until=datetime(2026, 9, 30, 12, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(("reason", "layer"), list(product(Reason, Layer)))
def test_the_page_stays_below_twelve_kilobytes_whatever_a_site_sends(reason: Reason, layer: Layer) -> None:
    ask = "http://gateway.example/ask/" + "a" * 80
    for language in LANGUAGES:
        answer = to_page(worst(reason, layer), accept_language=language, host="&" * 400, ask_url=ask)
        assert len(answer.body) <= 12_288


def test_the_page_has_an_origin_of_its_own_and_runs_nothing() -> None:
    policy = to_page(system_verdict(Reason.FAULT), accept_language=None, host="").header("Content-Security-Policy")
    assert policy is not None
    rules = dict(rule.partition(" ")[::2] for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["sandbox"] == "allow-top-navigation-by-user-activation"
    assert rules["img-src"] == "data:"
    assert "script-src" not in rules
    assert "frame-ancestors" not in rules
    assert "unsafe" not in policy


def test_a_short_page_has_one_heading_and_three_languages() -> None:
    text = to_frame(worst(Reason.LABEL, Layer.LAW), accept_language="ru", host="a.example").body.decode()
    assert text.count("<h1") == 1
    assert '<html lang="ru"' in text
    assert 'lang="kk"' in text
    assert 'lang="en"' in text


def test_the_last_resort_needs_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Environment(autoescape=True, undefined=StrictUndefined).from_string("{{ nothing.at.all }}")
    monkeypatch.setattr(to_page_module, "PAGE", broken)
    with pytest.raises(UndefinedError):
        to_page(system_verdict(Reason.FAULT), accept_language=None, host="")
    for reason in Reason:
        answer = last_resort_page(reason)
        assert answer.status == 403
        assert b"<h1" in answer.body


def test_a_system_verdict_blocks_and_keeps_its_detail() -> None:
    verdict = system_verdict(Reason.NO_PROFILE, "nobody at 10.0.0.7")
    assert (verdict.action, verdict.layer, verdict.detail) == (Action.BLOCK, Layer.SYSTEM, "nobody at 10.0.0.7")


def test_a_draft_is_shown_as_a_rule_of_the_house_and_never_as_law() -> None:
    ground = Ground(rule="kz.draft.1", where="law/kz/d.yaml:1", says=Action.BLOCK, cites=("Draft Art. 1",), draft=True)
    verdict = Verdict(
        action=Action.BLOCK,
        reason=Reason.REGISTRATION,
        effect=Effect.BLOCK_REGISTRATION,
        layer=Layer.LOCAL,
        grounds=(ground,),
    )
    page = to_page(verdict, accept_language="en", host="social.test")
    text = page.body.decode()
    assert page.status == 403
    assert "No sign-up at this age" in text
    assert "kz.draft.1" in text
    assert "Draft Art. 1" not in text
    assert "By law" not in text
