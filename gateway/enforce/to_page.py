"""A verdict as a page for a person: Kazakh, Russian and English at once, no script, nothing from outside."""

from typing import Final

from jinja2 import Template

from gateway.decision.verdict import Action, Verdict
from gateway.enforce.answer import Answer, closed, voice_of
from gateway.enforce.languages import NAMES, order_of
from gateway.enforce.notice import Fact, category_of_verdict, notice_of, shown
from gateway.enforce.rendering import FRAME, PAGE, STYLE, STYLE_SOURCE, drawing_of
from gateway.enforce.words import WORDS

# Content Security Policy Level 3. The page stands at the address of the site that it closes, so `sandbox` gives it an
# origin of its own: that site's scripts in another window can neither read nor change it. The only thing it may do is
# follow a link of its own that a person clicked. `frame-ancestors` is left out on purpose: a closed frame must be able
# to say why it is closed, and a click on the page has no effect but opening the ask page, which guards itself.
_POLICY: Final = (
    f"default-src 'none'; style-src {STYLE_SOURCE}; img-src data:; base-uri 'none'; form-action 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)


def to_page(
    verdict: Verdict,
    *,
    accept_language: str | None,
    host: str,
    ask_url: str | None = None,
    blocked_by: str | None = None,
) -> Answer:
    """The block page of `verdict`, whatever its action; for ASK the place to ask stands out.

    `accept_language` is the request's field, or a person's preferred language, which has the same form; it sets the
    language that comes first. `host` is the closed host, `""` when there is none. `ask_url` is the gateway's page for
    asking permission: it must be safe to open by a click from anywhere (a form with its own protection, no effect on
    GET). Without it the page says whom to ask. `blocked_by` is for the Link field of a 451 (see `closed`).
    """
    return _closed_by(PAGE, verdict, accept_language, host, ask_url, blocked_by)


def to_frame(verdict: Verdict, *, accept_language: str | None, host: str, blocked_by: str | None = None) -> Answer:
    """The short form of the block page, for a frame inside a page that stays open."""
    return _closed_by(FRAME, verdict, accept_language, host, None, blocked_by)


def _closed_by(
    template: Template,
    verdict: Verdict,
    accept_language: str | None,
    host: str,
    ask_url: str | None,
    blocked_by: str | None,
) -> Answer:
    order = order_of(accept_language)
    words = WORDS[order[0]]
    text = template.render(
        notices=[notice_of(verdict, language=language, host=host) for language in order],
        names=NAMES,
        style=STYLE,
        voice=voice_of(verdict),
        mark=category_of_verdict(verdict),
        drawing=drawing_of(verdict.reason),
        asks=verdict.action is Action.ASK,
        ask_url=ask_url,
        until=verdict.until.isoformat() if verdict.until else "",
        code=Fact(words.say("fact.reason"), verdict.reason.value),
        revision=Fact(words.say("fact.revision"), shown(verdict.revision)),
    )
    extra = (("Content-Language", ", ".join(order)), ("Content-Security-Policy", _POLICY))
    return closed(
        verdict, content_type="text/html; charset=utf-8", body=text.encode(), blocked_by=blocked_by, extra=extra
    )
