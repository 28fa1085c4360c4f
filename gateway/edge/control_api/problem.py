"""Every error of the API in one form: problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> web.Response:
    """A response of `status` whose body says what was wrong; `members` are added to it (RFC 9457, section 3.2)."""
    # With the type about:blank, the title is the status phrase (RFC 9457, section 4.2.1).
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        content_type="application/problem+json",
        headers=headers,
    )


class Refused(Exception):  # noqa: N818 - reads as a sentence
    """Raised by a handler: the request cannot be served, as `status` and `detail` say."""

    def __init__(self, status: int, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.members = status, detail, members
