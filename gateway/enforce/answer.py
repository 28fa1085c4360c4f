"""What is sent to a client instead of, or made from, the answer of a site: status, header fields and body."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from gateway.decision.verdict import Layer, Reason, Verdict

_URL_CHARACTERS: Final = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. Framing fields (Content-Length, Connection) belong to the edge that sends it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of the field `name`, compared without case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def voice_of(verdict: Verdict) -> str:
    """Who speaks: `law`, `local`, `system`, or `estimate`, because a guess is never presented as law (Art. 1(10))."""
    return "estimate" if verdict.reason is Reason.ESTIMATE else verdict.layer.value


def status_of(verdict: Verdict) -> int:
    """451 when the law speaks (RFC 7725, section 3), else 403 (RFC 9110, section 15.5.4)."""
    return 451 if voice_of(verdict) == Layer.LAW else 403


def closed(
    verdict: Verdict,
    *,
    content_type: str,
    body: bytes,
    blocked_by: str | None = None,
    extra: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """An answer that stands where a resource was refused, with the header fields that every such answer carries.

    `blocked_by` is the address where the gateway says who it is; it goes into the Link field of a 451.
    """
    status = status_of(verdict)
    headers = [
        ("Content-Type", content_type),
        # A verdict holds for one person at one moment, so nobody may keep it (RFC 9111, section 5.2.2.5).
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", "noindex"),
        # A page with `Cross-Origin-Embedder-Policy: require-corp` would otherwise hide the sign or the reason.
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]
    if status == 451 and blocked_by:
        # RFC 7725, section 4: who blocks names itself. Quoting keeps `>` and line ends out of the field.
        headers.append(("Link", f'<{quote(blocked_by, safe=_URL_CHARACTERS)}>; rel="blocked-by"'))
    return Answer(status, (*headers, *extra), body)
