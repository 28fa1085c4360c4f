"""The page that the QR code of a pairing leads to. It has no script: the code is in the fragment, which stays there."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import yaml
from aiohttp import web
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from gateway.edge.control_api.guard import POLICY
from gateway.enforce.languages import NAMES, order_of
from gateway.shipped import package_texts


class PairPage:
    """What to do, in three languages."""

    def __init__(self) -> None:
        files = package_texts("edge/verdict_api/pages")
        style = package_texts("edge/control_api/pages")["ca.css"]
        self._words: Mapping[str, Any] = yaml.safe_load(files["pair.yaml"])
        self._style = Markup(style)  # noqa: S704 - our own file
        self._template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
            files["pair.html"]
        )
        digest = b64encode(sha256(style.encode()).digest()).decode()
        self._policy = f"{POLICY}; style-src 'sha256-{digest}'"

    def response(self, accept_language: str | None) -> web.Response:
        """The page, with the language first that the Accept-Language field wants most."""
        order = order_of(accept_language)
        sections = [(language, NAMES[language], self._words[language]) for language in order]
        headers = {
            "Content-Language": ", ".join(order),
            "Content-Security-Policy": self._policy,
            "Vary": "Accept-Language",
        }
        body = self._template.render(style=self._style, sections=sections)
        return web.Response(text=body, content_type="text/html", charset="utf-8", headers=headers)
