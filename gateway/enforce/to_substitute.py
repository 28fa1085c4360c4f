"""A verdict in the form that a request can take: a refused image is an image, a refused call is a problem in JSON."""

import json
from base64 import b64decode
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from gateway.decision.verdict import Action, Verdict
from gateway.enforce.answer import Answer, closed, status_of, voice_of
from gateway.enforce.languages import order_of
from gateway.enforce.notice import category_of_verdict, shown
from gateway.enforce.rendering import IMAGE, drawing_of
from gateway.enforce.to_page import to_frame, to_page
from gateway.enforce.wants import Wants
from gateway.enforce.words import WORDS, Words

# One transparent pixel, PNG third edition, colour type 6.
_PIXEL: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII="
)
# Nothing to show: a fake film, font or style would only confuse the player and the person.
_EMPTY: Final = {
    Wants.VIDEO: "video/mp4",
    Wants.AUDIO: "audio/mpeg",
    Wants.STYLE: "text/css; charset=utf-8",
    Wants.FONT: "font/woff2",
    Wants.WEBSOCKET: "text/plain; charset=utf-8",
}


def to_substitute(
    verdict: Verdict,
    *,
    wants: Wants,
    accept_language: str | None = None,
    host: str = "",
    ask_url: str | None = None,
    blocked_by: str | None = None,
) -> Answer:
    """What is sent for `verdict` to a request that `wants` something; the page itself for a document.

    The status is that of the page: a browser shows an image whatever its status. The rest is as for `to_page`.
    """
    if wants is Wants.DOCUMENT:
        return to_page(verdict, accept_language=accept_language, host=host, ask_url=ask_url, blocked_by=blocked_by)
    if wants is Wants.FRAME:
        return to_frame(verdict, accept_language=accept_language, host=host, blocked_by=blocked_by)
    content_type, body = _form(wants, verdict, order_of(accept_language))
    return closed(verdict, content_type=content_type, body=body, blocked_by=blocked_by)


def _form(wants: Wants, verdict: Verdict, languages: Sequence[str]) -> tuple[str, bytes]:
    match wants:
        case Wants.IMAGE:
            return "image/svg+xml", _image(verdict, WORDS[languages[0]])
        case Wants.ICON:
            return "image/png", _PIXEL
        case Wants.SCRIPT:
            # RFC 9239, section 6: the one media type of JavaScript. A reason is a word of ours, so no `*/` is in it.
            return "text/javascript; charset=utf-8", f"/* {verdict.reason} */\n".encode()
        case Wants.JSON:
            return "application/problem+json", _problem(verdict, WORDS[languages[0]])
        case Wants.TEXT | Wants.OTHER:
            return "text/plain; charset=utf-8", _text(verdict, languages)
        case _:
            return _EMPTY[wants], b""


def _image(verdict: Verdict, words: Words) -> bytes:
    category = category_of_verdict(verdict)
    name = words.say("sign", category=category) if category else words.say(f"{verdict.reason}.title")
    return IMAGE.render(mark=category, drawing=drawing_of(verdict.reason), name=name).encode()


def _text(verdict: Verdict, languages: Sequence[str]) -> bytes:
    lines = [WORDS[language].say(f"{verdict.reason}.title") for language in languages]
    return "".join(f"{line}\n" for line in (*lines, f"[{verdict.reason}]")).encode()


def _problem(verdict: Verdict, words: Words) -> bytes:
    """Problem details (RFC 9457). The closed site's own scripts can read this, so it holds nothing that tells one
    installation from another: no policy revision, no rule of the house."""
    status = status_of(verdict)
    speaking = [ground for ground in verdict.grounds if ground.says > Action.ALLOW and ground.overruled_by is None]
    problem: dict[str, Any] = {
        "type": "about:blank",  # section 4.2.1: then the title is that of the status
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": words.say(f"{verdict.reason}.title"),
        "reason": verdict.reason.value,
        "layer": voice_of(verdict),
        "category": category_of_verdict(verdict),
        "cites": list(dict.fromkeys(shown(cite) for ground in speaking if not ground.draft for cite in ground.cites)),
    }
    if verdict.until:
        problem["until"] = verdict.until.isoformat()
    return json.dumps(problem, ensure_ascii=False).encode()
