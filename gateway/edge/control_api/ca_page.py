"""The page on which a device fetches the CA: what it is, its fingerprint, the files, the steps; in three languages."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import yaml
from aiohttp import web
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from gateway.edge.control_api.console import CertificateAuthority
from gateway.edge.control_api.guard import POLICY
from gateway.enforce.languages import NAMES, order_of
from gateway.shipped import package_texts


class CaPage:
    """Rendered once a language order; the certificate does not change while the gateway runs."""

    def __init__(self, authority: CertificateAuthority) -> None:
        files = package_texts("edge/control_api/pages")
        self._words: Mapping[str, Any] = yaml.safe_load(files["ca.yaml"])
        self._style = Markup(files["ca.css"])  # noqa: S704 - our own file
        self._template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
            files["ca.html"]
        )
        self._authority = authority
        digest = b64encode(sha256(self._style.encode()).digest()).decode()
        self._policy = f"{POLICY}; style-src 'sha256-{digest}'"

    def response(self, accept_language: str | None) -> web.Response:
        """The page, with the language first that the Accept-Language field wants most."""
        order = order_of(accept_language)
        body = self._template.render(
            style=self._style,
            sections=[(language, NAMES[language], self._words[language]) for language in order],
            fingerprint=self._authority.fingerprint(),
            never_signed=self._authority.never_signed,
        )
        headers = {
            "Content-Language": ", ".join(order),
            "Content-Security-Policy": self._policy,
            "Vary": "Accept-Language",
        }
        return web.Response(text=body, content_type="text/html", charset="utf-8", headers=headers)
