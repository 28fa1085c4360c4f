"""A page that says the same in three languages, one after the other, without a script; what differs is its template."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import yaml
from aiohttp import web
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from gateway.edge.control_api.guard import POLICY
from gateway.enforce.languages import NAMES, order_of
from gateway.enforce.rendering import BASE_STYLE
from gateway.shipped import package_texts

_FRAME: Final = package_texts("edge/control_api/pages")
_STYLE: Final = BASE_STYLE + Markup(_FRAME["frame.css"])  # noqa: S704 - our own file
_POLICY: Final = f"{POLICY}; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"


class WordedPage:
    """`folder` has `name`.html, which fills the frame (pages/frame.html), and `name`.yaml, language → its words."""

    def __init__(self, folder: str, name: str) -> None:
        files = package_texts(folder)
        self._words: Mapping[str, Any] = yaml.safe_load(files[f"{name}.yaml"])
        environment = Environment(
            loader=DictLoader({**_FRAME, **files}), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template(f"{name}.html")

    def response(self, accept_language: str | None, **values: object) -> web.Response:
        """The page with these values, the language first that the Accept-Language field wants most."""
        order = order_of(accept_language)
        sections = [(language, NAMES[language], self._words[language]) for language in order]
        headers = {
            "Content-Language": ", ".join(order),
            "Content-Security-Policy": _POLICY,
            "Vary": "Accept-Language",
        }
        body = self._template.render(style=_STYLE, sections=sections, **values)
        return web.Response(text=body, content_type="text/html", charset="utf-8", headers=headers)
